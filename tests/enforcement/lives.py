"""Lives of notices, written as dated deeds: read into what the law's clocks hang on, and played by the
services."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

import time_machine

from enforcement import services
from enforcement.legal_life import IMPROVEMENT, Appealed, Extended, Life, Step, clocks
from enforcement.models import Notice
from tests.enforcement.scene import Scene

D = date.fromisoformat


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed of a life: its day, what, and the day that it names, if any."""

    on: date
    what: str
    named: date | None = None


def deeds_of(told: str) -> list[Deed]:
    """``"2025-03-03 serve 2025-04-14; 2025-03-10 appeal"``."""
    found = []
    for each in told.split(";"):
        day, what, *named = each.split()
        found.append(Deed(D(day), what, D(named[0]) if named else None))
    return found


def life_of_deeds(kind: str, deeds: list[Deed]) -> Life:
    """What the clocks hang on after these deeds, said without the database."""
    first, *rest = deeds
    life = Life(type=kind, served_on=first.on, compliance_on=first.named)
    owed = True
    for each in rest:
        owed = owed or _told_late(life, each)
        life = _AFTER[each.what](life, each, owed)
        owed = owed and each.what not in ("comply", "fail") and life.complied_on is None
    return life


def _told_late(life: Life, deed: Deed) -> bool:
    """An appeal lodged within the period of an improvement notice that CQC took for failed meanwhile, or that
    was complied with on a later day: the period had stood still, so compliance was owed."""
    if deed.what != "appeal" or life.type != IMPROVEMENT:
        return False
    if life.complied_on is not None:
        return (deed.named or deed.on) < life.complied_on
    day = next(each.on for each in clocks(life) if each.name == "comply")
    return day is not None and (deed.named or deed.on) <= day


def _appeal(life: Life, deed: Deed, owed: bool) -> Life:
    lodged = Appealed(deed.named or deed.on, was_owed=owed)
    return replace(life, steps=(*life.steps, lodged), entered_on=None)


def _disposed(outcome: str) -> Callable[[Life, Deed, bool], Life]:
    def after(life: Life, deed: Deed, owed: bool) -> Life:
        *before, last = life.steps
        assert isinstance(last, Appealed)
        done = replace(last, disposed_on=deed.on, outcome=outcome, compliance_on=deed.named)
        return replace(life, steps=(*before, done))

    return after


def _suspend(life: Life, deed: Deed, owed: bool) -> Life:
    *before, last = life.steps
    assert isinstance(last, Appealed)
    directed: Step = replace(last, suspended_from=deed.on, suspended_until=deed.named)
    return replace(life, steps=(*before, directed))


def _direct(life: Life, deed: Deed, owed: bool) -> Life:
    """Suspended from a day that lies ahead, until the appeal is disposed of."""
    *before, last = life.steps
    assert isinstance(last, Appealed)
    return replace(life, steps=(*before, replace(last, suspended_from=deed.named)))


_AFTER: Final[dict[str, Callable[[Life, Deed, bool], Life]]] = {
    "appeal": _appeal,
    "affirm": _disposed("affirmed"),
    "modify": _disposed("modified"),
    "cancel": _disposed("cancelled"),
    "drop": _disposed("dropped"),
    "suspend": _suspend,
    "direct": _direct,
    "extend": lambda life, deed, owed: replace(
        life, steps=(*life.steps, Extended(deed.on, deed.named or deed.on))
    ),
    "comply": lambda life, deed, owed: replace(life, complied_on=deed.named or deed.on, satisfied_on=deed.on),
    "withdraw": lambda life, deed, owed: replace(life, withdrawn_on=deed.on, entered_on=None),
    "publish": lambda life, deed, owed: replace(life, entered_on=deed.on),
    "fail": lambda life, deed, owed: life,
}


def play(scene: Scene, travel: time_machine.Traveller, kind: str, deeds: list[Deed]) -> Notice:
    """The same deeds, each done by the services on its day."""
    first, *rest = deeds
    travel.move_to(datetime.combine(first.on, datetime.min.time(), UTC).replace(hour=12))
    days = None if kind == Notice.Type.PROHIBITION_IMMEDIATE else 42
    notice = scene.notice("approved", notice_type=kind, compliance_days=days)
    scene.serve(notice, compliance_on=first.named)
    for each in rest:
        travel.move_to(datetime.combine(each.on, datetime.min.time(), UTC).replace(hour=12))
        if each.what == "publish":
            scene.publish(notice)
        for deed, given in _plays(each):
            scene.do(notice, deed, **given)
    return notice


def _plays(deed: Deed) -> Iterator[tuple[Any, dict[str, Any]]]:
    on, named = deed.on, deed.named
    if deed.what == "appeal":
        yield services.record_appeal, {"lodged_on": named or on, "late_with_leave": True}
    elif deed.what in ("affirm", "modify", "cancel", "drop"):
        outcome = {"affirm": "affirmed", "modify": "modified", "cancel": "cancelled", "drop": "dropped"}
        changes = "The date." if deed.what == "modify" else ""
        given = {"outcome": outcome[deed.what], "on": on, "compliance_on": named, "changes": changes}
        yield services.dispose_appeal, given
    elif deed.what == "suspend":
        yield services.record_suspension, {"suspended_from": on, "suspended_until": named}
    elif deed.what == "direct":
        yield services.record_suspension, {"suspended_from": named}
    elif deed.what == "extend":
        yield services.extend_compliance, {"compliance_on": named, "reason": "Fair."}
    elif deed.what == "comply":
        yield services.record_compliance, {"complied_on": named or on, "how": "evidence"}
    elif deed.what == "withdraw":
        yield services.withdraw, {"reason": "Wrong employer."}
    elif deed.what == "fail":
        yield services.record_failure, {"reason": "Nothing came."}
