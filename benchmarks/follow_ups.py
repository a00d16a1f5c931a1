"""What rewriting follow-ups is worth: the last turn alone against the rewritten question.

    python -m benchmarks.follow_ups --shared DIR [--index DIR]

`DIR/eval/mtrag_conv` holds the conversations of MTRAG and MTRAG-UN (Apache-2.0) with the passages
that answer them; `DIR/eval/questions-dev.jsonl` has follow-ups on the shipped case studies. Both
are searched by the product's own retrieval. The rules were tuned on one half of the conversations,
told by a hash of their ids; the other half is reported beside it. Needs `ir-measures`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import ir_measures
import numpy as np
from ir_measures import nDCG

from assistant.answering.follow_ups import Names, Rewrite, stand_alone
from assistant.datatypes import Document, Hit
from assistant.documents import plain_text, read_corpus
from assistant.indexing.build import build
from assistant.indexing.embedders import Embedder, SentenceTransformerEmbedder
from assistant.retrieval.embedded import EmbeddedIndex, open_current

SEED = "casebook-follow-ups-1"
DEPTH = 40
"""Passages searched; an entry of the collection may be several."""
CORPUS = Path(__file__).parents[1] / "corpus"


@dataclass(frozen=True)
class Turn:
    """A judged turn of a conversation: what is asked, the earlier questions, the right entries."""

    id: str
    question: str
    history: tuple[str, ...]
    relevant: frozenset[str]
    model_rewrite: str

    @property
    def tuned_on(self) -> bool:
        """Whether the rules were tuned on this conversation."""
        conversation = self.id.split("<::>")[0]
        return not hashlib.sha256(f"{SEED}:{conversation}".encode()).digest()[0] & 1


def rows(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_turns(folder: Path) -> list[Turn]:
    """The judged turns of `mtrag_conv`."""
    relevant: dict[str, set[str]] = defaultdict(set)
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        query, entry, score = line.split("\t")
        if int(score) > 0:
            relevant[query].add(entry)
    turns = []
    for row in rows(folder / "queries.jsonl"):
        history = row["history"]
        assert isinstance(history, list)  # noqa: S101 - the file's format
        asked = tuple(turn["text"] for turn in history if turn["role"] == "user")
        name = str(row["_id"])
        if relevant[name]:
            turns.append(Turn(name, str(row["text"]), asked, frozenset(relevant[name]),
                              str(row.get("rewrite") or "")))  # fmt: skip
    return turns


def read_entries(folder: Path) -> list[Document]:
    """One document for each entry of the collection."""
    return [
        Document(
            str(row["_id"]),
            str(row["title"]),
            text,
            sha256_of(text),
            blocks=plain_text.blocks(text),
        )
        for row in rows(folder / "corpus.jsonl")
        for text in [str(row["text"])]
    ]


def sha256_of(text: str) -> str:
    """Hexadecimal SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def ranked_documents(hits: Iterable[Hit]) -> dict[str, float]:
    """Documents by their best passage."""
    best: dict[str, float] = {}
    for hit in hits:
        best.setdefault(hit.passage.doc_id, hit.score)
    return best


def ndcg(index: EmbeddedIndex, turns: list[Turn], query: Callable[[Turn], str]) -> dict[str, float]:
    """nDCG@5 of each turn when `query` of it is searched."""
    qrels = [ir_measures.Qrel(t.id, entry, 1) for t in turns for entry in sorted(t.relevant)]
    run = [
        ir_measures.ScoredDoc(turn.id, entry, score)
        for turn in turns
        for entry, score in ranked_documents(index.search(query(turn), DEPTH)).items()
    ]
    scores = {turn.id: 0.0 for turn in turns}
    scores |= {m.query_id: float(m.value) for m in ir_measures.iter_calc([nDCG @ 5], qrels, run)}
    return scores


def conversations(folder: Path, index: EmbeddedIndex) -> None:
    """Print nDCG@5 on the conversations."""
    turns = read_turns(folder)
    names = Names.of(index.documents())
    rewrites = {t.id: stand_alone(t.question, t.history, names) for t in turns}
    alone = ndcg(index, turns, lambda t: t.question)
    ours = ndcg(index, turns, lambda t: rewrites[t.id].text)
    last_two = ndcg(index, turns, lambda t: " ".join((*t.history[-1:], t.question)))
    models = ndcg(index, turns, lambda t: t.model_rewrite or t.question)
    print("| turns | n | rewritten | last turn alone | with the turn before | rules "
          "| gain (95 % interval) |")  # fmt: skip
    print("| --- | --: | --: | --: | --: | --: | --: |")
    groups: dict[str, list[Turn]] = {
        "first turns": [t for t in turns if not t.history],
        "follow-ups": [t for t in turns if t.history],
        "follow-ups, tuned on": [t for t in turns if t.history and t.tuned_on],
        "follow-ups, held out": [t for t in turns if t.history and not t.tuned_on],
        "follow-ups that were rewritten": [t for t in turns if rewrites[t.id].changed],
        "… tuned on": [t for t in turns if rewrites[t.id].changed and t.tuned_on],
        "… held out": [t for t in turns if rewrites[t.id].changed and not t.tuned_on],
    }
    for label, group in groups.items():
        ids = [t.id for t in group]
        before, glued, after = (mean(s[i] for i in ids) for s in (alone, last_two, ours))
        changed = sum(rewrites[i].changed for i in ids)
        gain = interval([ours[i] - alone[i] for i in ids])
        print(f"| {label} | {len(ids)} | {changed} | {before:.3f} | {glued:.3f} | {after:.3f} | "
              f"{gain} |")  # fmt: skip
    by_model = [t for t in turns if t.history and t.model_rewrite]
    ids = [t.id for t in by_model]
    print(
        f"\nOn the {len(ids)} follow-ups that come with a language model's rewriting: alone "
        f"{mean(alone[i] for i in ids):.3f}, rules {mean(ours[i] for i in ids):.3f}, "
        f"language model {mean(models[i] for i in ids):.3f}."
    )


def interval(gains: list[float]) -> str:
    """The mean gain with its bootstrap interval."""
    drawn = np.random.default_rng(1).choice(np.array(gains), (2000, len(gains)))
    low, high = np.quantile(drawn.mean(axis=1), (0.025, 0.975))
    return f"{mean(gains):+.3f} ({low:+.3f} to {high:+.3f})"


def mean(values: Iterable[float]) -> float:
    """The mean; 0 of nothing."""
    held = list(values)
    return sum(held) / len(held) if held else 0.0


def case_studies(questions: Path, index: EmbeddedIndex) -> None:
    """Print, for each follow-up on the case studies, where the supporting passage is ranked."""
    names = Names.of(index.documents())
    print("\n| follow-up | made to stand alone | rank alone | rank rewritten | document alone | "
          "document rewritten |\n| --- | --- | --: | --: | --: | --: |")  # fmt: skip
    for row in rows(questions):
        if row["kind"] != "followup":
            continue
        question, history, relevant = str(row["question"]), row["history"], row["relevant"]
        assert isinstance(history, list) and isinstance(relevant, list)  # noqa: S101 - the format
        rewrite: Rewrite = stand_alone(question, history, names)
        ranks = []
        for query in (question, rewrite.text):
            hits = index.search(query, DEPTH)
            ranks.append(rank([any(g["quote"] in h.passage.text for g in relevant) for h in hits]))
            ranks.append(rank([any(g["doc"] in h.passage.doc_id for g in relevant) for h in hits]))
        print(
            f"| {question} | {rewrite.text} | {ranks[0]} | {ranks[2]} | {ranks[1]} | {ranks[3]} |"
        )


def rank(right: Sequence[bool]) -> str:
    """The 1-based place of the first right hit; a dash if there is none."""
    return str(right.index(True) + 1) if True in right else "–"


def speed(names: Names) -> None:
    """Print the time of one rewriting with a long history."""
    history = ["What is the Safe Haven in Aldershot?", "When is it open?", "Who works there?"] * 3
    started = time.perf_counter()
    for _ in range(200):
        stand_alone("What did it cost the council and why did they stop?", history, names)
    print(f"\nOne rewriting after nine turns: {(time.perf_counter() - started) * 5:.2f} ms.")


def indexed(documents: list[Document], folder: Path, embedder: Embedder) -> EmbeddedIndex:
    """`documents` as an index in `folder`; built only if it is not there yet."""
    build(documents, folder, embedder)
    return open_current(folder, embedder)


def main() -> None:
    parser = argparse.ArgumentParser(description=str(__doc__).split("\n", 1)[0])
    parser.add_argument("--shared", type=Path, required=True, help="folder with eval/mtrag_conv")
    parser.add_argument("--index", type=Path, help="keep the indexes here; else they are temporary")
    options = parser.parse_args()
    embedder = SentenceTransformerEmbedder.load()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.index or Path(temporary)
        talk = options.shared / "eval" / "mtrag_conv"
        conversations(talk, indexed(read_entries(talk), folder / "mtrag", embedder))
        cases = indexed(list(read_corpus(CORPUS).documents), folder / "cases", embedder)
        case_studies(options.shared / "eval" / "questions-dev.jsonl", cases)
        speed(Names.of(cases.documents()))


if __name__ == "__main__":
    main()
