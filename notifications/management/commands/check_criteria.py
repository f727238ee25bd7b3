"""``manage.py check_criteria``: is an incident notifiable? Its facts as JSON in, the answer out."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from notifications.criteria.check import check
from notifications.criteria.incident import WrongAnswers, read_incident
from notifications.criteria.wording import as_plain
from notifications.in_force import criteria_in_force
from regulator import clock

_OUTCOMES: Final = {
    "met": "met",
    "not_met": "not met",
    "unknown": "not known",
    "doubtful": "doubtful",
    "not_concerned": "does not apply",
}


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
        criteria = criteria_in_force()
        plain = as_plain(check(incident, criteria), criteria)
        self.stdout.write(
            json.dumps(plain, indent=2, ensure_ascii=False) if options["json"] else "\n".join(_told(plain))
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


def _told(plain: dict[str, Any]) -> Iterator[str]:
    """The answer in lines, with everything that it rests on: nothing that ``--json`` says is left out."""
    yield f"{plain['heading']}."
    yield plain["advice"]
    if plain["code"]:
        yield f"Code {', '.join([plain['code'], *plain['other_codes']])} ({_verified(plain)})."
    for code in plain["complementary_codes"]:
        letter = "" if code["letter_verified"] else ", which is not verified"
        yield f"Complementary code: {code['label']} (letter {code['letter']}{letter}): {code['rule']}."
        yield f"  Source: {code['source']}"
    if plain["complementary_codes"]:
        yield f"Of complementary codes: {plain['complementary_rule']}."
    yield ""
    yield from (f"- {reason}" for reason in plain["reasons"])
    yield from (f"- Would settle it: {each['question']} ({each['fact']})" for each in plain["missing"])
    for route in plain["routes"]:
        yield f"- Tell {route['name']} ({route['body']}): {route['why']}"
        yield f"  Source ({_verified(route)}): {route['source']}"
    for regime in plain["regimes"]:
        yield from _regime(regime)
    yield from ("", "How words are read:")
    for term in plain["terms"]:
        yield f"- {term['term']}: {term['meaning']} ({_verified(term)}; {term['source']})"


def _regime(regime: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"Criteria {regime['in_force']}: {regime['label']} ({_verified(regime)}).")
    yield from (f"  {said}" for said in (regime["assumed"], regime["note"]) if said)
    yield f"  Source: {regime['source']}"
    for rule in regime["rules"]:
        yield f"  Code {rule['code']}, {rule['category']}: {_OUTCOMES[rule['outcome']]}"
        yield f"    {rule['criterion']}"
        yield from (f"    {line}" for line in rule["arithmetic"])
        yield from (f"    Note: {note}" for note in [rule["note"]] if note)
        yield f"    Source ({_verified(rule)}: {rule['confidence']}): {rule['source']}"


def _verified(said: dict[str, Any]) -> str:
    return "verified" if said["verified"] else "not verified"
