"""Which texts of a notification are the employer's own words, so that they are checked for identifiers."""

from dataclasses import fields
from typing import Any, Final

from django.db import models

from notifications.content import SECTIONS, STORED_FIELDS, DraftContent
from notifications.models import Notification

_A_NUMBER_IS_ASKED_FOR: Final = frozenset({"contact_phone"})


def _free_text(table: type[models.Model], names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the columns into which anything may be written."""
    found = []
    for name in names:
        column: Any = table._meta.get_field(name)
        if isinstance(column, models.CharField | models.TextField) and not column.choices:
            found.append(name)
    return tuple(found)


_OWN: Final = tuple(
    name for name in _free_text(Notification, STORED_FIELDS) if name not in _A_NUMBER_IS_ASKED_FOR
)
_OF_SECTIONS: Final = {
    name: _free_text(table, tuple(each.name for each in fields(kind)))
    for name, (kind, table) in SECTIONS.items()
}


def texts_of(content: DraftContent) -> dict[str, str]:
    """Every text of a draft and its sections by field, a section's as ``imaging.other_unit``; the office's
    telephone number, which is asked for, is not among them."""
    texts = {name: getattr(content, name) for name in _OWN}
    for name, columns in _OF_SECTIONS.items():
        section = getattr(content, name)
        if section is not None:
            texts |= {f"{name}.{column}": getattr(section, column) for column in columns}
    return texts
