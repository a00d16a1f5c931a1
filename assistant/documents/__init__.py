"""A file becomes a Document. `read_corpus` reads a folder, `read_document` one file."""

from assistant.documents.corpus import CorpusReading, read_corpus, read_document

__all__ = ["CorpusReading", "read_corpus", "read_document"]
