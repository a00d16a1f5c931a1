"""How likely is it that the evidence answers the question? One calibrated number, and a rule."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from assistant.answering.asked import Asked, satisfies
from assistant.answering.denial import asks_for_failure
from assistant.answering.evidence import Evidence
from assistant.answering.follow_ups import Names
from assistant.answering.scope import about_named_places, compares
from assistant.answering.terms import Terms, names_a_subject
from assistant.datatypes import Abstention, Passage
from assistant.indexing.lexical import stems
from assistant.retrieval.index import Index

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
FIRST = 5
"""Passages at the head of a ranking that are looked at."""
WEAK = 0.65
"""Confidence below which an answer is called weak: of 145 such answers to the calibration questions
0.35 hold a quotation that answers, of the 396 others 0.72. docs/quality.md has other questions."""


@dataclass(frozen=True)
class Features:
    """What confidence is made of; shares are in 0..1, log-odds on the scorer's scale."""

    evidence: float
    """The best sentence's log-odds."""
    model: float
    """What the evidence model alone makes of its best passage, of a place the question names if it
    names one, in log-odds; 0 without a model."""
    cosine: float
    """The best cosine of the question and a sentence or passage."""
    agreement: float
    """Share of the best five passages by meaning that are among the best five by words."""
    coverage: float
    """Share of the question's words, by rarity, that the best passage has."""
    names: float
    """Share of the names in the question that the best passage's document has, or if they are
    compared the document of any of them; 1 if none."""
    aspect: float
    """How far, by rarity, this document has what else the question says, or words like it; 1 if it
    says nothing else."""
    kind: float
    """How well the best sentence gives the number, date or name asked for (`asked.satisfies`)."""


@dataclass(frozen=True)
class Calibration:
    """Logistic weights of the features, and the confidence below which nothing is said."""

    evidence: float
    model: float
    cosine: float
    agreement: float
    coverage: float
    names: float
    aspect: float
    kind: float
    bias: float
    threshold: float

    def confidence(self, features: Features) -> float:
        """The probability in 0..1 that the case studies answer (logistic regression)."""
        weights: dict[str, float] = vars(self)
        own: dict[str, float] = vars(features)
        z = self.bias + sum(weights[name] * value for name, value in own.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, z))))


def features(question: str, evidence: Sequence[Evidence], index: Index, names: Names) -> Features:
    """The features of the question's evidence, best first; all zero without evidence."""
    if not evidence:
        return Features(*[0.0] * len(fields(Features)))
    best = evidence[0].hit.passage
    terms = Terms.of(question, index)
    named = [set(stems(name)) for name in names_in(question, names)]
    rest = terms.without({stem for name in named for stem in name} | set(stems(best.label)))
    document = _words_of(best, index)
    compared = about_named_places(question, evidence) if compares(question) else []
    held = {stem for item in compared for stem in stems(_words_of(item.hit.passage, index))}
    of_passage, of_document = terms.degrees([best.indexed_text, document], index)
    return Features(
        evidence=max(max(item.sentences) for item in evidence),
        model=max(e.opinion for e in about_named_places(question, evidence) or evidence),
        cosine=max(max(e.hit.signals.dense, e.hit.signals.sentence) for e in evidence[:FIRST]),
        agreement=_agreement(evidence),
        coverage=terms.share(of_passage == 1),
        names=_share_named(named, held | set(stems(document))),
        aspect=terms.share(of_document, rest) if rest.any() else 1.0,
        kind=satisfies(question, _best_sentence(evidence)),
    )


def _best_sentence(evidence: Sequence[Evidence]) -> str:
    """The words with the highest log-odds of all."""
    _, number, position = max(
        (score, -number, position)
        for number, item in enumerate(evidence)
        for position, score in enumerate(item.sentences)
    )
    return evidence[-number].hit.passage.sentence(position)


def _words_of(passage: Passage, index: Index) -> str:
    """The passage's whole document with its label."""
    document = index.document(passage.doc_id)
    return f"{passage.label} {document.text if document else passage.text}"


def _share_named(named: Sequence[set[str]], held: set[str]) -> float:
    """Share of the names of which all stems are held; 1 without names."""
    return sum(name <= held for name in named) / len(named) if named else 1.0


def _agreement(evidence: Sequence[Evidence]) -> float:
    """How far the two retrievers put the same passages first."""

    def first(signal: str) -> set[int]:
        ranked = sorted(evidence, key=lambda e: -getattr(e.hit.signals, signal))
        return {
            e.hit.passage.passage_id for e in ranked[:FIRST] if getattr(e.hit.signals, signal) > 0
        }

    return len(first("dense") & first("lexical")) / FIRST


def names_in(question: str, names: Names) -> list[str]:
    """The names in the question: entities of the corpus, others told by their capitals, years."""
    found = [mention.text for mention in names.find(question) if stems(mention.text)]
    return found + [year for year in _YEAR.findall(question) if year not in " ".join(found)]


def unknown_names(question: str, index: Index, names: Names) -> tuple[str, ...]:
    """Names in the question of which some word occurs in no case study."""
    unknown = (
        name
        for name in names_in(question, names)
        if not all(index.frequencies(stems(name)).values())
    )
    return tuple(dict.fromkeys(unknown))


def abstention(
    question: str, index: Index, names: Names, lacking: Asked | None = None
) -> Abstention:
    """The refusal: what was asked for that no case study mentions, if that can be told.

    `lacking` is the kind of thing that was asked for and that no quotation has.
    """
    count = sum(1 for _ in index.documents())
    number = "the one case study" if count == 1 else f"the {count} case studies"
    if asks_for_failure(question):
        return Abstention(f"Nothing in {number} clearly says that this failed or did not happen.")
    missing = missing_words(question, index)
    if missing:
        reason = f"Nothing in {number} mentions {listed(missing)}."
        return Abstention(f"{reason}{_meant(missing, index)}", missing)
    elsewhere = _missing_there(question, index, names)
    if elsewhere:
        place, words = elsewhere
        says = "says" if count == 1 else "say"
        reason = f"What {number} {says} about {place} does not mention {listed(words)}."
        return Abstention(reason, words)
    if lacking is not None:
        return Abstention(f"Nothing in {number} gives the {lacking} that this question asks for.")
    if compares(question):
        return Abstention(
            f"Nothing in {number} sets these side by side. Say what you want to know of them, for "
            "example how they are governed or what they saved."
        )
    return Abstention(f"Nothing in {number} clearly answers this question.")


def _missing_there(question: str, index: Index, names: Names) -> tuple[str, tuple[str, ...]] | None:
    """A place that the question names, and the question's words that no document on it has."""
    for mention in names.find(question):
        wanted = set(stems(mention.text))
        own = [
            d for d in index.documents() if wanted <= set(stems(f"{d.metadata.place} {d.title}"))
        ]
        if not mention.sited or not own:
            continue
        held = {stem for document in own for stem in stems(f"{document.title} {document.text}")}
        held |= {stem for name in names_in(question, names) for stem in stems(name)}
        words = tuple(
            dict.fromkeys(
                word
                for word in re.findall(r"[\w'’-]+", question)
                if names_a_subject(word.casefold())
                and not set(stems(word)) <= held
                and not word.isdecimal()
            )
        )
        if words:
            return mention.text, words
    return None


def missing_words(question: str, index: Index) -> tuple[str, ...]:
    """The telling words of the question that occur in no passage, as written, each once."""
    found: dict[str, str] = {}
    for word in re.findall(r"[\w'’-]+", question):
        terms = stems(word) if names_a_subject(word.casefold()) else []
        counts = index.frequencies(terms)
        if terms and not any(counts.values()) and not word.isdecimal():
            found.setdefault(terms[0], word)
    return tuple(found.values())


def _meant(words: Sequence[str], index: Index) -> str:
    """The question what was meant by those of `words` that may be misspelt; empty if none may."""
    found = (index.spelled_like(word) for word in words)
    meant = [
        like.capitalize() if word[:1].isupper() else like
        for word, like in zip(words, found, strict=True)
        if like
    ]
    return f" Did you mean {listed(meant)}?" if meant else ""


def listed(words: Sequence[str]) -> str:
    """The words in quotation marks: “a”, “b” or “c”."""
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"
