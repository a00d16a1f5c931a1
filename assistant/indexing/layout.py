"""The names of a generation's files: what the writer and the reader must agree on."""

STORE = "casebook.sqlite3"
LEXICAL = "lexical"
PASSAGES = "passages.faiss"
SENTENCES = "sentences.faiss"
WORDS = "words.txt"
WORD_VECTORS = "words.faiss"
