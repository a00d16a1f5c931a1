"""Disks that are full, fail, or cannot be written to."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.books import check_whole, workplace, write_edition
from benchmarks.faults.corpora import QUESTIONS
from benchmarks.faults.foreman import foreman
from benchmarks.faults.rounds import REFUSED, Tally, rounds

FULL, FAILING = errno.ENOSPC, errno.EIO
DISK_KB = 4096
FREE_KB = (4, 16, 40, 80, 120, 160, 240, 320)
"""Space left on the small disk when a rebuild begins; a generation takes about 200."""


def size_limits() -> Tally:
    """A file that can grow no further, at limits that hit each kind of file in turn."""
    with rounds() as found:
        sizes = {p.stat().st_size for p in (found.folder / "index").rglob("*") if p.is_file()}
        for limit in sorted({0, *(max(0, size - 1) for size in sizes)}):
            found.faulty(limit=limit)
        found.clean()
        return found.tally()


def failing_steps(error: int) -> Tally:
    """Each call that changes what the disk holds fails once, with errno `error`."""
    with rounds() as found:
        for step, _ in found.steps():
            found.faulty(at=step, error=error)
        found.clean()
        return found.tally()


def full_disk() -> Tally | None:
    """A disk of a few megabytes filled to the brim; None where none may be mounted."""
    with workplace() as folder, _small_disk(folder / "index") as mount:
        if not mount:
            return None
        with rounds(folder=folder) as found:
            for free in FREE_KB:
                with _filled(folder / "index", free):
                    found.faulty()
            found.clean()
            return found.tally()


@dataclass(frozen=True)
class ReadOnly:
    """What is said and given where the index can only be read."""

    build_said: str
    answered_from: str


def read_only() -> ReadOnly | None:
    """Build and ask where nothing can be written: refused in a sentence, answered all the same.

    A disk mounted for reading only or, where none may be mounted, folders without permission; None
    if neither binds this account.
    """
    with workplace() as folder, _small_disk(folder / "index") as mount, foreman() as worker:
        write_edition(folder, 1)
        worker.order(folder)
        before = check_whole(folder)
        write_edition(folder, 2)
        with _closed(folder / "index", mount) as closed:
            if not closed:
                return None
            build = worker.order(folder)
            ask = worker.order(folder, ask=QUESTIONS[0])
        if build.code != REFUSED or ask.code != 0 or check_whole(folder) != before:
            raise AssertionError(f"{build}, {ask}")
        return ReadOnly(build.said, ask.said)


@contextmanager
def _small_disk(folder: Path) -> Iterator[str]:
    """A disk in memory of DISK_KB at `folder`; the path of `mount`, empty if it may not."""
    folder.mkdir()
    mount, unmount = shutil.which("mount"), shutil.which("umount")
    if not mount or not unmount:
        yield ""
        return
    done = subprocess.run(  # noqa: S603  a fixed command on a folder of our own
        [mount, "-t", "tmpfs", "-o", f"size={DISK_KB}k", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    try:
        yield mount if done.returncode == 0 else ""
    finally:
        if done.returncode == 0:
            subprocess.run([unmount, "--lazy", str(folder)], check=True)  # noqa: S603


@contextmanager
def _filled(folder: Path, free_kb: int) -> Iterator[None]:
    """All but `free_kb` of the disk taken up."""
    filler = folder / "filler"
    space = shutil.disk_usage(folder).free - free_kb * 1024
    filler.write_bytes(b"\0" * max(0, space))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def _closed(folder: Path, mount: str) -> Iterator[bool]:
    """Nothing can be written below `folder`; False if that cannot be brought about."""
    if mount:
        _remount(mount, folder, "ro")
        try:
            yield True
        finally:
            _remount(mount, folder, "rw")
        return
    if os.name == "nt" or os.geteuid() == 0:
        yield False
        return
    paths = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    for path in paths:
        path.chmod(0o555)
    try:
        yield True
    finally:
        for path in paths:
            path.chmod(0o755)


def _remount(mount: str, folder: Path, mode: str) -> None:
    subprocess.run([mount, "-o", f"remount,{mode}", str(folder)], check=True)  # noqa: S603
