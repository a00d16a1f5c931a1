"""How likely is it that the evidence answers the question? One calibrated number, and a rule."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.evidence import Evidence, coverage, rarities
from assistant.datatypes import Abstention
from assistant.indexing.lexical import stems
from assistant.retrieval.index import Index

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'’-]+")


@dataclass(frozen=True)
class Features:
    """What confidence is made of; all but `evidence` and `cosine` in 0..1."""

    evidence: float
    """The best sentence's score, on the scorer's scale."""
    cosine: float
    """The best cosine of the question and a sentence or passage."""
    coverage: float
    """Share of the question's words, by rarity, that the best passage has."""
    names: float
    """Share of the names in the question that the best passage's document mentions; 1 if none."""
    aspect: float
    """Share, by rarity, of the question's other words that this document mentions; 1 if none."""


@dataclass(frozen=True)
class Calibration:
    """Logistic weights of the features, and the confidence below which nothing is said."""

    evidence: float
    cosine: float
    coverage: float
    names: float
    aspect: float
    bias: float
    threshold: float

    def confidence(self, features: Features) -> float:
        """The probability in 0..1."""
        z = (
            self.evidence * features.evidence
            + self.cosine * features.cosine
            + self.coverage * features.coverage
            + self.names * features.names
            + self.aspect * features.aspect
            + self.bias
        )
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, z))))


def features(question: str, evidence: Sequence[Evidence], index: Index) -> Features:
    """The features of the question's evidence, best first; all zero without evidence."""
    if not evidence:
        return Features(0.0, 0.0, 0.0, 0.0, 0.0)
    best = evidence[0].hit.passage
    document = index.document(best.doc_id)
    mentioned = set(stems(f"{best.label} {document.text if document else best.text}"))
    rarity = rarities(question, index)
    names = set(stems(" ".join(names_in(question)))) | (set(stems(best.label)) & rarity.keys())
    aspect = {term: weight for term, weight in rarity.items() if term not in names}
    return Features(
        evidence=max(max(item.sentences) for item in evidence),
        cosine=max(max(e.hit.signals.dense, e.hit.signals.sentence) for e in evidence[:5]),
        coverage=coverage(rarity, set(stems(best.indexed_text))),
        names=len(names & mentioned) / len(names) if names else 1.0,
        aspect=coverage(aspect, mentioned) if aspect else 1.0,
    )


def names_in(question: str) -> list[str]:
    """Words of the question written with a capital that do not open a sentence."""
    return _NAME.findall(question)


def abstention(question: str, index: Index) -> Abstention:
    """The refusal: what was asked for that no case study mentions, if that can be told."""
    documents = sum(1 for _ in index.documents())
    missing = missing_words(question, index)
    if missing:
        return Abstention(
            f"The {documents} case studies do not mention {_listed(missing)}, and nothing in "
            "them clearly answers this question.",
            missing,
        )
    return Abstention(f"Nothing in the {documents} case studies answers this question clearly.")


def missing_words(question: str, index: Index) -> tuple[str, ...]:
    """The telling words of the question that occur in no passage, as written, each once."""
    found: dict[str, str] = {}
    for word in re.findall(r"[\w'’-]+", question):
        terms = stems(word)
        counts = index.frequencies(terms)
        if terms and not any(counts.values()) and not word.isdecimal():
            found.setdefault(terms[0], word)
    return tuple(found.values())


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
