"""Documents become a generation: passages, vectors, a lexical index, and the record of them."""
