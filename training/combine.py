"""Fit the weights of the signs of evidence and the calibrated confidence by logistic regression.

    python -m training.combine --shared ../shared [--model FOLDER] [--indexes FOLDER]

Signs are read by the product's own code, so what is fitted is what is shipped. Sentences and
passages are weighed on the exhaustive questions and on `clapnq_dev`; confidence on `clapnq_dev` and
on the development questions, whose figure is reported by cross-validation. The result replaces one
entry of assistant/answering/weights.json.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from assistant.answering import confidence
from assistant.answering.evidence import Signs, WeighedEvidence, Weights, read_signs, strongest
from assistant.answering.evidence_model import EvidenceModel, load_model
from assistant.answering.follow_ups import Names
from assistant.answering.reasoning import CANDIDATES, WEIGHTS
from assistant.documents import read_corpus
from assistant.evaluation.beir import read_collection
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.replies import Quoted
from assistant.evaluation.support import supports
from assistant.indexing.build import build
from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from assistant.retrieval.embedded import EmbeddedIndex, open_current
from assistant.settings import PROJECT

Matrix = npt.NDArray[np.float64]
SAMPLE = 70
"""Questions of `clapnq_dev` that are read, drawn with seed 0: its passages are long."""
FALSE_REFUSALS = 0.10
"""Share of answerable questions that may be refused: it sets the threshold."""


@dataclass(frozen=True)
class Case:
    """A question with the hits that were scored, their signs, and which sentences support it."""

    question: Question
    index: EmbeddedIndex
    names: Names
    hits: tuple[Any, ...]
    signs: list[tuple[Signs, ...]]
    good: list[tuple[bool, ...]]


def gather(
    index: EmbeddedIndex, questions: Iterable[Question], model: EvidenceModel | None
) -> list[Case]:
    """Search and read the signs for each question."""
    cases = []
    names = Names.of(index.documents())
    for question in questions:
        text = " ".join((*question.history[-1:], question.text))
        hits = index.search(text, CANDIDATES)
        good = [
            tuple(
                any(
                    supports(Quoted(hit.passage.doc_id, words, 0, 1), gold)
                    for gold in question.gold
                )
                for words in hit.passage.sentence_texts
            )
            for hit in hits
        ]
        cases.append(Case(question, index, names, hits, read_signs(text, hits, index, model), good))
    return cases


def sentence_rows(cases: Sequence[Case]) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """(signs, supports) of all sentences of all answerable cases."""
    rows = [
        (astuple(sign), good)
        for case in cases
        if case.question.answerable
        for signs, goods in zip(case.signs, case.good, strict=True)
        for sign, good in zip(signs, goods, strict=True)
    ]
    return np.array([row for row, _ in rows]), np.array([good for _, good in rows])


def passage_rows(cases: Sequence[Case]) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """(strongest signs, supports) of all passages of all answerable cases."""
    rows = [
        (astuple(strongest(signs)), any(goods))
        for case in cases
        if case.question.answerable
        for signs, goods in zip(case.signs, case.good, strict=True)
    ]
    return np.array([row for row, _ in rows]), np.array([good for _, good in rows])


def fit(sets: Sequence[tuple[Matrix, npt.NDArray[np.bool_]]]) -> Weights:
    """Logistic regression in which each set counts as much as the others."""
    x = np.concatenate([rows for rows, _ in sets])
    y = np.concatenate([good for _, good in sets])
    share = np.concatenate([np.full(len(good), len(y) / len(sets) / len(good)) for _, good in sets])
    scale = x.std(axis=0)
    scale[scale == 0] = 1.0
    found = LogisticRegression(C=1.0, max_iter=2000).fit(x / scale, y, sample_weight=share)
    values = [round(float(v), 4) for v in (*(found.coef_[0] / scale), found.intercept_[0])]
    return Weights(*values)


def first_right(cases: Sequence[Case], sentence: Weights) -> float:
    """How often the sentence with the highest log-odds supports an answerable question."""
    right = []
    for case in cases:
        if case.question.answerable:
            ranked = [
                (sentence.log_odds(sign), good)
                for signs, goods in zip(case.signs, case.good, strict=True)
                for sign, good in zip(signs, goods, strict=True)
            ]
            right.append(max(ranked)[1])
    return float(np.mean(right))


def features(
    cases: Sequence[Case], scorer: WeighedEvidence
) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """(features of confidence, answerable) of all cases."""
    rows = []
    for case in cases:
        text = " ".join((*case.question.history[-1:], case.question.text))
        evidence = scorer.weigh(case.hits, case.signs)
        evidence.sort(key=lambda e: (-e.passage, e.hit.passage.passage_id))
        rows.append(astuple(confidence.features(text, evidence, case.index, case.names)))
    return np.array(rows), np.array([case.question.answerable for case in cases])


def main() -> None:
    """Fit, print what was found, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--model", type=Path)
    parser.add_argument("--indexes", type=Path, default=PROJECT / ".cache" / "indexes")
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder.load()
    model = load_model(options.model) if options.model else None
    own, clapnq = _indexes(options, embedder)
    asked = list(read_collection(options.shared / "eval" / "clapnq_dev").questions)
    random.Random(0).shuffle(asked)  # noqa: S311  # a sample, not a secret
    cases = {
        "exhaustive": gather(
            own, read_questions(options.shared / "eval" / "exhaustive-dev.jsonl"), model
        ),
        "dev": gather(own, read_questions(options.shared / "eval" / "questions-dev.jsonl"), model),
        "clapnq": gather(clapnq, asked[:SAMPLE], model),
    }
    write("model" if model else "similarity", cases)


def write(name: str, cases: dict[str, list[Case]]) -> None:
    """Fit what `cases` show and store it as the entry `name`."""
    fitted = ("exhaustive", "clapnq")
    sentence = fit([sentence_rows(cases[key]) for key in fitted])
    passage = fit([passage_rows(cases[key]) for key in fitted])
    for key, found in cases.items():
        print(f"{key}: first sentence right {first_right(found, sentence):.3f}")
    scorer = WeighedEvidence(sentence, passage)
    calibration = _calibrate({key: features(cases[key], scorer) for key in ("dev", "clapnq")})
    content = json.loads(WEIGHTS.read_text(encoding="utf-8")) if WEIGHTS.exists() else {}
    content[name] = {
        "sentence": vars(sentence), "passage": vars(passage), "calibration": calibration
    }  # fmt: skip
    WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _calibrate(sets: dict[str, tuple[Matrix, npt.NDArray[np.bool_]]]) -> dict[str, float]:
    """Weights of the confidence's features, and the threshold that refuses few answerable ones."""
    x = np.concatenate([rows for rows, _ in sets.values()])
    y = np.concatenate([answerable for _, answerable in sets.values()])
    share = np.concatenate([np.full(len(a), len(y) / len(sets) / len(a)) for _, a in sets.values()])
    curve = LogisticRegression(C=1.0, max_iter=2000)
    own_x, own_y = sets["dev"]
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    cross = cross_val_predict(curve, own_x, own_y, cv=folds, method="predict_proba")[:, 1]
    for key, (rows, answerable) in sets.items():
        for field, column in zip(fields(confidence.Features), rows.T, strict=True):
            print(f"{key}: AUROC of {field.name} alone {roc_auc_score(answerable, column):.3f}")
    print(f"dev: AUROC of confidence, cross-validated {roc_auc_score(own_y, cross):.3f}")
    curve.fit(x, y, sample_weight=share)
    for key, (rows, answerable) in sets.items():
        print(
            f"{key}: AUROC fitted {roc_auc_score(answerable, curve.predict_proba(rows)[:, 1]):.3f}"
        )
    threshold = float(np.quantile(cross[own_y], FALSE_REFUSALS))
    recall = float(np.mean(cross[~own_y] < threshold))
    print(f"threshold {threshold:.3f}: refuses {recall:.2f} of the unanswerable (cross-validated)")
    names = [field.name for field in fields(confidence.Features)]
    values = {n: round(float(v), 4) for n, v in zip(names, curve.coef_[0], strict=True)}
    fitted = curve.predict_proba(own_x)[:, 1]
    return values | {
        "bias": round(float(curve.intercept_[0]), 4),
        "threshold": round(float(np.quantile(fitted[own_y], FALSE_REFUSALS)), 4),
    }


def _indexes(
    options: argparse.Namespace, embedder: Embedder
) -> tuple[EmbeddedIndex, EmbeddedIndex]:
    """The shipped corpus and `clapnq_dev`, indexed below `options.indexes`."""
    own, other = options.indexes / "corpus", options.indexes / "clapnq_dev"
    build(read_corpus(PROJECT / "corpus").documents, own, embedder)
    collection = read_collection(options.shared / "eval" / "clapnq_dev")
    build(collection.documents, other, embedder, collection.splitter)
    return open_current(own, embedder), open_current(other, embedder)


if __name__ == "__main__":
    main()
