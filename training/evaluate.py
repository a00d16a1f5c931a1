"""Measure a scorer: on groups held out from the training data, and on the shared evaluation sets.

Choices are made on held-out groups, the written case studies kept back and CLAPNQ; the questions on
the shipped corpus, MTRAG and SciFact are only reported. `python -m training.evaluate --shared DIR`
measures the shipped weights.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from assistant.answering.evidence_model import EvidenceInput, load_model
from training.candidates import hybrid
from training.development import Development
from training.measures import (
    BLEND,
    Scorer,
    auroc,
    blend,
    mean,
    ndcg,
    ranked,
    reciprocal_rank,
    show,
)
from training.sources import read_lines, split_sentences
from training.written import FOLDER as WRITTEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.compose import Composer

WEIGHTS: Final = Path(__file__).parents[1] / "assistant" / "answering" / "evidence_weights"


def held_out(scorer: Scorer, composer: Composer, members: Sequence[int]) -> dict[str, float]:
    """Groups of rows never trained on, as they are in the files with mined negatives."""
    random = Random(1)  # noqa: S311
    found: dict[str, list[float]] = defaultdict(list)
    best, without = [], []
    sure, unsure = [], []
    for member in members:
        group = composer.group(member, random, plain=True)
        if len(group.candidates) < 3:
            continue
        inputs = [EvidenceInput(c.label, c.sentences) for c in group.candidates]
        scores = scorer.score(group.question, inputs)
        order = ranked([s.score for s in scores])
        found["mrr"].append(reciprocal_rank([i == 0 for i in order]))
        found["hit1"].append(float(order[0] == 0))
        best.append(max(s.score for s in scores))
        without.append(max(s.score for s in scores[1:]))
        sure.append(max(max(s.sentences) for s in scores))
        unsure.append(max(max(s.sentences) for s in scores[1:]))
        labels = group.candidates[0].labels
        if labels[0] is not None:
            choice = ranked(scores[0].sentences)[0]
            found["sentence_in_passage"].append(float(bool(labels[choice])))
            top = max(((v, i, j) for i, s in enumerate(scores) for j, v in enumerate(s.sentences)))
            found["sentence_of_all"].append(float(top[1] == 0 and bool(labels[top[2]])))
    figures = {k: mean(v) for k, v in found.items()} | {"auroc": auroc(best, without)}
    return figures | {"auroc_sentences": auroc(sure, unsure)}


def clapnq(scorer: Scorer, folder: Path) -> dict[str, float]:
    """CLAPNQ: whether the shown passage answers, and which of its sentences."""
    texts = {c["_id"]: c for c in read_lines(folder / "corpus.jsonl")}
    gold: dict[str, list[str]] = defaultdict(list)
    for span in read_lines(folder / "spans.jsonl"):
        gold[span["query"]].append(span["text"])
    yes: list[float] = []
    no: list[float] = []
    right: list[float] = []
    apart: list[float] = []
    for query in read_lines(folder / "queries.jsonl"):
        shown = texts[query["candidate_passage"]]
        title = shown["title"]
        sentences = tuple(s.strip() for s in shown["text"].split(" . ") if s.strip())
        found = scorer.score(query["text"], [EvidenceInput(title, sentences)])[0]
        (yes if query["answerable"] else no).append(found.score)
        if gold[query["_id"]] and len(sentences) > 1:
            choice = sentences[ranked(found.sentences)[0]]
            right.append(_is_gold(choice, gold[query["_id"]]))
            lone = scorer.score(query["text"], [EvidenceInput(title, (s,)) for s in sentences])
            apart.append(
                _is_gold(sentences[ranked([s.score for s in lone])[0]], gold[query["_id"]])
            )
    return {"auroc": auroc(yes, no), "sentence": mean(right), "sentence_read_alone": mean(apart)}


def _is_gold(sentence: str, gold: Sequence[str]) -> float:
    return float(any(sentence in g or g.strip(" .") in sentence for g in gold))


def reranking(scorer: Scorer, folder: Path, depth: int = 20) -> dict[str, float]:
    """A folder in BEIR form: nDCG@10 of the hybrid before and after, and AUROC where known."""
    corpus = read_lines(folder / "corpus.jsonl")
    queries = read_lines(folder / "queries.jsonl")
    qrels: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, document, gain = line.split("\t")
        if int(gain) > 0:
            qrels[name].add(document)
    asked = [q["text"] for q in queries]
    candidates = hybrid([f"{c['title']}. {c['text']}" for c in corpus], asked, depth)
    before: list[float] = []
    after: list[float] = []
    mixed: list[float] = []
    yes: list[float] = []
    no: list[float] = []
    for query, found in zip(queries, candidates, strict=True):
        numbers = [number for number, _ in found]
        inputs = [
            EvidenceInput(corpus[n]["title"], split_sentences(corpus[n]["text"])) for n in numbers
        ]
        scores = [s.score for s in scorer.score(query["text"], inputs)]
        if query.get("answerable") is not None:
            (yes if query["answerable"] else no).append(max(scores))
        wanted = qrels[query["_id"]]
        if wanted:
            gains = [int(corpus[n]["_id"] in wanted) for n in numbers]
            before.append(ndcg(gains, len(wanted)))
            after.append(ndcg([gains[i] for i in ranked(scores)], len(wanted)))
            both = blend(scores, [score for _, score in found], BLEND)
            mixed.append(ndcg([gains[i] for i in ranked(both)], len(wanted)))
    return {
        "before": mean(before),
        "ndcg10": mean(after),
        "ndcg10_blend": mean(mixed),
        "auroc": auroc(yes, no),
    }


def asked(shared: Path, scorer: Scorer) -> Iterator[tuple[str, dict[str, float]]]:
    """Figures of the written case studies that choose, then of the development questions."""
    written = WRITTEN / "choose"
    for name, corpus, questions in (
        ("written", written / "corpus", written / "questions.jsonl"),
        ("dev", shared / "corpus", shared / "eval" / "questions-dev.jsonl"),
    ):
        yield from Development.read(name, corpus, questions).measure(scorer)


def main() -> int:
    """Measure the weights that ship."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--full", action="store_true", help="MTRAG and SciFact too (minutes)")
    arguments = parser.parse_args()
    model = load_model(arguments.weights)
    sets = arguments.shared / "eval"
    lines = [show(*line) for line in asked(arguments.shared, model)]
    lines.append(show("clapnq", clapnq(model, sets / "clapnq_dev")))
    if arguments.full:
        lines += [show(n, reranking(model, sets / n)) for n in ("mtrag_conv", "scifact")]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
