"""``manage.py annual_report 2023/24``: print the figures of one reporting year."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator.periods import reporting_year
from regulator.statistics.annual import Contradiction, as_json, compose
from regulator.statistics.printing import as_text

_FORMATS = {"json": as_json, "text": as_text}


class Command(BaseCommand):
    help = (
        "Print the IR(ME)R figures of a reporting year; exit 1 where the year or the figures make no sense."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", help="the reporting year, like 2023/24")
        parser.add_argument("--format", choices=sorted(_FORMATS), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = reporting_year(options["year"])
        except ValueError as error:
            raise CommandError(str(error), returncode=1) from error
        try:
            report = compose(period)
        except Contradiction as error:
            raise CommandError(f"The figures contradict each other:\n{error}", returncode=1) from error
        self.stdout.write(_FORMATS[options["format"]](report).rstrip("\n"))
