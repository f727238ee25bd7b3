"""Putting the texts that stand beside the chain into their places, each only if its digest is the one that
the chain recorded."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, Final

from regulator.casework.chain import text_digest
from regulator.casework.evidence.past import CHANGED, ERASED, NOT_RECORDED, TEXTS, Said, gap
from regulator.casework.models import Case

EMPTY: Final = text_digest("")
"""Of no text at all, which is kept nowhere."""


def with_texts(case: Case, state: dict[str, Any]) -> dict[str, Any]:
    """``state`` with each ``Said`` replaced by what was said, or by why that cannot be told. One query for
    each kind of text that is named at all."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for each in _said(state):
        if each.sha256 not in (None, EMPTY):
            wanted[each.where].add(each.key)
    found = {where: TEXTS.get(where)(case, keys) for where, keys in wanted.items()}

    def told(each: Said) -> Any:
        if each.sha256 is None:
            return gap(NOT_RECORDED)
        text = "" if each.sha256 == EMPTY else found[each.where].get(each.key)
        if text is None:
            return gap(ERASED)
        return text if text_digest(text) == each.sha256 else gap(CHANGED)

    replaced: dict[str, Any] = _replaced(state, told)
    return replaced


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
