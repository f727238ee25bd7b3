"""Regimes that came after those of the file: taking their place, faults in them, and as a table of
conditions.

Pure. A regime is written as in ``data/criteria.json``; a table has a row for each condition, so that it can
be filled in by people who do not write JSON.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from notifications.criteria.quantities import UNIT_OF, WORDS_OF
from notifications.criteria.reference import Condition, Criteria, Regime, Rule

__all__ = ["COLUMNS", "as_table", "faults_of", "plain_rule", "rules_of_table", "succeeded_by"]

_OF_A_RULE: Final = (
    "code",
    "category",
    "criterion",
    "modalities",
    "concerns",
    "confidence",
    "verified",
    "source",
    "note",
)
_OF_A_CONDITION: Final = ("quantity", "comparison", "value", "unit", "who")
COLUMNS: Final = (*_OF_A_RULE, "holds", "alternative", *_OF_A_CONDITION)
"""``holds`` is ``notifiable`` or ``doubtful``; conditions of one ``alternative`` must hold together."""
_HOLDS: Final = {"notifiable": "notifiable_when_any", "doubtful": "doubtful_when_any"}
MOST_ROWS: Final = 2_000


def succeeded_by(criteria: Criteria, later: Iterable[Regime]) -> Criteria:
    """``criteria`` with the regimes of ``later``, each from its own first day until the next one begins.

    Of two that begin on one day the later given holds. There is always exactly one for every date.
    """
    by_first_day = {each.effective_from: each for each in (*criteria.regimes, *later)}
    ordered = sorted(by_first_day.values(), key=lambda each: each.effective_from or date.min)
    ended = [
        _ending(each, following.effective_from - timedelta(days=1))
        for each, following in pairwise(ordered)
        if following.effective_from is not None
    ]
    return replace(criteria, regimes=(*ended, _ending(ordered[-1], None)))


def _ending(regime: Regime, last: date | None) -> Regime:
    """The regime with ``last`` for its last day; a doubt about its beginning does not outlast it."""
    if regime.effective_to == last:
        return regime
    begun_by = min(regime.begun_by, last) if regime.begun_by and last else regime.begun_by
    return replace(regime, effective_to=last, begun_by=begun_by)


def faults_of(regime: Regime) -> list[str]:
    """What in a regime is no word where one belongs, or could never be decided: a wrong unit or word."""
    found = []
    for rule in regime.rules:
        if not _is_in_words(rule):
            found.append(f"Code {rule.code}: every field is text, “verified” is true or false.")
            continue
        for alternative in (*rule.notifiable_when_any, *rule.doubtful_when_any):
            found += [f"Code {rule.code}: {fault}" for each in alternative if (fault := _fault(each))]
    return list(dict.fromkeys(found))


def _is_in_words(rule: Rule) -> bool:
    conditions = [
        each
        for alternatives in (rule.notifiable_when_any, rule.doubtful_when_any)
        for every in alternatives
        for each in every
    ]
    texts = [getattr(rule, name) for name in _OF_A_RULE if name not in ("modalities", "verified")]
    texts += [value for each in conditions for value in asdict(each).values()]
    return isinstance(rule.verified, bool) and all(isinstance(each, str) for each in texts)


def _fault(condition: Condition) -> str:
    name = condition.quantity
    if name in WORDS_OF:
        words = WORDS_OF[name]
        if condition.comparison != "is" or condition.value not in words:
            return f"{name} is compared with “is” and one of {', '.join(words)}."
        return "" if not condition.unit else f"{name} has no unit."
    if condition.comparison == "is":
        return f"{name} is a number: compare it with <, <=, > or >=."
    if not condition.number.is_finite() or condition.number < 0:
        return f"{condition.value} is no number to compare {name} with."
    return "" if condition.unit == UNIT_OF[name] else f"{name} is given in “{UNIT_OF[name]}”."


def plain_rule(rule: Rule) -> dict[str, Any]:
    """A rule as the file writes it: ``reference.read_regime`` reads it back."""
    written = {name: getattr(rule, name) for name in _OF_A_RULE} | {"modalities": list(rule.modalities)}
    for name in _HOLDS.values():
        written[name] = [[asdict(each) for each in every] for every in getattr(rule, name)]
    return written


def as_table(rules: Sequence[Rule]) -> str:
    """The rules as CSV with ``COLUMNS``, which ``rules_of_table`` reads back."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for rule in rules:
        own = {name: getattr(rule, name) for name in _OF_A_RULE}
        own |= {"modalities": ";".join(rule.modalities), "verified": "yes" if rule.verified else "no"}
        for holds, name in _HOLDS.items():
            for number, alternative in enumerate(getattr(rule, name), start=1):
                for condition in alternative:
                    writer.writerow({**own, "holds": holds, "alternative": number, **asdict(condition)})
    return out.getvalue()


def rules_of_table(text: str) -> list[dict[str, Any]]:
    """The rules of a CSV, written as the file writes them. ``ValueError`` names the line that is wrong."""
    rules: dict[str, dict[str, Any]] = {}
    parts: dict[str, dict[tuple[str, str], list[dict[str, str]]]] = {}
    for line, row in _rows(text):
        code = row["code"]
        own = _own(row, line)
        if rules.setdefault(code, own) != own:
            raise ValueError(f"line {line}: code {code} is described otherwise above")
        if row["holds"] not in _HOLDS:
            raise ValueError(f"line {line}: “holds” is notifiable or doubtful, not “{row['holds']}”")
        condition = {name: row[name] for name in _OF_A_CONDITION}
        alternative = (row["holds"], row["alternative"])
        parts.setdefault(code, {}).setdefault(alternative, []).append(condition)
    for code, rule in rules.items():
        for holds, name in _HOLDS.items():
            rule[name] = [every for (kind, _), every in parts[code].items() if kind == holds]
    return list(rules.values())


def _rows(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise ValueError(f"line 1: the columns are {', '.join(COLUMNS)}, in this order")
    try:
        for count, row in enumerate(reader, start=1):
            if count > MOST_ROWS:
                raise ValueError(f"there are more than {MOST_ROWS:,} rows")
            if None in row or None in row.values():
                raise ValueError(f"line {reader.line_num}: it has not {len(COLUMNS)} cells")
            yield reader.line_num, {name: cell.strip() for name, cell in row.items()}
    except csv.Error as wrong:
        raise ValueError(f"line {reader.line_num}: it is no CSV ({wrong})") from wrong


def _own(row: Mapping[str, str], line: int) -> dict[str, Any]:
    """What the row says of the rule itself."""
    if not row["code"]:
        raise ValueError(f"line {line}: the code is missing")
    if row["verified"].lower() not in ("yes", "no"):
        raise ValueError(f"line {line}: “verified” is yes or no, not “{row['verified']}”")
    own: dict[str, Any] = {name: row[name] for name in _OF_A_RULE}
    modalities = [each.strip() for each in row["modalities"].split(";") if each.strip()]
    return own | {"modalities": modalities, "verified": row["verified"].lower() == "yes"}
