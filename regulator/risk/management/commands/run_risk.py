"""``manage.py run_risk --as-of 2024-03-31``: score every employer on what was known on a day."""

from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator import clock
from regulator.accounts.actors import Scheduled
from regulator.casework.errors import NotAllowedNow
from regulator.risk import services

_BY = Scheduled("risk.run_risk")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2024-03-31") from None


class Command(BaseCommand):
    help = "Run the risk model as of a day, today unless one is given, and store the scores."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=_day, help="the last day of the window, like 2024-03-31")
        parser.add_argument(
            "--once", action="store_true", help="do nothing where a run as of that day is done or under way"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or clock.today()
        if options["once"] and services.stands(as_of=as_of):
            self.stdout.write(f"Nothing to do: there is a run as of {as_of:%d %B %Y}.")
            return
        try:
            run = services.run_risk(as_of=as_of, by=_BY)
        except NotAllowedNow as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{run}: {run.rows} rows.")
