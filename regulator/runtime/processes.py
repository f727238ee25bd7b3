"""One program as a child process: started in its own group, its output kept, ended with all it started."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LEASH = Path(__file__).with_name("leash.py")
LOG_SIZE_TO_START_ANEW = 5_000_000
_WORTH_SHOWING = re.compile(r"\b(warning|error|critical|traceback)\b", re.IGNORECASE)
_LONGEST_LINE_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: ``name`` is the prefix of its lines and the name of its log file."""

    name: str
    arguments: tuple[str, ...]


class Child:
    """A program's process: all it says goes to its log file, its warnings and errors to ``say`` too."""

    def __init__(self, program: Program, *, log_folder: Path, say: Callable[[str], None]) -> None:
        self.program = program
        self.log_file = log_folder / f"{program.name}.log"
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program; the calling thread must outlive it (the leash is held by the thread)."""
        self._start_log_anew_when_large()
        command = [sys.executable, str(LEASH), str(os.getpid()), *self.program.arguments]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._process = process
        if process.stdout is not None:
            threading.Thread(target=self._keep_output, args=(process.stdout,), daemon=True).start()

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def exit_status(self) -> int | None:
        return None if self._process is None else self._process.poll()

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def kill_remainder(self) -> None:
        """Kill whatever is left of the program: itself and every process that it started in its group."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def _start_log_anew_when_large(self) -> None:
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_SIZE_TO_START_ANEW:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))

    def _keep_output(self, output: IO[bytes]) -> None:
        with output, self.log_file.open("ab", buffering=0) as log:
            for line in output:
                log.write(line)
                text = line.decode(errors="replace").rstrip()
                if _WORTH_SHOWING.search(text):
                    self._say(f"[{self.program.name}] {text[:_LONGEST_LINE_SHOWN]}")
