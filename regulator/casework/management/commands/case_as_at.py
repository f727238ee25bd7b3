"""``manage.py case_as_at REF DATE``: a case as it stood at the end of a past day, or at a moment."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from regulator.casework.desk import DeskTable
from regulator.casework.evidence.rebuilding import case_as_at, moment_named
from regulator.casework.evidence.showing import Block, in_words
from regulator.casework.models import Case
from regulator.casework.references import is_well_formed, normalise
from regulator.casework.wording import as_text


class Command(BaseCommand):
    help = "Print a case as it stood at a past date, rebuilt from its events."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="The reference of the case, such as IRN-2026-00042-K.")
        parser.add_argument("date", help="A day, meaning its end in London (2026-03-31), or an ISO moment.")
        parser.add_argument("--json", action="store_true", help="Print the whole state as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        case = _case(options["reference"])
        try:
            moment = moment_named(options["date"])
            state = case_as_at(case, moment)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        if options["json"]:
            self.stdout.write(json.dumps(state, indent=2, ensure_ascii=False))
            return
        self.stdout.write(f"{case} as at {as_text(moment)}")
        for block in in_words(case, state):
            self.stdout.write("\n".join(_lines(block)))


def _case(reference: str) -> Case:
    typed = normalise(reference) if is_well_formed(reference) else None
    case = Case.objects.select_related("employer").filter(reference=typed).first() if typed else None
    if case is None:
        raise CommandError(f"There is no case with the reference {reference}.")
    return case


def _lines(block: Block) -> list[str]:
    lines = ["", block.title]
    if not isinstance(block, DeskTable):
        return lines + _facts(block.rows)
    for row in block.labelled_rows():
        lines += _facts(row, first="  - ")
    return lines if block.rows else [*lines, f"    {block.empty}"]


def _facts(rows: Iterable[tuple[str | Case, object]], first: str = "    ") -> list[str]:
    """One line a fact; the first of a table's row is marked."""
    written = [f"{label}: {as_text(value)}" for label, value in rows]
    return [f"{'    ' if place else first}{line}" for place, line in enumerate(written)]
