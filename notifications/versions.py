"""Earlier versions of a notification, and a correction in hand, read back as notifications: nothing is saved.

What ``content.canonical`` wrote becomes an unsaved ``Notification`` again, so that the forms, the rules and
every list of facts work on it as they do on a stored one. Fields that came or went since are passed over.
"""

import copy
import json
from collections.abc import Sequence
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
    known = _Known(
        sites=_found(Site, "pk", {each.get("site") for each in told_in}),
        causes=_found(Cause, "slug", {each.get("reporter_cause") for each in told_in}),
        codes=_found(ComplementaryCode, "key", {key for each in told_in for key in _codes(each)}),
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


def _found(table: type[models.Model], key: str, wanted: set[Any]) -> dict[Any, Any]:
    """The rows of ``table`` by ``key``; of several the one last made. No query where none is wanted."""
    keys = {each for each in wanted if each is not None}
    if not keys:
        return {}
    rows = table._default_manager.filter(**{f"{key}__in": keys}).order_by("pk")
    return {getattr(row, key): row for row in rows}


def _codes(plain: dict[str, Any]) -> list[str]:
    return list(plain.get("complementary_codes") or [])


def _restored(notification: Notification, plain: dict[str, Any], known: _Known) -> Notification:
    case = copy.copy(notification.case)
    case.site, case.modality = known.sites.get(plain.get("site")), str(plain.get("modality", ""))
    made = Notification(case=case, criteria_regime=notification.criteria_regime)
    for name in STORED_FIELDS:
        if name == "reporter_cause":
            made.reporter_cause = _cause(notification, plain.get(name), known)
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


def _cause(notification: Notification, slug: str | None, known: _Known) -> Cause | None:
    """The cause of that slug: the one chosen, where it is still the same; else that of the latest edition."""
    chosen = notification.reporter_cause
    if chosen is not None and chosen.slug == slug:
        return chosen
    return known.causes.get(slug)


def _value(row: models.Model, name: str, stored: Any) -> Any:
    field = row._meta.get_field(name)
    return field.to_python(stored) if isinstance(field, models.Field) else stored


def _flat(notification: Notification) -> dict[str, str]:
    return {f"{heading}: {label}": text for heading, label, text in told(notification)}
