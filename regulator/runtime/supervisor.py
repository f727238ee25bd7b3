"""The one process that starts the others, brings back what dies, and leaves nothing behind when it stops."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from regulator.runtime.processes import Child, Program

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the supervisor waits, in seconds."""

    ready: float = 60.0  # for the site to answer after the start
    grace: float = 10.0  # for a child to end after it was asked to
    first_pause: float = 1.0  # before a dead child is started again; doubles with each death
    longest_pause: float = 30.0
    settled: float = 60.0  # a child that lived this long starts again at the first pause
    tick: float = 0.1


class Watched:
    """A child and when to start it again."""

    def __init__(self, child: Child, patience: Patience) -> None:
        self.child = child
        self._patience = patience
        self._pause = patience.first_pause
        self._started_at = 0.0
        self._start_again_at: float | None = None

    def start(self) -> None:
        self._started_at = time.monotonic()
        self._start_again_at = None
        self.child.start()

    def revive(self, say: Callable[[str], None]) -> None:
        """Start the child again if it is dead and its pause is over; tell of its death once."""
        if self.child.alive():
            return
        if self._start_again_at is None:
            self._note_death(say)
        elif time.monotonic() >= self._start_again_at:
            self.start()

    def _note_death(self, say: Callable[[str], None]) -> None:
        status = self.child.exit_status()
        now = time.monotonic()
        if now - self._started_at >= self._patience.settled:
            self._pause = self._patience.first_pause
        self.child.kill_remainder()
        self._start_again_at = now + self._pause
        say(
            f"{self.child.program.name} ended with status {status}; starting it again in "
            f"{self._pause:g} s (see {self.child.log_file})"
        )
        self._pause = min(self._pause * 2, self._patience.longest_pause)


class Supervisor:
    """Runs ``programs`` until SIGTERM or SIGINT.

    A child that dies is started again, after a pause that doubles with each death. ``ready`` is asked until it
    says yes; then ``when_ready`` is called once. On the way out every child is asked to stop, and what is left
    of it after the grace period, or at a second signal, is killed with its whole process group.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        log_folder: Path,
        say: Callable[[str], None],
        ready: Callable[[], bool],
        when_ready: Callable[[], None],
        patience: Patience | None = None,
    ) -> None:
        log_folder.mkdir(parents=True, exist_ok=True)
        self._patience = patience or Patience()
        children = (Child(program, log_folder=log_folder, say=say) for program in programs)
        self._watched = [Watched(child, self._patience) for child in children]
        self._say = say
        self._ready = ready
        self._when_ready = when_ready
        self._stop_requests = 0

    def run(self) -> int:
        """0 after a requested stop; 1 when the site did not become ready in time."""
        with self._listening_to_signals():
            try:
                for watched in self._watched:
                    watched.start()
                return self._watch()
            finally:
                self._stop()

    def _watch(self) -> int:
        deadline = time.monotonic() + self._patience.ready
        announced = False
        while not self._stop_requests:
            for watched in self._watched:
                watched.revive(self._say)
            if not announced and self._ready():
                announced = True
                self._when_ready()
            if not announced and time.monotonic() > deadline:
                self._say(f"The site did not answer within {self._patience.ready:g} s; giving up.")
                return 1
            time.sleep(self._patience.tick)
        return 0

    def _stop(self) -> None:
        requests = self._stop_requests
        deadline = time.monotonic() + self._patience.grace
        children = [watched.child for watched in self._watched]
        for child in children:
            child.ask_to_stop()
        while any(child.alive() for child in children):
            if time.monotonic() > deadline or self._stop_requests > max(requests, 1):
                break
            time.sleep(self._patience.tick)
        for child in children:
            if child.alive():
                self._say(f"{child.program.name} did not stop when asked and is killed")
            child.kill_remainder()

    @contextmanager
    def _listening_to_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._note_stop_request) for number in STOP_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note_stop_request(self, number: int, frame: FrameType | None) -> None:
        self._stop_requests += 1
