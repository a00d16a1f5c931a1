"""One line above the statements, made by counting what was verified; nothing in it is phrased."""

from __future__ import annotations

from assistant.answering.denial import asks_for_failure
from assistant.datatypes import Answer

NAMED = 4
"""Places that are named; more are counted."""
REFUSED = "The case studies do not say."


def one_line(answer: Answer) -> str:
    """How many case studies the statements come from, and which; or that they do not say."""
    if answer.abstained:
        return REFUSED
    titles = {c.doc_id: _short(c.place) or c.title for c in answer.citations}
    documents = len(titles)
    names = list(dict.fromkeys(titles.values()))
    told = "1 case study" if documents == 1 else f"{documents} case studies"
    one = documents == 1
    if answer.weak:
        return f"Only weak evidence. {told} {'comes' if one else 'come'} nearest: {_joined(names)}."
    return f"{told} {'describes' if one else 'describe'} this: {_joined(names)}."


def caution(answer: Answer) -> str:
    """What to know of a weak answer (measured: `confidence.WEAK`); empty for any other."""
    if not answer.weak:
        return ""
    if asks_for_failure(answer.standalone_question):
        return (
            "The question asks what failed or did not happen, and Casebook cannot always tell "
            "that from success. Read these in their source before you use them."
        )
    return (
        "Of test questions answered on so little evidence, fewer than half got a quotation that "
        "answers. Read these in their source before you use them."
    )


def _short(place: str) -> str:
    """The first of several places of one case study, which are set apart by semicolons."""
    first, several, _ = place.partition(";")
    return f"{first.strip()} (and elsewhere)" if several else first.strip()


def _joined(names: list[str]) -> str:
    """The names as a list; a name may itself hold commas ("Penwith, Newquay and Truro")."""
    comma = "; " if any("," in name for name in names) else ", "
    if len(names) > NAMED:
        return f"{comma.join(names[:NAMED])} and {len(names) - NAMED} more"
    last = "; and " if comma == "; " and len(names) > 1 else " and "
    return last.join(filter(None, (comma.join(names[:-1]), names[-1])))
