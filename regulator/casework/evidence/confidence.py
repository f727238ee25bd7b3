"""What a bundle leaves out because it was told in confidence: that a case of such a kind exists, and what its
own kind holds back."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final

from regulator.casework.evidence.past import State, gap
from regulator.casework.evidence.showing import CASES
from regulator.casework.kinds import KINDS
from regulator.casework.models import Case, Event

WITHHELD: Final = "Withheld from bundles: it was told in confidence."
_LINKS: Final = ("casework.linked", "casework.unlinked")


def handed_out(case: Case, state: State) -> State:
    """``state`` of ``case`` as it leaves CQC: other cases held in confidence are not in it, not even as a
    gap, and what its kind withholds is said to be withheld. One query where other cases are named."""
    hidden = _in_confidence({key for part in state.values() for key in _cases(part)})
    told: State = {name: _without(part, hidden) for name, part in state.items()}
    for path in case.spec.withheld:
        part, _, name = path.partition(".")
        if name in told.get(part, {}):
            told[part] = told[part] | {name: gap(WITHHELD)}
    return told


def without_confidences(events: Iterable[Event]) -> list[Event]:
    """``events`` but those that say that a case was linked with one held in confidence, or is no longer (one
    query where any says that it was linked)."""
    shown = list(events)
    linked = {each.payload["with"] for each in shown if each.type in _LINKS}
    hidden = _in_confidence(linked)
    return [each for each in shown if each.type not in _LINKS or each.payload["with"] not in hidden]


def _kinds() -> list[str]:
    return [kind.name for kind in KINDS.values() if kind.in_confidence]


def _in_confidence(keys: Collection[int]) -> set[int]:
    if not keys:
        return set()
    return set(Case.objects.filter(pk__in=keys, kind__in=_kinds()).values_list("pk", flat=True))


def _cases(value: Any, name: str = "") -> Iterator[int]:
    """The keys of other cases in a part of a state."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _cases(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from _cases(each, name)
    elif name in CASES and isinstance(value, int):
        yield value


def _without(value: Any, hidden: Collection[int]) -> Any:
    """A part of a state without them: a row of a table goes whole, elsewhere the value alone."""
    if isinstance(value, list):
        return [_without(each, hidden) for each in value if not _names(each, hidden)]
    if isinstance(value, dict):
        return {
            name: None
            if name in CASES and isinstance(each, int) and each in hidden
            else _without(each, hidden)
            for name, each in value.items()
        }
    return value


def _names(row: Any, hidden: Collection[int]) -> bool:
    return isinstance(row, dict) and any(row.get(name) in hidden for name in CASES)
