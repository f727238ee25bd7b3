"""Putting the texts that stand beside the chain into their places, each only if its digest is the one that
the chain recorded."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final

from regulator.casework.chain import text_digest
from regulator.casework.evidence.past import CHANGED, ERASED, NOT_RECORDED, OF_FILES, TEXTS, Said, gap
from regulator.casework.kinds import REMOVED, REMOVERS
from regulator.casework.models import Case, Event
from regulator.casework.redaction.kinds import Group

EMPTY: Final = text_digest("")
"""Of no text at all, which is kept nowhere."""


def with_texts(case: Case, state: dict[str, Any]) -> dict[str, Any]:
    """``state`` with each ``Said`` replaced by what was said, or by why that cannot be told. One query for
    each kind of text that is named at all, and one where something stands that redaction puts there: only an
    event that says so makes that an erasure, else somebody put it there by hand."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for each in _said(state):
        if each.sha256 not in (None, EMPTY):
            wanted[each.where].add(each.key)
    found = {where: TEXTS.get(where)(case, keys) for where, keys in wanted.items()}
    marked = any(text == REMOVED for texts in found.values() for text in texts.values())
    removed = removed_of(case) if marked else frozenset()

    def told(each: Said) -> Any:
        if each.sha256 is None:
            return gap(NOT_RECORDED)
        text = "" if each.sha256 == EMPTY else found[each.where].get(each.key)
        if text is None or (text == REMOVED and group_of(each.where) in removed):
            return gap(ERASED)
        return text if text_digest(text) == each.sha256 else gap(CHANGED)

    replaced: dict[str, Any] = _replaced(state, told)
    return replaced


def removed_of(case: Case) -> frozenset[str]:
    """Which groups of the case's texts were removed for good, by its events (one query)."""
    events = Event.objects.filter(case=case.pk, type__in=list(REMOVERS)).order_by("sequence")
    told = events.values_list("type", "payload")
    return frozenset(group for type, payload in told for group in REMOVERS.get(type)(payload))


def group_of(where: str) -> str:
    """With which group of things the texts of ``where`` are removed."""
    return Group.FILES if where in OF_FILES else Group.TEXTS


def _said(value: Any) -> Iterator[Said]:
    if isinstance(value, Said):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _said(each)


def _replaced(value: Any, told: Callable[[Said], Any]) -> Any:
    if isinstance(value, Said):
        return told(value)
    if isinstance(value, dict):
        return {name: _replaced(each, told) for name, each in value.items()}
    if isinstance(value, list):
        return [_replaced(each, told) for each in value]
    return value
