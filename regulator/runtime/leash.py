"""Run a program that is told to stop when its supervisor is gone, however that came about.

Called by path, not as a module, so that nothing of the portal is imported on the way. Only Linux has such a
leash; elsewhere the program simply runs.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    supervisor, *arguments = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(supervisor):  # it went between our start and the line above
            sys.exit("the supervisor is gone")
    os.execv(arguments[0], arguments)


if __name__ == "__main__":
    main()
