"""Keep the index in step with the corpus folder for as long as the program runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.documents.steadiness import Snapshot, look
from assistant.errors import BuildCancelled, CasebookError, CorpusEmpty
from assistant.indexing.summary import BuildSummary

if TYPE_CHECKING:
    from assistant.documents import CorpusReading
    from assistant.pipeline import Casebook

QUIET = 1.0
"""Seconds without any change after which a folder is at rest."""
PATIENCE = 3
"""How many times longer to wait when a file vanished or is empty: it may be on its way back."""
TICK = 5.0
"""Seconds after which to look if the system says nothing, as some network folders never do."""

Tell = Callable[[str], None]
Report = Callable[[BuildSummary, "CorpusReading"], None]


class Watching:
    """Builds whenever the corpus has changed and come to rest.

    `tell` is given sentences (each once while it stays true), `report` every build that published
    or could not read something. Nothing that goes wrong with a build ends the watching.
    """

    def __init__(
        self,
        casebook: Casebook,
        tell: Tell,
        report: Report,
        quiet: float = QUIET,
        tick: float = TICK,
    ) -> None:
        self._casebook, self._tell, self._report, self._quiet = casebook, tell, report, quiet
        self._tick = tick
        self._corpus = casebook.settings.corpus
        self._stop = threading.Event()
        self._indexed: Snapshot | None = None
        self._told = ""
        self._failures: tuple[str, ...] = ()

    def stop(self) -> None:
        """End `run` soon; a build that runs is cancelled."""
        self._stop.set()

    def run(self) -> None:
        """Watch until `stop` is called or Ctrl+C is pressed."""
        self._say(f"Watching {self._corpus} (Ctrl+C ends it).")
        for _ in self._stirs():
            if self._casebook.hold:
                self._say(self._casebook.hold)
                continue
            seen = self._at_rest()
            if seen is not None and seen != self._indexed:
                self._build(seen)

    def _stirs(self) -> Iterator[None]:
        """Now, whenever the system tells of a change below the folder, and every few seconds."""
        from watchfiles import watch

        while not self._stop.is_set():
            yield
            folder = _identity(self._corpus)
            try:
                for _ in watch(
                    self._corpus,
                    watch_filter=None,
                    debounce=100,
                    step=20,
                    rust_timeout=int(1000 * self._tick),
                    yield_on_timeout=True,
                    stop_event=self._stop,
                    ignore_permission_denied=True,
                ):
                    if self._stop.is_set():
                        return
                    yield
                    if _identity(self._corpus) != folder:
                        break  # another folder of this name: the system still watches the old one
            except (OSError, RuntimeError):  # no folder, or more folders than the system can watch
                self._stop.wait(self._tick)

    def _at_rest(self) -> Snapshot | None:
        """What the folder holds once nothing changes any more; None if asked to stop."""
        seen = look(self._corpus)
        while seen != self._indexed:
            if self._stop.wait(self._quiet * (PATIENCE if self._may_return(seen) else 1)):
                return None
            again = look(self._corpus)
            if again == seen:
                break
            seen = again
        return seen

    def _may_return(self, seen: Snapshot) -> bool:
        """Whether a file is gone or empty that was there: an editor may be about to write it."""
        before = self._indexed or {}
        return any(size and not seen.get(doc_id, (0,))[0] for doc_id, (size, *_) in before.items())

    def _build(self, seen: Snapshot) -> None:
        try:
            summary, reading = self._casebook.build(should_stop=self._leave_off)
        except BuildCancelled:
            return
        except CasebookError as error:
            self._say(f"The index stays as it is: {error}")
            if isinstance(error, CorpusEmpty):
                self._indexed = seen
            return
        self._told = ""
        failures = tuple(map(str, reading.failures))
        if not any(failure.code == "changing" for failure in reading.failures):
            self._indexed = seen
        if summary.published or failures != self._failures:
            self._report(summary, reading)
        self._failures = failures

    def _leave_off(self) -> bool:
        """Also asked once a build has the lock: somebody may have rolled back just before."""
        return self._stop.is_set() or bool(self._casebook.hold)

    def _say(self, sentence: str) -> None:
        if sentence != self._told:
            self._tell(sentence)
            self._told = sentence


def _identity(folder: Path) -> tuple[int, int] | None:
    """Which folder this is, whatever its name; None if there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
