"""Vectors on disk and exact search by inner product. The only module that loads faiss."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from assistant.errors import IndexDamaged

if TYPE_CHECKING:
    import faiss

Vectors = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]


class VectorFile:
    """One exact inner-product index: row i is vector i. Scores are cosines of unit vectors."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: Vectors) -> VectorFile:
        """An index of `vectors` (count, dimension)."""
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> VectorFile:
        """Read a file written by `save`. Raises IndexDamaged if it is not such a file.

        faiss has no checksum: the manifest's hash is checked before this is called.
        """
        import faiss

        try:
            index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
        except (RuntimeError, OSError) as error:
            raise IndexDamaged(
                f"{path} is not a vector file ({type(error).__name__}). Build the index again."
            ) from error
        if not isinstance(index, faiss.IndexFlatIP):
            raise IndexDamaged(
                f"{path} holds a {type(index).__name__}: expected IndexFlatIP. "
                "Build the index again."
            )
        return cls(index)

    def save(self, path: Path) -> None:
        """Write to `path`. faiss's own writer hides a full disk, so the bytes are written here."""
        import faiss

        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimension(self) -> int:
        """Length of each vector."""
        return int(self._index.d)

    def all(self) -> Vectors:
        """All vectors, (count, dimension)."""
        if not len(self):
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.asarray(self._index.reconstruct_n(0, len(self)), dtype=np.float32)

    def rows(self, rows: Sequence[int]) -> Vectors:
        """The vectors of these rows, (len(rows), dimension)."""
        if not rows:
            return np.zeros((0, self.dimension), dtype=np.float32)
        wanted = np.asarray(rows, dtype=np.int64)
        return np.asarray(self._index.reconstruct_batch(wanted), dtype=np.float32)

    def search(self, vector: Vectors, k: int) -> tuple[Rows, Vectors]:
        """Rows and cosines of the `k` nearest (fewer if there are fewer), best first.

        Raises ValueError for a vector of the wrong shape or with values that are not finite:
        faiss would answer those with row -1, which Python would read as the last one.
        """
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            raise ValueError(
                f"query vector of shape {vector.shape}: expected ({self.dimension},), all finite"
            )
        k = min(k, len(self))
        if k < 1:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        scores, rows = self._index.search(vector.reshape(1, -1).astype(np.float32), k)
        return rows[0], scores[0]
