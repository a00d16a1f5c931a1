"""The figures of the scoreboard, by name, in the order they are shown: what each one counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import fmean

import numpy as np

from assistant.evaluation.bootstrap import Auroc, Estimate, Figure, Median, Ratio, estimate
from assistant.evaluation.judging import Judged
from assistant.evaluation.ranking import LOST, ROOM, measure

HIT_1, HIT_5, MRR = "hit@1", "hit@5", "MRR"
QUOTES_10, DOCUMENTS_10 = "quote recall@10", "document recall@10"
AUROC = "abstention AUROC"
MILLISECONDS = "median milliseconds"

MEANING = {
    "right": "an answerable question answered with a supporting citation, or an unanswerable one "
    "refused",
    "first citation right": "answerable questions whose first citation supports the answer",
    "citation precision": "share of an answer's citations that support it",
    "document precision": "share of an answer's citations from a document that supports it",
    "quote recall": "share of the supporting quotations that are cited",
    "document recall": "share of the supporting documents that are cited",
    "multi document recall": "questions about several places: share of the places that are cited",
    HIT_1: "a supporting passage comes first",
    HIT_5: "a supporting passage is among the first five",
    MRR: "one divided by the rank of the first supporting passage (ten are looked at)",
    QUOTES_10: "share of the supporting quotations that are in the first ten passages",
    DOCUMENTS_10: "share of the supporting documents that are in the first ten passages",
    "abstention precision": "share of the refusals that are rightly refused",
    "abstention recall": "share of the unanswerable questions that are refused",
    "false refusals": "share of the answerable questions that are refused",
    AUROC: "chance that an answerable question gets a higher confidence than an unanswerable one",
    "verbatim": "share of the citations whose words stand, character for character, in the source",
    MILLISECONDS: "time to answer, half of the questions take less",
}


def figures_of(judged: Sequence[Judged]) -> dict[str, Figure]:
    """All figures that these questions allow."""
    found: dict[str, Figure] = {
        "right": Ratio.mean([j.right for j in judged]),
        **_right_by_kind(judged),
        **_of_citations(judged),
        **_of_hits(judged),
        **_of_abstention(judged),
        "verbatim": _ratio(judged, lambda j: (sum(j.verbatim), len(j.verbatim))),
        MILLISECONDS: Median(np.array([j.reply.milliseconds for j in judged])),
    }
    return {name: figure for name, figure in found.items() if figure.questions}


def estimates(figures: dict[str, Figure], count: int) -> dict[str, Estimate]:
    """Each figure of `count` questions with its interval."""
    return {name: estimate(figure, count) for name, figure in figures.items()}


def _right_by_kind(judged: Sequence[Judged]) -> dict[str, Figure]:
    kinds = sorted({j.question.kind for j in judged})
    if len(kinds) < 2:
        return {}
    return {
        f"right: {kind}": Ratio.mean([j.right if j.question.kind == kind else None for j in judged])
        for kind in kinds
    }


def _of_citations(judged: Sequence[Judged]) -> dict[str, Figure]:
    def cited(value: Callable[[Judged], float]) -> Ratio:
        return Ratio.mean(
            [value(j) if j.question.answerable and j.citations else None for j in judged]
        )

    return {
        "first citation right": _answerable(judged, lambda j: j.first_right),
        "citation precision": cited(lambda j: fmean(j.citations)),
        "document precision": cited(lambda j: j.precise_documents),
        "quote recall": _answerable(judged, lambda j: fmean(j.gold_cited)),
        "document recall": _answerable(judged, lambda j: j.documents_cited),
        "multi document recall": Ratio.mean(
            [
                j.documents_cited if j.question.kind == "multi" and j.question.answerable else None
                for j in judged
            ]
        ),
    }


def _of_hits(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Three rankings a question: its hits, the gold quotations and the documents they reach."""
    asked = [j for j in judged if j.question.answerable]
    if not asked:
        return {}
    passages = measure(
        {j.question.id: [str(rank) for rank in range(1, len(j.hits) + 1)] for j in asked},
        {j.question.id: _supporting(j) for j in asked},
        ["Success@1", "Success@5", "RR@10"],
    )
    everything = f"R@{ROOM}"
    quotes = measure(
        {j.question.id: _by_rank(enumerate(j.gold_ranks)) for j in asked},
        {j.question.id: {str(n): 1 for n in range(len(j.gold_ranks))} for j in asked},
        [everything],
    )[everything]
    documents = measure(
        {j.question.id: _documents(j) for j in asked},
        {j.question.id: dict.fromkeys(j.question.documents, 1) for j in asked},
        [everything],
    )[everything]
    return {
        HIT_1: _looked_up(judged, passages["Success@1"]),
        HIT_5: _looked_up(judged, passages["Success@5"]),
        MRR: _looked_up(judged, passages["RR@10"]),
        QUOTES_10: _looked_up(judged, quotes),
        DOCUMENTS_10: _looked_up(judged, documents),
    }


def _supporting(judged: Judged) -> dict[str, int]:
    """The ranks of the hits that support the answer; a lost one if none does."""
    return {str(rank): 1 for rank, good in enumerate(judged.hits, 1) if good} or {LOST: 1}


def _by_rank(ranks: Iterable[tuple[int, int | None]]) -> list[str]:
    found = sorted((rank, name) for name, rank in ranks if rank is not None)
    return [str(name) for _, name in found]


def _documents(judged: Judged) -> list[str]:
    """The gold documents among the hits, under the names that the gold gives them."""
    from assistant.evaluation.support import same_document

    found = dict.fromkeys(
        name
        for hit in judged.reply.hits
        for name in sorted(judged.question.documents)
        if same_document(hit.doc_id, name)
    )
    return list(found)


def _of_abstention(judged: Sequence[Judged]) -> dict[str, Figure]:
    if not any(not j.question.answerable for j in judged):
        return {"false refusals": _answerable(judged, lambda j: j.reply.abstained)}
    return {
        "abstention precision": Ratio.mean(
            [not j.question.answerable if j.reply.abstained else None for j in judged]
        ),
        "abstention recall": Ratio.mean(
            [None if j.question.answerable else j.reply.abstained for j in judged]
        ),
        "false refusals": _answerable(judged, lambda j: j.reply.abstained),
        AUROC: Auroc(
            np.array([j.reply.confidence for j in judged]),
            np.array([j.question.answerable for j in judged]),
        ),
    }


def _answerable(judged: Sequence[Judged], value: Callable[[Judged], float]) -> Ratio:
    return Ratio.mean([value(j) if j.question.answerable else None for j in judged])


def _looked_up(judged: Sequence[Judged], values: dict[str, float]) -> Ratio:
    return Ratio.mean([values.get(j.question.id) for j in judged])


def _ratio(judged: Sequence[Judged], parts: Callable[[Judged], tuple[float, float]]) -> Ratio:
    over, under = zip(*(parts(j) for j in judged), strict=True)
    return Ratio(np.array(over, dtype=np.float64), np.array(under, dtype=np.float64))
