"""A progress bar in the terminal, for work that tells (done, all)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def terminal_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr; what is yielded takes (done, all) and may be called from another thread."""
    from tqdm import tqdm

    with tqdm(desc=label, unit="text", dynamic_ncols=True, disable=None) as bar:

        def advance(done: int, count: int) -> None:
            bar.total = count
            bar.update(done - bar.n)

        yield advance
