"""``manage.py run_portal``: prepare what is missing, then serve until told to stop."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from regulator.runtime import portal
from regulator.runtime.preparation import PREPARATION, prepare
from regulator.runtime.supervisor import Supervisor


@contextmanager
def _sigterm_as_ctrl_c() -> Iterator[None]:
    """While preparing, SIGTERM is answered as Ctrl-C is; the supervisor then listens to both itself."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


class Command(BaseCommand):
    help = "Prepare the database, the data and the static files, then run web, worker and beat until Ctrl-C."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of 127.0.0.1 to serve on")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        with _sigterm_as_ctrl_c():
            try:
                status = self._prepare_and_serve(port)
            except portal.CannotStart as reason:
                raise CommandError(str(reason)) from reason
            except KeyboardInterrupt:
                status = 0
        self._say("Stopped." if status == 0 else "Stopped without having been ready.")
        sys.exit(status)

    def _prepare_and_serve(self, port: int) -> int:
        with portal.sole_use(settings.VAR_DIR):
            portal.refuse_taken_port(port)
            portal.stand_at(port)
            prepare(PREPARATION, stamp=settings.VAR_DIR / "prepared.json", say=self._say)
            connections.close_all()
            self._say("Starting web, worker and beat ...")
            return self._supervisor(port).run()

    def _supervisor(self, port: int) -> Supervisor:
        return Supervisor(
            portal.programs(port),
            log_folder=settings.VAR_DIR / "log",
            say=self._say,
            ready=lambda: portal.answers(port),
            when_ready=lambda: self._announce(port),
        )

    def _announce(self, port: int) -> None:
        for line in portal.demonstration_sign_ins():
            self._say(line)
        self._say(f"The portal is ready at http://localhost:{port}/ (logs in {settings.VAR_DIR}/log)")
        self._say("Ctrl-C stops it.")

    def _say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()
