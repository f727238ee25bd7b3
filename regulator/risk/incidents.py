"""Notified incidents as risk counts them: each root cause once, however many notifications or people.
Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

__all__ = ["Incident", "distinct"]


@dataclass(frozen=True, slots=True)
class Incident:
    """One statutory notification that stood. ``key`` is its own, and the same for what is the same one told
    again; ``root`` names a failure that may have caused several (one machine), ``""`` where none is known."""

    employer: int
    modality: str
    discovered: date
    key: str
    severe: bool = False
    root: str = ""


def distinct(incidents: Iterable[Incident], *, within_days: int) -> list[Incident]:
    """The incidents, each once, by employer, modality and day.

    What has the same key is the same. What has the same root at one employer in one modality, and was
    discovered at most ``within_days`` after the one before, is one failure told in several notifications: it
    counts once, on the first day, and is severe where any of them was. Order and repetition change nothing.
    """
    once: dict[tuple[int, str, str], Incident] = {}
    for each in incidents:
        held = once.get((each.employer, each.modality, each.key), each)
        once[each.employer, each.modality, each.key] = _joined(held, each)
    rooted: dict[tuple[int, str, str], list[Incident]] = defaultdict(list)
    found = list[Incident]()
    for each in once.values():
        (rooted[each.employer, each.modality, each.root] if each.root else found).append(each)
    for told in rooted.values():
        found.extend(_failures(sorted(told, key=_in_order), timedelta(days=within_days)))
    return sorted(found, key=_in_order)


def _failures(told: list[Incident], apart: timedelta) -> Iterable[Incident]:
    """One incident for each run of notifications of one root that are at most ``apart``."""
    first, last = told[0], told[0].discovered
    for each in told[1:]:
        if each.discovered - last > apart:
            yield first
            first = each
        else:
            first = replace(first, severe=first.severe or each.severe)
        last = each.discovered
    yield first


def _joined(one: Incident, other: Incident) -> Incident:
    """Two tellings of one incident: the earlier day, and the worse."""
    first = min(one, other, key=_in_order)
    return replace(first, severe=one.severe or other.severe, root=max(one.root, other.root))


def _in_order(each: Incident) -> tuple[int, str, date, str, str]:
    return each.employer, each.modality, each.discovered, each.key, each.root
