"""LlamaIndex's hybrid retrieval over the same passages with the same embedding model.

As its documentation sets it up: a vector retriever and a BM25 retriever joined by
QueryFusionRetriever with reciprocal ranks, without generated queries, since there is no language
model. Needs requirements-benchmarks.txt.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.datatypes import Passage

NAME = "LlamaIndex hybrid"

Retrieve = Callable[[str], list[Any]]


def rank_with(
    passages: Sequence[Passage], model: Path
) -> Callable[[str, int], list[tuple[Passage, float]]]:
    """An index of `passages` in memory, as a ranking. Raises ImportError without LlamaIndex."""
    core = importlib.import_module("llama_index.core")
    nodes = [
        importlib.import_module("llama_index.core.schema").TextNode(
            id_=str(number), text=passage.indexed_text
        )
        for number, passage in enumerate(passages)
    ]
    embedding = importlib.import_module("llama_index.embeddings.huggingface").HuggingFaceEmbedding(
        model_name=str(model), device="cpu"
    )
    index = core.VectorStoreIndex(nodes, embed_model=embedding)
    bm25 = importlib.import_module("llama_index.retrievers.bm25").BM25Retriever
    fusion = importlib.import_module("llama_index.core.retrievers").QueryFusionRetriever
    mode = importlib.import_module("llama_index.core.retrievers.fusion_retriever").FUSION_MODES

    def fused(k: int) -> Retrieve:
        k = min(k, len(nodes))
        retriever = fusion(
            [
                index.as_retriever(similarity_top_k=k),
                bm25.from_defaults(nodes=nodes, similarity_top_k=k),
            ],
            llm=core.llms.MockLLM(),
            similarity_top_k=k,
            num_queries=1,
            mode=mode.RECIPROCAL_RANK,
            use_async=False,
        )
        retrieve: Retrieve = retriever.retrieve
        return retrieve

    retrievers: dict[int, Retrieve] = {}

    def rank(question: str, k: int) -> list[tuple[Passage, float]]:
        if k not in retrievers:
            retrievers[k] = fused(k)
        found = retrievers[k](question)
        return [(passages[int(hit.node.node_id)], float(hit.score)) for hit in found]

    return rank
