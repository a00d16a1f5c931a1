"""Hold one reply against the known evidence, and say what became of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from assistant.evaluation.questions import Question
from assistant.evaluation.replies import Quoted, Reply
from assistant.evaluation.support import same_document, supports


class Fate(StrEnum):
    """What became of a question: right, or the first step that went wrong."""

    RIGHT = "right"
    NEVER_RETRIEVED = "never retrieved"
    NOT_CHOSEN = "retrieved, not chosen"
    REFUSED = "retrieved, refused"
    NOT_ANSWERABLE = "answered, not answerable"


@dataclass(frozen=True)
class Judged:
    """One question and its reply: which citations and hits support it, and which gold was met.

    `verbatim` tells for each citation whether its document holds exactly these words there.
    `gold_ranks` holds for each gold quotation the rank (from 1) of the first hit that supports it.
    """

    question: Question
    reply: Reply
    citations: tuple[bool, ...]
    hits: tuple[bool, ...]
    gold_cited: tuple[bool, ...]
    gold_ranks: tuple[int | None, ...]
    verbatim: tuple[bool, ...]

    @property
    def right(self) -> bool:
        """A refusal of the unanswerable, or an answer with at least one supporting citation."""
        if not self.question.answerable:
            return self.reply.abstained
        return not self.reply.abstained and any(self.citations)

    @property
    def first_right(self) -> bool:
        """Whether the first citation supports the answer."""
        return not self.reply.abstained and self.citations[:1] == (True,)

    @property
    def fate(self) -> Fate:
        """Right, or where it went wrong."""
        if self.right:
            return Fate.RIGHT
        if not self.question.answerable:
            return Fate.NOT_ANSWERABLE
        if not any(self.hits):
            return Fate.NEVER_RETRIEVED
        return Fate.REFUSED if self.reply.abstained else Fate.NOT_CHOSEN

    @property
    def documents_cited(self) -> float:
        """The share of the gold documents that are cited."""
        return _found(self.question, self.reply.citations)

    @property
    def precise_documents(self) -> float:
        """The share of citations from a gold document."""
        gold = self.question.documents
        return fmean(
            any(same_document(cited.doc_id, name) for name in gold)
            for cited in self.reply.citations
        )


def judge(question: Question, reply: Reply, verbatim: Sequence[bool]) -> Judged:
    """Compare the quotations of `reply` with the gold ones."""
    cited = [[supports(one, gold) for gold in question.gold] for one in reply.citations]
    found = [[supports(hit, gold) for gold in question.gold] for hit in reply.hits]
    ranks = (
        next((rank for rank, row in enumerate(found, 1) if row[position]), None)
        for position in range(len(question.gold))
    )
    return Judged(
        question,
        reply,
        citations=tuple(any(row) for row in cited),
        hits=tuple(any(row) for row in found),
        gold_cited=tuple(any(row[i] for row in cited) for i in range(len(question.gold))),
        gold_ranks=tuple(ranks),
        verbatim=tuple(verbatim),
    )


def _found(question: Question, quoted: Sequence[Quoted]) -> float:
    return fmean(
        any(same_document(one.doc_id, name) for one in quoted)
        for name in sorted(question.documents)
    )
