"""``manage.py score_risk --as-of 2024-03-31 --json``: the scores as they would be, printed and not stored."""

import json
from argparse import ArgumentTypeError
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator import clock
from regulator.risk.parameters import read_parameters
from regulator.risk.queries import snapshot


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a date like 2024-03-31") from None


class Command(BaseCommand):
    help = "Score every employer as of a day, and print it. The same input prints the same bytes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=_day, help="the last day of the window, like 2024-03-31")
        parser.add_argument("--json", action="store_true", help="everything, as canonical JSON")
        parser.add_argument(
            "--first", type=int, default=40, help="how many employers to tell of (without --json)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_of = options["as_of"] or clock.today()
        if as_of > clock.today():
            raise CommandError("A score cannot be as of a day to come.")
        from regulator.risk.scoring import diagnostics, score

        parameters = read_parameters()
        whole = score(snapshot(as_of, parameters), parameters)
        if options["json"]:
            told = {
                "as_of": as_of.isoformat(),
                "model": parameters.version,
                "parameters": parameters.digest,
                "snapshot": whole.digest,
                "peer_groups": diagnostics(whole.frozen),
                "employers": [asdict(each) for each in whole.employers],
                "series": [asdict(each) for each in whole.series],
            }
            self.stdout.write(json.dumps(told, sort_keys=True, indent=1, default=str))
            return
        ranked = sorted(whole.employers, key=lambda each: (not each.rules, -each.p_any, each.tie))
        for each in ranked[: options["first"]]:
            self.stdout.write(f"{each.employer}: {each.p_any:.2f} ({each.p_low:.2f} to {each.p_high:.2f})")
            for sentence in each.why:
                self.stdout.write(f"    {sentence}")
