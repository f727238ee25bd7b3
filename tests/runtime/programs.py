"""Small programs for the supervisor to look after, and a supervisor that runs in a process of its own."""

import sys
from pathlib import Path

from regulator.runtime.processes import Program
from regulator.runtime.supervisor import Patience, Supervisor

# Each begins by writing down its process id, one line a life, in the file that it is given.
_BEGIN = """
import os, pathlib, signal, subprocess, sys, time
lives = pathlib.Path(sys.argv[1])
def live():
    with lives.open("a") as file:
        file.write(f"{os.getpid()}\\n")
def last():
    while True:
        time.sleep(60)
"""
PROGRAMS = {
    "steady": "live(); last()",
    "mortal": "live(); print('WARNING: about to go'); sys.exit(3)",
    "stubborn": "signal.signal(signal.SIGTERM, signal.SIG_IGN); live(); last()",
    # Its own child ignores SIGTERM and would outlive it.
    "parent": """
child = "import signal,sys,os,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
child += "open(sys.argv[1],'a').write(f'{os.getpid()}\\\\n'); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", child, str(lives)])
live(); last()
""",
}


def program(kind: str, folder: Path) -> Program:
    return Program(kind, (sys.executable, "-c", _BEGIN + PROGRAMS[kind], str(folder / f"{kind}.lives")))


def supervise(folder: Path, kinds: list[str], *, ready: bool) -> int:
    return Supervisor(
        [program(kind, folder) for kind in kinds],
        log_folder=folder / "log",
        say=lambda message: print(message, flush=True),  # noqa: T201
        ready=lambda: ready and all((folder / f"{kind}.lives").exists() for kind in kinds),
        when_ready=lambda: print("ready", flush=True),  # noqa: T201
        patience=Patience(ready=20 if ready else 0.3, grace=1.0, first_pause=0.05, tick=0.02),
    ).run()


if __name__ == "__main__":
    sys.exit(supervise(Path(sys.argv[1]), sys.argv[3:], ready=sys.argv[2] == "ready"))
