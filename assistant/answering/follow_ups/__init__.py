"""A follow-up question becomes one that stands by itself, by rules; no language model.

Reading order: `words` (lists of English words), `names` (the entities of a corpus), `pointers`
(words that point back), `cues` (does a question lean on an earlier one?), `subjects` (what an
earlier question was about), `rewriting`.
"""

from assistant.answering.follow_ups.names import Names
from assistant.answering.follow_ups.rewriting import Kind, Rewrite, stand_alone

__all__ = ["Kind", "Names", "Rewrite", "stand_alone"]
