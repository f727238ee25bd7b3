"""Two administrators, and an edition brought to a state by them."""

from datetime import date, timedelta
from typing import Any

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.editions import services
from regulator.editions.kinds import KINDS
from regulator.editions.models import Edition
from tests.factories import staff

WHY = "CQC published it on 1 March."
LETTER = "notifications_question"
CLOCK = "report"


class Two:
    """Who proposes, and who decides."""

    def __init__(self) -> None:
        self.one: User = staff(Role.ADMINISTRATOR)
        self.other: User = staff(Role.ADMINISTRATOR)

    def propose(
        self, kind: str, what: str, content: dict[str, Any], holds_from: date | None = None
    ) -> Edition:
        return services.propose(
            kind=kind,
            what=what,
            holds_from=holds_from or clock.today(),
            content=content,
            reason=WHY,
            by=self.one,
        )

    def approve(self, edition: Edition) -> Edition:
        return services.approve(edition=edition, by=self.other, version=edition.version)

    def hold(self, kind: str, what: str, content: dict[str, Any], holds_from: date | None = None) -> Edition:
        return self.approve(self.propose(kind, what, content, holds_from))


def letter(words: str) -> dict[str, Any]:
    return {
        "subject": "About {{ reference }}",
        "body": f"{words} by {{{{ due_on|day }}}}: {{{{ case_url }}}}",
    }


def clock_of(days: int, *, running: str = "keep", counting: str = "calendar days") -> dict[str, Any]:
    return {"days": days, "counting": counting, "source": "CQC, March 2026", "running": running}


def regime(key: str = "SAUE-2026", *, adult: str = "5", day: date | None = None) -> dict[str, Any]:
    """What holds on ``day``, under another key, and with another threshold for accidents to adults."""
    content = dict(KINDS.get("criteria").present("", day or clock.today()))
    rules = [dict(rule) for rule in content["rules"]]
    first = rules[0]["notifiable_when_any"]
    first[0] = [condition | {"value": adult} if condition["unit"] else condition for condition in first[0]]
    rules[0]["notifiable_when_any"] = first
    return content | {"id": key, "label": f"Regime {key}", "rules": rules}


def in_days(days: int) -> date:
    return clock.today() + timedelta(days=days)
