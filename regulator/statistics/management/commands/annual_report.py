"""``manage.py annual_report 2023/24``: the figures of one reporting year, in any of the report's forms."""

import sys
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator.periods import Period, reporting_year
from regulator.statistics.annual import AnnualReport, Contradiction, compose
from regulator.statistics.printing import as_text
from regulator.statistics.reports.composing import CasesGone
from regulator.statistics.reports.working import FORMS

_TEXT: Final = "text"


class Command(BaseCommand):
    help = (
        "Print the IR(ME)R figures of a reporting year as the cases stand now; exit 1 where the year or the "
        "figures make no sense. But as text they stand in the report's outline, with the text of the year's "
        "newest edition, and as json in the shape in which a published report is offered."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("year", help="the reporting year, like 2023/24")
        parser.add_argument("--format", choices=sorted({_TEXT, *FORMS}), default=_TEXT)
        parser.add_argument("--output", type=Path, help="the file to write; without it, standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            period = reporting_year(options["year"])
        except ValueError as error:
            raise CommandError(str(error), returncode=1) from error
        try:
            report = compose(period)
        except Contradiction as error:
            raise CommandError(f"The figures contradict each other:\n{error}", returncode=1) from error
        try:
            made = _made(options["format"], period, report)
        except CasesGone as error:
            raise CommandError(f"The text cannot be told as it stands:\n{error}", returncode=1) from error
        self._write(made, options["output"])

    def _write(self, made: str | bytes, output: Path | None) -> None:
        if output is not None:
            output.write_bytes(made if isinstance(made, bytes) else made.encode())
        elif isinstance(made, bytes):
            sys.stdout.buffer.write(made)
        else:
            self.stdout.write(made.rstrip("\n"))


def _made(form: str, period: Period, report: AnnualReport) -> str | bytes:
    return as_text(report) if form == _TEXT else FORMS[form](period, report)
