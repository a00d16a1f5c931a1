"""A question, and three passages of which the first answers it: for tests of evidence models."""

from __future__ import annotations

from assistant.answering.evidence_model import EvidenceInput

QUESTION = "Who pays for the day centre?"
PASSAGES = (
    EvidenceInput(
        "Hull. Day centre. Money",
        ("The centre opened in 2018.", "The council and the hospital share its cost equally."),
    ),
    EvidenceInput("Hull. Day centre. Staff", ("Nurses and doctors work side by side.",)),
    EvidenceInput("", ("Rain fell on most days of the week, and the river rose.",)),
)
