"""Build the index from the corpus, or bring it up to date: `python build_index.py`."""

from __future__ import annotations

from assistant.build_command import main

if __name__ == "__main__":
    raise SystemExit(main())
