"""Fit the weights of the signs of evidence and the calibrated confidence by logistic regression.

    python -m training.combine --shared ../shared [--model FOLDER] [--indexes FOLDER]

Signs are read by the product's own code, so what is fitted is what is shipped. Sentences and
passages are weighed on the exhaustive questions, the questions of `training/calibration/`, the
written case studies that the model was not trained on and `clapnq_dev`; confidence on the
development, calibration and written questions, `clapnq_dev` and `mtrag_conv`, and tested by
cross-validation. `benchmarks/questions/held-out.jsonl` is never read here. The result replaces one
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
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from assistant.answering import confidence
from assistant.answering.evidence import Signs, WeighedEvidence, Weights, read_signs, strongest
from assistant.answering.evidence_model import EvidenceModel, load_model
from assistant.answering.follow_ups import Names, stand_alone
from assistant.answering.reasoning import WEIGHTS, reasoning
from assistant.documents import read_corpus
from assistant.evaluation.beir import read_collection
from assistant.evaluation.questions import Question, read_questions
from assistant.evaluation.replies import Quoted
from assistant.evaluation.support import supports
from assistant.indexing.build import build
from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from assistant.retrieval.embedded import EmbeddedIndex, open_current
from assistant.settings import PROJECT
from training.written import FOLDER as WRITTEN

Matrix = npt.NDArray[np.float64]
Verdict = bool | None
"""Whether a sentence supports an answer; None where careful readers would disagree."""
Rows = tuple[Matrix, npt.NDArray[np.bool_]]
"""What was read for one question: its signs, and which of it supports an answer."""
RIDGE = 0.02
"""Chosen by five-fold cross-validation on the calibration questions among 0.01, 0.02 and 0.1."""
SAMPLE = 100
"""Questions read of each public collection, drawn with seed 0: their passages are long."""
CALIBRATION = PROJECT / "training" / "calibration" / "questions.jsonl"
SHARES = {"dev": 1.0, "calibration": 1.0, "written": 0.5, "clapnq_dev": 0.5, "mtrag_conv": 0.5}
"""How much each set counts for confidence, whatever its size: the shipped corpus first."""
SIGNS = tuple(field.name for field in fields(confidence.Features))
LEAST = {"coverage": -0.5}
"""Bounds of the weights of confidence from below, where not 0: more of a sign never speaks against
an answer. Near misses have the question's words too, so these may count less than they do in the
evidence already; without a bound the many near misses of the calibration sets weigh them at -3.8,
and a plain question in the words of its case study is refused."""
FALSE_REFUSALS = 0.07
"""Share of answerable questions that may be refused: it sets the threshold. With 0.055 instead,
0.51 instead of 0.54 of the unanswerable calibration questions are refused; with 0.085 it is 0.60,
and one plain question in four."""


@dataclass(frozen=True)
class Case:
    """A question with the hits that were scored, their signs, and which sentences support it."""

    question: Question
    text: str
    """The question as it was made to stand alone."""
    index: EmbeddedIndex
    names: Names
    hits: tuple[Any, ...]
    signs: list[tuple[Signs, ...]]
    good: list[tuple[Verdict, ...]]


def gather(
    index: EmbeddedIndex, questions: Iterable[Question], model: EvidenceModel | None
) -> list[Case]:
    """Search and read the signs for each question."""
    cases = []
    names = Names.of(index.documents())
    depth = reasoning("similarity", None).depth
    for question in questions:
        text = stand_alone(question.text, question.history, names).text
        hits = index.search(text, depth(text))
        good = [
            tuple(
                _verdict(question, Quoted(hit.passage.doc_id, words, 0, 1))
                for words in hit.passage.sentence_texts
            )
            for hit in hits
        ]
        cases.append(
            Case(question, text, index, names, hits, read_signs(text, hits, index, model), good)
        )
    return cases


def _verdict(question: Question, quoted: Quoted) -> Verdict:
    if any(supports(quoted, gold) for gold in question.gold):
        return True
    return None if any(supports(quoted, gold) for gold in question.borderline) else False


def sentence_rows(cases: Sequence[Case]) -> list[Rows]:
    """(signs, supports) of all sentences of each answerable case."""
    return [
        _rows(
            (sign, good)
            for signs, goods in zip(case.signs, case.good, strict=True)
            for sign, good in zip(signs, goods, strict=True)
        )
        for case in cases
        if case.question.answerable
    ]


def passage_rows(cases: Sequence[Case]) -> list[Rows]:
    """(strongest signs, supports) of all passages of each answerable case."""
    return [
        _rows(
            (strongest(signs), any(goods) or (None if None in goods else False))
            for signs, goods in zip(case.signs, case.good, strict=True)
        )
        for case in cases
        if case.question.answerable
    ]


def _rows(found: Iterable[tuple[Signs, Verdict]]) -> Rows:
    """What is certain of `found`."""
    signs, good = zip(*((sign, good) for sign, good in found if good is not None), strict=True)
    return np.array([astuple(sign) for sign in signs]), np.array(good)


def fit(sets: Sequence[Sequence[Rows]]) -> Weights:
    """Weights that put what supports first, in log-odds; each set counts as much as the others.

    Only the order within a question counts: the weights maximise the probability, by a softmax over
    all that was read for a question, of what supports it (McFadden's conditional logit 1974, with a
    ridge). One slope and bias then bring their sum to log-odds.
    """
    scale = np.concatenate([x for rows in sets for x, _ in rows]).std(axis=0)
    scale[scale == 0] = 1.0
    questions = [
        (x / scale, good, 1 / len(sets) / sum(y.any() and not y.all() for _, y in rows))
        for rows in sets
        for x, good in rows
        if good.any() and not good.all()
    ]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = RIDGE * float(weights @ weights) / 2, RIDGE * weights
        for x, good, share in questions:
            odds = x @ weights
            chance = np.exp(odds - odds.max())
            chance /= chance.sum()
            right = chance[good].sum()
            total -= share * float(np.log(right))
            slope = slope - share * (x.T @ (chance * good / right - chance))
        return total, slope

    direction = minimize(loss, np.zeros(len(scale)), jac=True, method="L-BFGS-B").x / scale
    sums = np.concatenate([x @ direction for rows in sets for x, _ in rows])
    good = np.concatenate([y for rows in sets for _, y in rows])
    sizes = [sum(len(y) for _, y in rows) for rows in sets]
    share = np.concatenate([np.full(size, len(good) / len(sets) / size) for size in sizes])
    line = LogisticRegression(C=1e3).fit(sums[:, None], good, sample_weight=share)
    values = (*(direction * line.coef_[0, 0]), line.intercept_[0])
    return Weights(*(round(float(value), 4) for value in values))


def first_right(cases: Sequence[Case], sentence: Weights) -> float:
    """How often the sentence with the highest log-odds supports an answerable question."""
    right = []
    for case in cases:
        if case.question.answerable:
            ranked = [
                (sentence.log_odds(sign), good)
                for signs, goods in zip(case.signs, case.good, strict=True)
                for sign, good in zip(signs, goods, strict=True)
                if good is not None
            ]
            right.append(max(ranked)[1])
    return float(np.mean(right))


def features(
    cases: Sequence[Case], scorer: WeighedEvidence
) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    """(features of confidence, answerable) of all cases."""
    rows = []
    for case in cases:
        evidence = scorer.weigh(case.hits, case.signs)
        evidence.sort(key=lambda e: (-e.passage, e.hit.passage.passage_id))
        rows.append(astuple(confidence.features(case.text, evidence, case.index, case.names)))
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
    own = _index(PROJECT / "corpus", options.indexes / "corpus", embedder)
    written = WRITTEN / "choose"
    sets = options.shared / "eval"
    cases = {
        name: gather(own, read_questions(path), model)
        for name, path in (
            ("exhaustive", sets / "exhaustive-dev.jsonl"),
            ("calibration", CALIBRATION),
            ("dev", sets / "questions-dev.jsonl"),
        )
    }
    cases["written"] = gather(
        _index(written / "corpus", options.indexes / "written", embedder),
        read_questions(written / "questions.jsonl"),
        model,
    )
    for name in ("clapnq_dev", "mtrag_conv"):
        cases[name] = _sampled(sets / name, options.indexes / name, embedder, model)
    write("model" if model else "similarity", cases)


def _sampled(
    folder: Path, root: Path, embedder: Embedder, model: EvidenceModel | None
) -> list[Case]:
    """Cases of some questions of a public collection."""
    collection = read_collection(folder)
    build(collection.documents, root, embedder, collection.splitter)
    asked = list(collection.questions)
    random.Random(0).shuffle(asked)  # noqa: S311  # a sample, not a secret
    return gather(open_current(root, embedder), asked[:SAMPLE], model)


def write(name: str, cases: dict[str, list[Case]]) -> None:
    """Fit what `cases` show and store it as the entry `name`."""
    fitted = ("exhaustive", "calibration", "written", "clapnq_dev")
    sentence = fit([sentence_rows(cases[key]) for key in fitted])
    passage = fit([passage_rows(cases[key]) for key in fitted])
    for key, found in cases.items():
        print(f"{key}: first sentence right {first_right(found, sentence):.3f}")
    scorer = WeighedEvidence(sentence, passage)
    calibration = calibrate({key: features(cases[key], scorer) for key in SHARES})
    content = json.loads(WEIGHTS.read_text(encoding="utf-8")) if WEIGHTS.exists() else {}
    content[name] = {
        "sentence": vars(sentence), "passage": vars(passage), "calibration": calibration
    }  # fmt: skip
    WEIGHTS.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def calibrate(sets: dict[str, tuple[Matrix, npt.NDArray[np.bool_]]]) -> dict[str, float]:
    """Weights of the confidence's features, and the threshold that refuses few answerable ones.

    Figures are of questions that the curve they were judged by had not seen: ten folds.
    """
    x = np.concatenate([rows for rows, _ in sets.values()])
    y = np.concatenate([answerable for _, answerable in sets.values()])
    of = np.concatenate([np.full(len(known), name) for name, (_, known) in sets.items()])
    share = np.array([SHARES[name] / np.sum(of == name) for name in of])
    share *= len(y) / share.sum()
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    cross = np.zeros(len(y))
    strata = [f"{name}{answerable}" for name, answerable in zip(of, y, strict=True)]
    for seen, unseen in folds.split(x, strata):
        curve = _curve(x[seen], y[seen], share[seen])
        cross[unseen] = expit(x[unseen] @ curve[:-1] + curve[-1])
    own = np.isin(of, ["dev", "calibration"])
    threshold = float(np.quantile(cross[own & y], FALSE_REFUSALS))
    for name in sets:
        mine = of == name
        refused = cross < threshold
        print(
            f"{name}: cross-validated AUROC {roc_auc_score(y[mine], cross[mine]):.3f}, refuses "
            f"{refused[mine & ~y].mean():.2f} of the unanswerable and "
            f"{refused[mine & y].mean():.2f} of the others"
        )
    curve = _curve(x, y, share)
    values = {n: round(float(v), 4) for n, v in zip([*SIGNS, "bias"], curve, strict=True)}
    return values | {"threshold": round(threshold, 4)}


def _curve(x: Matrix, y: npt.NDArray[np.bool_], share: Matrix) -> Matrix:
    """Weights and bias of a logistic regression with a ridge of 1 and bounds from below."""
    side = np.where(y, 1.0, -1.0)

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        margin = side * (x @ weights[:-1] + weights[-1])
        pull = -side * share * expit(-margin)
        ridge = weights[:-1] @ weights[:-1] / 2
        total = float(share @ np.logaddexp(0, -margin) + ridge)
        return total, np.append(x.T @ pull + weights[:-1], pull.sum())

    bounds = [*((LEAST.get(name, 0.0), None) for name in SIGNS), (None, None)]
    found: Matrix = minimize(
        loss, np.zeros(len(bounds)), jac=True, method="L-BFGS-B", bounds=bounds
    ).x
    return found


def _index(corpus: Path, root: Path, embedder: Embedder) -> EmbeddedIndex:
    """A folder of case studies, indexed at `root`."""
    build(read_corpus(corpus).documents, root, embedder)
    return open_current(root, embedder)


if __name__ == "__main__":
    main()
