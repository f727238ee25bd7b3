"""A snapshot as JSON and back, what a person made it say instead, and its short form. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date
from typing import Any, Final

from enforcement.register.models import RegisterEntry
from enforcement.register.regions import region_of
from enforcement.register.services import Cited, EntrySnapshot, Happening
from enforcement.register.wording import NEW_DAYS, until

_OVER: Final = "over"
_SAYS: Final = "says"
BY: Final = "by"
SERVED: Final = "Notice served"
COMPLIED: Final = "Complied with"
_KEY: Final = ("instrument", "reference", "in_force_from")
"""What tells one text of a provision from another: its words may be put right, and it stays the same text."""
_ON_THE_TIMELINE: Final = {"served_on": SERVED, "complied_on": COMPLIED}


_BLANK: Final[dict[str, Any]] = {
    "description": "",
    "timeline": (),
    "compliance_due_on": None,
    "complied_on": None,
    "how_closed": "",
    "modality": "",
}
BLANKED: Final = frozenset(_BLANK)
"""The fields that a short entry does not tell."""


def _days_of(kind: type) -> frozenset[str]:
    return frozenset(each.name for each in fields(kind) if each.type in (date, date | None))


_DAYS: Final = _days_of(EntrySnapshot)
_CITED_DAYS: Final = _days_of(Cited)


def content_of(snapshot: EntrySnapshot) -> dict[str, Any]:
    """The snapshot as plain JSON: dates as 2024-05-31, citations and the timeline as lists of objects."""
    found: dict[str, Any] = _plain(asdict(snapshot))
    return found


def snapshot_from(content: Mapping[str, Any]) -> EntrySnapshot:
    """The snapshot that ``content_of`` wrote. ``TypeError`` for one that lacks a field or has others."""
    values: dict[str, Any] = {
        name: _day(value) if name in _DAYS else value for name, value in content.items()
    }
    values["citations"] = tuple(
        Cited(**{name: _day(value) if name in _CITED_DAYS else value for name, value in each.items()})
        for each in content["citations"]
    )
    values["timeline"] = tuple(
        Happening(date.fromisoformat(each["on"]), each["what"]) for each in content["timeline"]
    )
    return EntrySnapshot(**values)


def overridden(
    snapshot: EntrySnapshot, overrides: Mapping[str, Mapping[str, Any]]
) -> tuple[EntrySnapshot, dict[str, dict[str, Any]]]:
    """The snapshot as people made it say, and which of their words still hold.

    What somebody put in the place of a value holds as long as that value is what stands there: once the
    notice itself says something else, so does the entry. Provisions are compared by which text they are, not
    by its words.
    """
    plain = content_of(snapshot)
    holding = {
        name: dict(each) for name, each in overrides.items() if _alike(name, plain.get(name), each[_OVER])
    }
    if not holding:
        return snapshot, {}
    said = snapshot_from(plain | {name: each[_SAYS] for name, each in holding.items()})
    region = region_of(said.postcode) if "postcode" in holding else said.region
    return replace(said, timeline=_retold(snapshot, said), region=region), holding


def override(
    snapshot: EntrySnapshot, changes: Mapping[str, Any], *, by: int | None = None
) -> dict[str, dict[str, Any]]:
    """``changes`` (by field, as on a snapshot) as ``overridden`` reads them; those that change nothing are
    left out. ``by`` is whose words they are, while no second person let them stand."""
    plain = content_of(snapshot)
    wanted = {name: _plain(value) for name, value in changes.items()}
    hand = {} if by is None else {BY: by}
    return {
        name: {_OVER: plain[name], _SAYS: value, **hand}
        for name, value in wanted.items()
        if not _alike(name, plain[name], value)
    }


def alike(one: Mapping[str, Any] | None, other: Mapping[str, Any]) -> bool:
    """Whether one override puts the same in the place of the same as another, whoever did."""
    return one is not None and (one[_OVER], one[_SAYS]) == (other[_OVER], other[_SAYS])


def hands(overrides: Mapping[str, Mapping[str, Any]], content: Mapping[str, Any]) -> set[int]:
    """Whose words an entry that says ``content`` tells that no second person let stand yet."""
    unread = _unread(content)
    return {each[BY] for name, each in overrides.items() if BY in each and name not in unread}


def let_stand(
    overrides: Mapping[str, Mapping[str, Any]], content: Mapping[str, Any]
) -> dict[str, dict[str, Any]]:
    """``overrides`` once an entry that says ``content`` was let onto the register: nobody's own any more, but
    for those that it does not tell, which nobody read."""
    unread = _unread(content)
    return {
        name: {key: value for key, value in each.items() if key != BY or name in unread}
        for name, each in overrides.items()
    }


def _unread(content: Mapping[str, Any]) -> frozenset[str]:
    """The fields of which whoever reads an entry that says ``content`` is told nothing."""
    return BLANKED if content["form"] == RegisterEntry.Form.SHORT else frozenset()


def cites_alike(one: EntrySnapshot, other: EntrySnapshot) -> bool:
    """Whether both cite the same texts of the same provisions, in whatever words."""
    return _alike("citations", content_of(one)["citations"], content_of(other)["citations"])


def short(snapshot: EntrySnapshot) -> EntrySnapshot:
    """The short entry of ESIA 1988 s4: name and address, place and provisions. What the register itself needs
    of every entry (reference, kind, state, days of breach and service) stays; every other field is blank."""
    return replace(snapshot, form=RegisterEntry.Form.SHORT, **_BLANK)


def _alike(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a field, as plain JSON, say the same."""
    return _texts(one) == _texts(other) if name == "citations" else bool(one == other)


def _texts(citations: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return sorted(tuple(str(each[name]) for name in _KEY) for each in citations)


def _retold(before: EntrySnapshot, after: EntrySnapshot) -> tuple[Happening, ...]:
    """The timeline, whose lines about a day that was corrected stand on the corrected day, or tell it."""
    moved = {
        (getattr(before, name), what): getattr(after, name)
        for name, what in _ON_THE_TIMELINE.items()
        if getattr(after, name) is not None and getattr(before, name) != getattr(after, name)
    }
    told = [replace(each, on=moved.get((each.on, each.what), each.on)) for each in after.timeline]
    told = _due_anew(told, before.compliance_due_on, after.compliance_due_on)
    return tuple(sorted(told, key=lambda each: each.on))


def _due_anew(told: list[Happening], former: date | None, corrected: date | None) -> list[Happening]:
    """The lines, the last of which that tells the day to comply tells the corrected one."""
    said = {until(what, former): until(what, corrected) for what in NEW_DAYS}
    telling = [place for place, each in enumerate(told) if each.what in said]
    if former == corrected or not telling:
        return told
    last = telling[-1]
    return [*told[:last], replace(told[last], what=said[told[last].what]), *told[last + 1 :]]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(asdict(each) if isinstance(each, (Cited, Happening)) else each) for each in value]
    return str(value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if value else None
