"""``manage.py import_register CSV``: published entries onto the register."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enforcement.register.importing import PUBLISHED, UnreadableFile, import_entries
from enforcement.register.published import COLUMNS


class Command(BaseCommand):
    """Takes the rows that are right, reports the others with their row numbers, and then exits with 1."""

    help = f"Load published register entries. Columns: {', '.join(COLUMNS)}. Dates as 2024-05-31."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("csv", nargs="?", type=Path, default=PUBLISHED, help="the file; ours if left out")

    def handle(self, *args: Any, **options: Any) -> None:
        counts: Counter[str] = Counter()
        try:
            for result in import_entries(options["csv"]):
                counts[result.outcome] += 1
                if result.reason:
                    self.stderr.write(f"Row {result.line} {result.outcome}: {result.reason}")
        except UnreadableFile as error:
            raise CommandError(str(error)) from error
        names = ("added", "changed", "unchanged", "refused", *(["kept"] if counts["kept"] else []))
        said = ", ".join(f"{counts[name]} {name}" for name in names)
        if counts["refused"]:
            raise CommandError(f"{said}.")
        self.stdout.write(f"{said}.")
