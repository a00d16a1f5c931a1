"""Questions about what failed or did not happen, and the sentences that can tell of it.

"Which programmes failed to reduce admissions?" shares every word with "admissions fell by 9 %", and
neither likeness nor the evidence model minds. So a rule does: where a failure is asked for, only
what tells of one may be quoted, and the answer is called weak.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.datatypes import Passage

_ASKS = r"(?:which|what|where|who|whose|whom|(?:did|does|has|have) any|(?:is|are|was|were) there)\b"
_CLAUSE = (
    r"\b(?:when|because|if|why|how|given|although|though|while|until|unless|that|so"
    r"|who|which|people|patients|those|anyone|someone|done|helped|help)\b|\bdo\b(?! not|n['’]t)"
)
"""From one of these on, "not" speaks of the circumstances ("people who do not ask for help")."""
_DENIES = (
    r"\b(?:fail(?:ed|s|ing)? to"
    r"|(?:did|do|does|has|have|had|was|were|is|are)(?: (?:(?!so|as|about)\w+ ){0,2}?not|n['’]t)"
    r"|(?:saw|see|seen|had|have|has|found|made|showed|shown|was|were) (?:no|little)"
    r"|never|no longer)\b|\bfail(?:ed|s)?\W*$"
)
_DENIED = re.compile(
    rf"^(?:(?:and|but|so|in|for) )*{_ASKS}(?:(?!{_CLAUSE}).)*?(?:{_DENIES})", re.IGNORECASE
)
_TELLS = re.compile(
    r"\b(?:no|not|nor|never|none|nobody|nothing|neither|cannot|without|little|hardly|barely|limited"
    r"|unable|unchanged|unclear|uncertain|unproven|inconclusive|mixed|despite|unlikely|unresolved"
    r"|too (?:small|little|late|few|short|early|optimistic)|over-optimistic)\b|n['’]t\b"
    r"|\b(?:fail|collaps|abandon|withdr[ae]w|terminat|cancel|stall|delay|refus|reject|struggl|lack"
    r"|wors|deficit|overspen|underestimat|mistrust|distrust|under-represent)\w*"
    r"|\b(?:rose|risen|rising|ended|closed|stopped|missed|lost|behind|disappoint\w*)\b",
    re.IGNORECASE,
)


def asks_for_failure(question: str) -> bool:
    """Whether `question` asks for what failed or did not happen ("Who saw no savings?").

    Not where that is only the circumstance of something else: "What was done for people who could
    not go home?", "Why was it never awarded?".
    """
    return bool(_DENIED.search(question))


def only_failures(
    ranked: Sequence[tuple[float, Passage, int]], margin: float
) -> list[tuple[float, Passage, int]]:
    """The sentences of `ranked` (score, passage, position; best first) that tell of failure.

    Empty if none of these is within `margin` of the best: then success is all that is told.
    """
    telling = [entry for entry in ranked if _TELLS.search(entry[1].sentence(entry[2]))]
    return telling if telling and telling[0][0] >= ranked[0][0] - margin else []
