"""``manage.py check_criteria``: is an incident notifiable? Its facts as JSON in, the answer out."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notifications.criteria.check import check
from notifications.criteria.incident import WrongAnswers, read_incident
from notifications.criteria.wording import as_plain
from notifications.in_force import criteria_in_force
from regulator import clock


class Command(BaseCommand):
    help = "Says whether an incident is notifiable to CQC, and why. Reads its facts as a JSON object."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "file", nargs="?", default="-", help="a file with the facts; - for standard input"
        )
        parser.add_argument("--json", action="store_true", help="answer as JSON, as the API does")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer. ``CommandError`` for what cannot be read, with every field at fault."""
        try:
            incident = read_incident(_facts(options["file"]), today=clock.today())
        except WrongAnswers as wrong:
            faults = "\n".join(f"  {name}: {message}" for name, message in wrong.faults.items())
            raise CommandError(f"These answers cannot be read:\n{faults}") from wrong
        plain = as_plain(check(incident, criteria_in_force()))
        self.stdout.write(
            json.dumps(plain, indent=2, ensure_ascii=False) if options["json"] else _told(plain)
        )


def _facts(file: str) -> dict[str, Any]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        facts = json.loads(text)
    except (OSError, ValueError) as fault:
        raise CommandError(f"The facts cannot be read: {fault}") from fault
    if not isinstance(facts, dict):
        raise CommandError('Give the facts as one JSON object, like {"country": "england"}.')
    return facts


def _told(plain: dict[str, Any]) -> str:
    lines = [f"{plain['heading']}.", plain["advice"], ""]
    if plain["regime"]:
        lines.append(f"Criteria {plain['regime']['in_force']}: {plain['regime']['label']}.")
    if plain["code"]:
        lines.append(f"Code {', '.join([plain['code'], *plain['other_codes']])}.")
    lines += [f"- {reason}" for reason in plain["reasons"]]
    lines += [f"- Tell {route['name']} ({route['body']}): {route['why']}" for route in plain["routes"]]
    return "\n".join(lines)
