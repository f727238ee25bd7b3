"""``manage.py load_year FOLDER``: turn a year's published tables into cases, through the services."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from enforcement.year.load import PartlyLoaded, load_year
from enforcement.year.rows import YearRefused
from enforcement.year.world import Step


class Command(BaseCommand):
    help = "Load a published year (see enforcement/data/years/2023-24/README.md for its tables)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_year(options["folder"], progress=self._progress)
        except (YearRefused, PartlyLoaded) as refused:
            raise CommandError(str(refused)) from None
        if loaded.fresh:
            self.stdout.write(f"Loaded {loaded.cases} cases, {loaded.notifications} of them notifications.")
        else:
            self.stdout.write(f"Nothing to do: all {loaded.cases} cases are loaded.")

    def _progress(self, steps: list[Step]) -> Iterable[Step]:
        return tqdm(steps, desc="Loading the year", unit=" steps", file=self.stderr, mininterval=0.5)
