"""Find passages that look like an answer and are not: the negatives a model learns most from.

Candidates come from two rankings over every passage of the data, BM25 and MiniLM; whatever could
be an unlabelled answer is left out (same subject, near copies, shared answer words).
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from assistant.indexing.embedders import default_model_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from training.sources import Row

DEPTH: Final = 40
KEPT: Final = 12
COPY: Final = 0.92
"""Cosine from which a passage counts as a copy of the positive."""
WORD: Final = re.compile(r"[a-z0-9]+")
COMMON: Final = frozenset(
    (
        "syndrome",
        "disease",
        "disorder",
        "deficiency",
        "type",
        "cancer",
        "of",
        "the",
        "and",
        "in",
        "with",
    )
)


def mine(rows: Sequence[Row], store: Path) -> list[list[int]]:
    """For each row, up to `KEPT` rows whose positive passage is a hard negative for it.

    Kept in `store` under a hash of the rows, since embedding takes minutes.
    """
    key = hashlib.sha256(json.dumps([[r.question, r.positive] for r in rows]).encode()).hexdigest()
    path = store / f"negatives-{key[:12]}.json"
    if path.exists():
        kept: list[list[int]] = json.loads(path.read_text(encoding="utf-8"))
        return kept
    texts = [" ".join(row.positive) for row in rows]
    questions = [row.question for row in rows]
    passages, asked = embed(texts), embed(questions)
    lexical = bm25(texts, questions, DEPTH)
    mined = []
    for start in range(0, len(rows), 512):
        near = asked[start : start + 512] @ passages.T
        top = np.argpartition(-near, DEPTH, axis=1)[:, :DEPTH]
        for offset, candidates in enumerate(top):
            index = start + offset
            ranked = candidates[np.argsort(-near[offset][candidates], kind="stable")]
            mined.append(_choose(rows, passages, index, ranked.tolist(), lexical[index]))
    store.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(mined), encoding="utf-8")
    return mined


def embed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit vectors of all-MiniLM-L6-v2, shape (texts, 384)."""
    import torch
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(default_model_folder()), device="cpu", local_files_only=True)
    model.max_seq_length = 160
    numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    with torch.autocast("cpu", torch.bfloat16):
        vectors = model.encode(
            list(numbers), batch_size=32, normalize_embeddings=True, show_progress_bar=False
        )
    found: NDArray[np.float32] = vectors.astype(np.float32)[[numbers[text] for text in texts]]
    return found


def bm25(texts: Sequence[str], questions: Sequence[str], depth: int) -> list[list[int]]:
    """Indices of the best `depth` texts for each question by BM25 on stemmed words."""
    return [[row for row, _ in hits] for hits in _search(texts, questions, depth)]


def bm25_scores(texts: Sequence[str], questions: Sequence[str]) -> NDArray[np.float32]:
    """BM25 of every text for every question, shape (questions, texts); zero: no shared word."""
    scores = np.zeros((len(questions), len(texts)), dtype=np.float32)
    for number, hits in enumerate(_search(texts, questions, len(texts))):
        for row, score in hits:
            scores[number, row] = score
    return scores


def _search(
    texts: Sequence[str], questions: Sequence[str], depth: int
) -> list[list[tuple[int, float]]]:
    from tantivy import (
        Document,
        Filter,
        Index,
        Query,
        SchemaBuilder,
        TextAnalyzerBuilder,
        Tokenizer,
    )

    builder = SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="stemmed")
    builder.add_unsigned_field("row", stored=True)
    index = Index(builder.build())
    analyzer = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    index.register_tokenizer("stemmed", analyzer.filter(Filter.stemmer("english")).build())
    writer = index.writer(heap_size=64_000_000, num_threads=1)
    for number, text in enumerate(texts):
        document = Document()
        document.add_text("text", text)
        document.add_unsigned("row", number)
        writer.add_document(document)
    writer.commit()
    index.reload()
    searcher = index.searcher()
    found = []
    for question in questions:
        words = " ".join(WORD.findall(question.lower()))
        query = index.parse_query(words, ["text"]) if words else Query.empty_query()
        hits = searcher.search(query, depth).hits
        found.append([(int(searcher.doc(place)["row"][0]), float(score)) for score, place in hits])
    return found


def _choose(
    rows: Sequence[Row],
    vectors: NDArray[np.float32],
    index: int,
    dense: list[int],
    lexical: list[int],
) -> list[int]:
    """Take turns between the two rankings, leaving out possible answers."""
    chosen: list[int] = []
    turns = [pick for pair in zip(dense, lexical, strict=False) for pick in pair]
    for pick in dict.fromkeys(turns):
        if len(chosen) == KEPT:
            break
        if safe(rows[index], rows[pick]) and float(vectors[index] @ vectors[pick]) < COPY:
            chosen.append(pick)
    return chosen


def safe(row: Row, other: Row) -> bool:
    """Whether the positive of `other` very probably does not answer the question of `row`."""
    if row.source == other.source == "policyqa":
        return False  # its questions are general: any site may answer them
    if row.positive == other.positive:
        return False
    if row.group == other.group:
        return row.source == "covidqa" and row.answer is not None and not _shares(row, other)
    mine, theirs = subject_words(row), subject_words(other)
    return row.source != "medquad" or not mine or len(mine & theirs) < 0.5 * len(mine)


def _shares(row: Row, other: Row) -> bool:
    """Whether two windows of one paper share the answer or a whole sentence."""
    text = " ".join(other.positive)
    return bool(row.answer and row.answer[:60] in text) or bool(
        set(row.positive) & set(other.positive)
    )


def subject_words(row: Row) -> set[str]:
    """Distinctive words of the row's subject."""
    return set(WORD.findall(row.group.split(":", 1)[1].lower())) - COMMON
