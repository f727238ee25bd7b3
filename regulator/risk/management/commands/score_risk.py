"""``manage.py score_risk --as-of 2024-03-31 --json``: the scores as they would be, printed and not stored."""

import json
from argparse import ArgumentTypeError
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from regulator import clock
from regulator.organisations.models import Employer
from regulator.risk.parameters import read_parameters
from regulator.risk.queries import snapshot

if TYPE_CHECKING:
    from regulator.risk.scoring import EmployerScore


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
        parser.add_argument("--employer", action="append", help="only this one, by its name; may be repeated")
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
        names = dict(Employer.objects.order_by().values_list("pk", "name"))
        wanted = options["employer"]
        if wanted and (unknown := set(wanted) - set(names.values())):
            raise CommandError(f"There is no employer named {', '.join(sorted(unknown))}.")
        ranked = sorted(whole.employers, key=lambda each: (not each.rules, -each.p_any, each.tie))
        chosen = (
            [each for each in ranked if names[each.employer] in wanted]
            if wanted
            else ranked[: options["first"]]
        )
        self.stdout.write("\n\n".join(self._told(names[each.employer], each) for each in chosen))

    def _told(self, name: str, each: "EmployerScore") -> str:
        under, poor = f"under-reporting {each.p_under:.2f}", f"poor practice {each.p_poor:.2f}"
        head = f"{name}: {each.p_any:.2f} ({each.p_low:.2f} to {each.p_high:.2f}); {under}, {poor}"
        return "\n".join([head, *(f"  {sentence}" for sentence in each.why)])
