"""``manage.py simulate_retention --as-of DAY``: what would be due and removed on a day. Writes nothing."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from regulator import clock
from regulator.casework.wording import as_text
from regulator.retention.simulation import Outlook, simulate


class Command(BaseCommand):
    help = "Print which closed cases would be due on a day under the retention policies, and what would go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", help="The day, year first (2032-04-01). Today, unless given.")
        parser.add_argument("--json", action="store_true", help="Print it as JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            as_of = date.fromisoformat(options["as_of"]) if options["as_of"] else clock.today()
        except ValueError as wrong:
            raise CommandError(
                f"{options['as_of']} is no day: write it year first, like 2032-04-01."
            ) from wrong
        found = simulate(as_of)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_json(), indent=2))
            return
        self.stdout.write(f"As of {as_text(as_of)}")
        for outlook in found.outlooks:
            self.stdout.write("\n".join(_lines(outlook)))


def _lines(outlook: Outlook) -> Iterator[str]:
    policy = outlook.policy
    yield f"\n{policy.label}: {policy.period}"
    yield f"    Old enough: {outlook.old}. Due: {outlook.due}."
    for why, count in outlook.reasons:
        yield f"    Kept: {count}. {why}"
    for group, label, count in outlook.things:
        yield f"    Would be removed: {count} of {label} ({group})"
    yield f"    Files on the disk: {outlook.files}, of {outlook.bytes} bytes in all"
