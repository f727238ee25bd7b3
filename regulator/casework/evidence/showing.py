"""A state of a case in words: headed facts and tables, for the desk, for the bundle and for the command line.

A state names people, sites and cases by their keys, which never change; here they are called what they are
called today.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from regulator.accounts.models import User
from regulator.casework.desk import DeskTable, FactSection
from regulator.casework.evidence.past import State, why_missing
from regulator.casework.kinds import KINDS
from regulator.casework.models import Attachment, Case
from regulator.casework.wording import as_text
from regulator.organisations.models import Modality, Site
from regulator.registry import Registry

Block: TypeAlias = FactSection | DeskTable

TITLES: Final[dict[str, str]] = {
    "case": "The case",
    "links": "Linked cases",
    "referrals": "Referrals to other bodies",
    "referral_replies": "Replies of other bodies",
    "more_time": "More time asked for",
    "sign_offs": "Sign-offs",
    "questions": "Requests for information",
    "pauses": "When clocks stood still",
    "notification": "What was told",
    "inspection_declined": "Decided against an inspection",
    "last_event": "The last event by then",
}
LABELS: Final[dict[str, str]] = {"by": "By whom", "on": "When", "sha256": "SHA-256", "told": "Content"}
WORDS: Registry[Callable[[Any], str]] = Registry("word for a stored value")
"""By "part.field": what people call a stored value, such as a state of the lifecycle."""
TELLERS: Registry[Callable[[Case, Any], list[FactSection]]] = Registry("telling of a value of a case’s past")
"""By "part.field": values with words of their own, such as the whole content of a notification."""

_PEOPLE: Final = frozenset({"by", "assignee", "person", "named"})
CASES: Final = frozenset({"arose_from", "inspection", "with_case", "merged_into"})
"""The names under which a state gives another case by its key."""
_KEYS: Final = frozenset(
    {
        "note",
        "file",
        "question",
        "letter",
        "action",
        "sign_off",
        "finding",
        "findings",
        "corrects",
        "point",
        "round",
        "request",
        "subject",
        "referral",
        "hold",
        "entry",
    }
)
"""Rows by which parts refer to each other; they say nothing to people."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}\S*")


@dataclass(frozen=True, slots=True)
class Names:
    """What the keys of a state are called today; another case is given as itself, for ``mentions``."""

    people: Mapping[int, str]
    sites: Mapping[int, str]
    cases: Mapping[int, Case]


def in_words(case: Case, state: State) -> list[Block]:
    """Every part of ``state`` in its order. At most three queries, and those of the contributed tellers."""
    names = names_in(state)
    shown: list[Block] = []
    for name, part in state.items():
        title = TITLES.get(name, _spoken(name))
        if isinstance(part, list):
            shown.append(_table(name, title, part, names))
        else:
            shown += _sections(case, name, title, part, names)
    return shown


def names_in(state: State) -> Names:
    """Read what the keys in ``state`` are called: three queries at most."""
    found = list(_keys(state))
    people = {key for name, key in found if _is_person(name)}
    sites = {key for name, key in found if name == "site"}
    cases = {key for name, key in found if name in CASES}
    return Names(
        {each.pk: str(each) for each in User.objects.filter(pk__in=people)} if people else {},
        dict(Site.objects.filter(pk__in=sites).values_list("pk", "name")) if sites else {},
        Case.objects.in_bulk(cases) if cases else {},
    )


def _keys(value: Any, name: str = "") -> Iterator[tuple[str, int]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _keys(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _keys(each, name)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield name, value


def _is_person(name: str) -> bool:
    return name in _PEOPLE or name.endswith("_by")


def _sections(case: Case, path: str, title: str, part: Any, names: Names) -> Iterator[FactSection]:
    """One section for a mapping, and one for each mapping or table inside it."""
    if not isinstance(part, dict) or why_missing(part):
        yield FactSection(title, (("At that time", _cell(path, path, part, names)),))
        return
    rows: list[tuple[str | Case, object]] = []
    inner: list[tuple[str, Any]] = []
    for name, value in part.items():
        whole = isinstance(value, dict) and not why_missing(value)
        if whole or f"{path}.{name}" in TELLERS:
            inner.append((name, value))
        elif (path, name) in _OF_THE_CASE:
            rows.append((_label(name), _OF_THE_CASE[path, name](case, value)))
        elif name not in _KEYS or path == "last_event":
            rows.append((_label(name), _cell(f"{path}.{name}", name, value, names)))
    if rows:
        yield FactSection(title, tuple(rows))
    for name, value in inner:
        where = f"{path}.{name}"
        if where in TELLERS and not why_missing(value):
            yield from TELLERS.get(where)(case, value)
        else:
            yield from _sections(case, where, f"{title}: {_label(name).lower()}", value, names)


def _table(path: str, title: str, rows: list[dict[str, Any]], names: Names) -> DeskTable:
    fields = [name for name in (rows[0] if rows else {}) if name not in _KEYS]
    cells = tuple(tuple(_cell(f"{path}.{name}", name, row[name], names) for name in fields) for row in rows)
    return DeskTable(title, tuple(map(_label, fields)), cells, "None at that time.")


def _cell(path: str, name: str, value: Any, names: Names) -> object:
    """A value as people read it. ``path`` says which it is, ``name`` what its key means."""
    if why := why_missing(value):
        return why
    if isinstance(value, dict):
        return ", ".join(
            f"{_label(key).lower()}: {as_text(_cell(f'{path}.{key}', key, each, names))}"
            for key, each in value.items()
        )
    if isinstance(value, list):
        return [_cell(path, name, each, names) for each in value]
    if value is not None and path in WORDS:
        return WORDS.get(path)(value)
    if isinstance(value, str):
        return _dated(value)
    return _named(name, value, names)


def _dated(value: str) -> object:
    """Days and moments as people write them."""
    if _DAY.fullmatch(value):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if _MOMENT.fullmatch(value) else value


def _named(name: str, value: Any, names: Names) -> object:
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if _is_person(name):
        return names.people.get(value, "Somebody")
    if name == "site":
        return names.sites.get(value, "A site that is not kept any more")
    if name in CASES:
        return names.cases.get(value, "A case that is not kept any more")
    return value


def _label(name: str) -> str:
    return LABELS.get(name) or _spoken(name)


def _spoken(name: str) -> str:
    return name.replace("_", " ").capitalize()


_OF_THE_CASE: Final[dict[tuple[str, str], Callable[[Case, Any], object]]] = {
    ("case", "employer"): lambda case, value: case.employer,
    ("case", "status"): lambda case, value: case.spec.lifecycle.label(value),
}
"""What only the case itself can put into words."""


def contribute() -> None:
    """What casework's own values are called."""
    WORDS.register("case.kind", lambda value: KINDS.get(value).label)
    WORDS.register("case.origin", lambda value: str(Case.Origin(value).label))
    WORDS.register("case.risk", lambda value: str(Case.Risk(value).label))
    WORDS.register("case.modality", lambda value: str(Modality(value).label) if value else "")
    WORDS.register("files.check", lambda value: str(Attachment.Scan(value).label))
    WORDS.register(
        "files.checked_by", lambda value: str(Attachment.CheckedBy(value).label) if value else "Not yet"
    )
