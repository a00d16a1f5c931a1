"""One question against one index: evidence, statements, confidence, and from them the answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant import text as texts
from assistant.answering import asked, citations, confidence, pairing
from assistant.answering.denial import asks_for_failure
from assistant.answering.evidence import Evidence
from assistant.answering.follow_ups import Names, Rewrite
from assistant.answering.parts import Part
from assistant.answering.reasoning import Reasoning
from assistant.datatypes import Answer, Draft, Hit, Passage, Signals, Statement
from assistant.retrieval.index import Index

SHOWN_HITS = 10


@dataclass(frozen=True)
class Finding:
    """What was found for a question: `evidence` best first, `drafts` not yet verified."""

    question: str
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    drafts: tuple[tuple[Draft, Passage], ...]
    confidence: float
    answered: bool
    lacking: asked.Asked | None = None
    """The kind of thing that is plainly asked for and that no draft has."""


class Inquiry:
    """Everything that is asked of one generation for the length of one question."""

    def __init__(self, reasoning: Reasoning, index: Index, names: Names) -> None:
        self._reasoning, self._index, self._names = reasoning, index, names

    def search(self, question: str) -> tuple[Hit, ...]:
        """The passages that are worth reading."""
        return self._index.search(question, max(SHOWN_HITS, self._reasoning.depth(question)))

    def read(self, question: str, hits: Sequence[Hit]) -> list[Evidence]:
        """Evidence of the first candidates, best first."""
        first = hits[: self._reasoning.depth(question)]
        scored = self._reasoning.scorer.score(question, first, self._index)
        return sorted(scored, key=lambda e: (-e.passage, e.hit.passage.passage_id))

    def find(self, question: str, hits: Sequence[Hit]) -> Finding:
        """Read the hits and propose statements."""
        evidence = self.read(question, hits)
        calibration = self._reasoning.calibration
        sure = calibration.confidence(
            confidence.features(question, evidence, self._index, self._names)
        )
        by_id = {e.hit.passage.passage_id: e.hit.passage for e in evidence}
        drafts = [
            (draft, by_id[draft.passage_id])
            for draft in self._reasoning.answerer.draft(question, evidence)
        ]
        lacking = None
        if not asked.fulfilled(question, [draft.quote for draft, _ in drafts]):
            sure = 0.0  # whatever else speaks for it: nothing that can be quoted answers
            lacking = asked.asked_for(question)
        answered = bool(drafts) and lacking is None and sure >= calibration.threshold
        return Finding(
            question, tuple(hits), tuple(evidence), tuple(drafts), sure, answered, lacking
        )

    def conclude(
        self,
        question: str,
        rewrite: Rewrite,
        whole: Finding,
        parts: Sequence[tuple[Part, Finding]] = (),
    ) -> Answer:
        """The answer to `question`; its `parts` add what the whole missed, or say what is missing.

        Silent about everything, it is a refusal; silent about a part, it says which.
        """
        drafts = list(whole.drafts) if whole.answered else []
        for _, part in parts:
            if part.answered:
                drafts += _missed(part.drafts, drafts)
        if drafts and pairing.asks_for_both(rewrite.text):
            drafts = pairing.pair(rewrite.text, drafts, self._index, self._reasoning.scorer)
        statements, withheld = self._verified(rewrite.text, _once(drafts))
        sure = max([whole.confidence, *(part.confidence for _, part in parts)])
        refusal = None
        silent: tuple[str, ...] = ()
        if statements:
            silent = self._silent(rewrite.text, parts)
        else:
            refusal = confidence.abstention(rewrite.text, self._index, self._names, whole.lacking)
        return Answer(
            question=question,
            standalone_question=rewrite.text,
            statements=statements,
            hits=reranked(whole.evidence, whole.hits)[:SHOWN_HITS],
            confidence=sure if statements else whole.confidence,
            abstention=refusal,
            generation=self._index.generation,
            notes=tuple(note for note in (rewrite.reason, *silent, withheld) if note),
            weak=bool(statements) and (sure < confidence.WEAK or asks_for_failure(rewrite.text)),
        )

    def _silent(self, question: str, parts: Sequence[tuple[Part, Finding]]) -> tuple[str, ...]:
        """What an answer leaves open: parts nothing answers, and names no case study has."""
        notes = [
            f"On “{part.words}” the case studies say nothing clear."
            for part, finding in parts
            if not finding.answered or _only_repeats(part, finding, parts)
        ]
        unknown = confidence.unknown_names(question, self._index, self._names)
        if unknown:
            notes.append(f"No case study mentions {confidence.listed(unknown)}.")
        return tuple(notes)

    def _verified(
        self, question: str, drafts: Sequence[tuple[Draft, Passage]]
    ) -> tuple[tuple[Statement, ...], str]:
        """What can be verified of what was proposed, and a note on what was withheld."""
        found = []
        for draft, passage in drafts:
            document = self._index.document(passage.doc_id)
            if document is not None:
                found.append((draft, passage, document))
        statements, withheld = citations.admit(found)
        marked = tuple(replace(s, asked=asked.mentions(question, s.text)) for s in statements)
        note = f"{withheld} sentences were withheld: their words were not found in the source."
        return marked, note if withheld else ""


def _only_repeats(part: Part, own: Finding, parts: Sequence[tuple[Part, Finding]]) -> bool:
    """Whether a part's best statement is another part's, and lacks what this part asks for.

    "Who paid for it, and what did it cost?" may be answered by a sum alone.
    """
    said = {other.drafts[0][0].quote for p, other in parts if p is not part and other.drafts}
    best = own.drafts[0][0].quote
    return best in said and asked.satisfies(part.question, best) < 0


def _once(drafts: Sequence[tuple[Draft, Passage]]) -> list[tuple[Draft, Passage]]:
    """The drafts without those whose words an earlier one has: parts and pairs may repeat it."""
    kept: list[tuple[Draft, Passage]] = []
    for draft, passage in drafts:
        words = " ".join(texts.words(draft.quote))
        if not any(words in " ".join(texts.words(other.quote)) for other, _ in kept):
            kept.append((draft, passage))
    return kept


def _missed(
    proposed: Sequence[tuple[Draft, Passage]], known: Sequence[tuple[Draft, Passage]]
) -> list[tuple[Draft, Passage]]:
    """The best of `proposed`, unless `known` has its words."""
    said = [draft.quote for draft, _ in known]
    return [(d, p) for d, p in proposed[:1] if not any(d.quote in quote for quote in said)]


def reranked(evidence: Sequence[Evidence], hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Hits by evidence, then those that were not scored, in the order they came.

    Scores fall along the list: the logistic of the evidence, then what retrieval gave as a share of
    the lowest of these.
    """
    scored = [
        replace(e.hit, score=_logistic(e.passage), signals=_with_evidence(e.hit.signals, e.passage))
        for e in evidence
    ]
    floor = scored[-1].score if scored else 1.0
    seen = {e.hit.passage.passage_id for e in evidence}
    rest = (hit for hit in hits if hit.passage.passage_id not in seen)
    return (*scored, *(replace(hit, score=floor * hit.score) for hit in rest))


def _logistic(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, log_odds))))


def _with_evidence(signals: Signals, evidence: float) -> Signals:
    return replace(signals, evidence=evidence)
