"""Earlier versions of a notification, and a correction in hand, read back as notifications: nothing is saved.

What ``content.canonical`` wrote becomes an unsaved ``Notification`` again, so that the forms, the rules and
every list of facts work on it as they do on a stored one. Fields that came or went since are passed over.
"""

import copy
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from django.db import models

from notifications.content import SECTIONS, STORED_FIELDS
from notifications.facts import told
from notifications.models import Cause, ComplementaryCode, Notification
from regulator.organisations.models import Site

_ONE_TO_ONE: Final = (*SECTIONS, "report")


@dataclass(frozen=True, slots=True)
class Change:
    """One answer before and after; ``""`` where there was none."""

    label: str
    before: str
    after: str


def as_told(notification: Notification, contents: Sequence[str]) -> list[Notification]:
    """``notification`` as each of ``contents`` (canonical JSON) tells it. At most three queries in all."""
    told_in = [json.loads(content) for content in contents]
    present = notification.case.site, notification.reporter_cause
    codes = notification.complementary_codes.all()
    known = _Known(
        sites=_found(Site, "pk", {each.get("site") for each in told_in}, present[:1]),
        causes=_found(Cause, "slug", {each.get("reporter_cause") for each in told_in}, present[1:]),
        codes=_found(ComplementaryCode, "key", {key for each in told_in for key in _codes(each)}, codes),
    )
    return [_restored(notification, each, known) for each in told_in]


def changes(before: Notification, after: Notification) -> list[Change]:
    """What differs between two of them, as read back by ``as_told``, in the order of the facts. No query."""
    former, present = _flat(before), _flat(after)
    return [
        Change(label, former.get(label, ""), present.get(label, ""))
        for label in {**present, **former}
        if former.get(label, "") != present.get(label, "")
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    sites: dict[Any, Any]
    causes: dict[Any, Any]
    codes: dict[Any, Any]


def _found(
    table: type[models.Model], key: str, wanted: set[Any], at_hand: Iterable[models.Model | None]
) -> dict[Any, Any]:
    """The rows of ``table`` by ``key``: those at hand, and of the others the one last made of each. No query
    where none is wanted beyond those at hand."""
    known = {getattr(row, key): row for row in at_hand if row is not None}
    keys = {each for each in wanted if each is not None} - set(known)
    if not keys:
        return known
    rows = table._default_manager.filter(**{f"{key}__in": keys}).order_by("pk")
    return {getattr(row, key): row for row in rows} | known


def _codes(plain: dict[str, Any]) -> list[str]:
    return list(plain.get("complementary_codes") or [])


def _restored(notification: Notification, plain: dict[str, Any], known: _Known) -> Notification:
    case = copy.copy(notification.case)
    case.site, case.modality = known.sites.get(plain.get("site")), str(plain.get("modality", ""))
    made = Notification(case=case, criteria_regime=notification.criteria_regime)
    for name in STORED_FIELDS:
        if name == "reporter_cause":
            made.reporter_cause = known.causes.get(plain.get(name))
        elif name in plain:
            setattr(made, name, _value(made, name, plain[name]))
    for name in _ONE_TO_ONE:
        made._state.fields_cache[name] = None  # none is looked for: the stored one is another version's
    for name, (kind, table) in SECTIONS.items():
        part = plain.get(name)
        if part is not None:
            row = table(notification=made)
            for each in fields(kind):
                if each.name in part:
                    setattr(row, each.name, _value(row, each.name, part[each.name]))
            setattr(made, name, row)
    codes = [known.codes[key] for key in _codes(plain) if key in known.codes]
    vars(made)["_prefetched_objects_cache"] = {"complementary_codes": codes}
    return made


def _value(row: models.Model, name: str, stored: Any) -> Any:
    field = row._meta.get_field(name)
    return field.to_python(stored) if isinstance(field, models.Field) else stored


def _flat(notification: Notification) -> dict[str, str]:
    return {f"{heading}: {label}": text for heading, label, text in told(notification)}
