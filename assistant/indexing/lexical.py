"""BM25 over words with Tantivy. The only module that loads tantivy."""

from __future__ import annotations

import os
import re
import shutil
import weakref
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from assistant.errors import IndexDamaged

if TYPE_CHECKING:
    import tantivy

STEMMER = "casebook_english"
QUESTION_WORDS = """
    how what which who whom whose when where why did do does done has have had was were is are been
    can could should would will may might i we you he she our your us me my them its from about any
    there than also more most many much some other others
""".split()
"""Words of asking, beside Tantivy's English stop words; they say nothing about the subject."""
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
MAX_TERMS = 64
"""Distinct terms of a question that are searched; a question of 2,000 characters has about 300."""


class LexicalFolder:
    """A Tantivy index of passages in a folder; immutable once written."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index

    @classmethod
    def write(cls, folder: Path, passages: Iterable[tuple[int, str]]) -> LexicalFolder:
        """Index (passage_id, text) pairs into the empty `folder`."""
        import tantivy

        folder.mkdir(parents=True)
        index = tantivy.Index(_schema(), path=str(folder))
        index.register_tokenizer(STEMMER, _analyzer())
        # One thread gives one segment, so that the same passages give the same index.
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        for passage_id, text in passages:
            writer.add_document(tantivy.Document(passage_id=passage_id, text=_plain(text)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> LexicalFolder:
        """Open a folder written by `write`. Raises IndexDamaged if it is not such a folder."""
        import tantivy

        copy = None
        try:
            if folder.is_dir() and not os.access(folder, os.W_OK):
                copy = Path(mkdtemp(prefix="casebook-lexical-"))
                _copy(folder, copy)
            index = tantivy.Index.open(str(copy or folder))
        except (ValueError, OSError) as error:
            if copy:
                shutil.rmtree(copy, ignore_errors=True)
            raise IndexDamaged(
                f"{folder} is not a lexical index ({error}). Build the index again."
            ) from error
        index.register_tokenizer(STEMMER, _analyzer())
        index.reload()
        opened = cls(index)
        if copy:
            weakref.finalize(opened, shutil.rmtree, copy, ignore_errors=True)
        return opened

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def ids(self) -> list[int]:
        """The passage ids of all entries, sorted."""
        import tantivy

        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.all_query(), limit=max(1, len(self)))
        return sorted(self._id(searcher, address) for _, address in found.hits)

    def document_frequency(self, term: str) -> int:
        """In how many passages a stem occurs."""
        return int(self._index.searcher().doc_freq("text", term))

    def search(self, terms: Mapping[str, float], k: int) -> list[tuple[int, float]]:
        """(passage_id, BM25 score) of the best `k` passages with any of the stems, best first.

        Each stem's part of the score counts as much as `terms` says. The query is built from terms,
        never parsed, so nothing in a question is an operator.
        """
        import tantivy

        first = list(terms.items())[:MAX_TERMS]
        if not first or k < 1:
            return []
        schema = self._index.schema
        query = tantivy.Query.boolean_query(
            [
                (
                    tantivy.Occur.Should,
                    tantivy.Query.boost_query(
                        tantivy.Query.term_query(schema, "text", term), weight
                    ),
                )
                for term, weight in first
            ]
        )
        searcher = self._index.searcher()
        found = [
            (self._id(searcher, address), float(score))
            for score, address in searcher.search(query, limit=k).hits
        ]
        return sorted(found, key=lambda entry: (-entry[1], entry[0]))

    @staticmethod
    def _id(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> int:
        value = searcher.doc(address)["passage_id"][0]
        return int(value)


def _copy(folder: Path, copy: Path) -> None:
    """Make `copy` one to be written to: Tantivy locks a folder with a file even to read it."""
    shutil.copytree(folder, copy, dirs_exist_ok=True, copy_function=shutil.copyfile)


def stems(text: str) -> list[str]:
    """The stems of `text` as they are indexed, without stop words, in order, with repeats."""
    return list(_analyzer().analyze(_plain(text)))


def _plain(text: str) -> str:
    """`text` without possessive endings, which would be words of their own."""
    return _POSSESSIVE.sub("", text)


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage_id", stored=True, indexed=True)
    builder.add_text_field("text", stored=False, tokenizer_name=STEMMER, index_option="freq")
    return builder.build()


@cache
def _analyzer() -> tantivy.TextAnalyzer:
    import tantivy

    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stopword("english"))
        .filter(tantivy.Filter.custom_stopword(QUESTION_WORDS))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )
