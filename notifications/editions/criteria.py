"""Editions of the criteria: a regime from a day on, what it says otherwise, and what it makes of open
cases."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db.models import Q

from notifications.advice import advice_on
from notifications.content import content_of
from notifications.criteria.check import Result
from notifications.criteria.editions import as_table, faults_of, plain_rule, rules_of_table, succeeded_by
from notifications.criteria.reference import Criteria, Regime, Rule
from notifications.editions.files import FileForm, is_json, read_json
from notifications.in_force import CRITERIA, criteria_in_force, regime_of
from notifications.models import CriteriaRegime, Criterion, Notification
from notifications.queries import KIND as NOTIFICATION
from notifications.queries import with_everything
from regulator.casework.mentions import row_for_anybody
from regulator.casework.wording import as_text
from regulator.editions.kinds import Content, Difference, EditionKind, Touched
from regulator.editions.models import Edition

SHOWN: Final = 200
"""How many open cases a preview names, and asks the checker about."""


class CriteriaForm(FileForm):
    """A regime of criteria."""

    key = forms.CharField(
        label="Key",
        max_length=20,
        help_text="A new one, for example SAUE-2026. Notifications are kept with it.",
    )
    verified = forms.BooleanField(
        label="Compared with CQC’s published table by the one who proposes", required=False
    )
    note = forms.CharField(label="Note", max_length=400, required=False)
    field_order = ("key", "label", "source", "file", "text", "verified", "note", "holds_from", "reason")

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        named = {name: content[name] for name in ("label", "source", "verified", "note")}
        return named | {"key": content["id"], "text": _as_json(content)}

    def content(self) -> dict[str, Any]:
        said = self.cleaned_data
        text = self.given()
        box = "file" if said.get("file") else "text"
        try:
            rules = read_json(text) if is_json(text) else rules_of_table(text)
        except ValueError as wrong:
            raise ValidationError({box: f"This cannot be read: {wrong}."}) from wrong
        named = {name: said[name] for name in ("label", "source", "verified", "note")}
        return named | {"id": said["key"], "rules": rules}

    def shown_again(self, content: Content) -> dict[str, Any]:
        return {"text": _as_json(content)}


def _as_json(content: Content) -> str:
    return json.dumps(content["rules"], indent=1, ensure_ascii=False)


def _as_csv(content: Content) -> str:
    return as_table(regime_of(content, date.min.isoformat()).rules)


def present(what: str, day: date) -> Content:
    """The regime of incidents on ``day``."""
    return _content(criteria_in_force().regime_on(day))


def _content(regime: Regime) -> dict[str, Any]:
    named = {name: getattr(regime, name) for name in ("id", "label", "source", "verified", "note")}
    return named | {"rules": [plain_rule(rule) for rule in regime.rules]}


def check(what: str, holds_from: date, content: Content) -> dict[str, Any]:
    """The regime in its one form. Raises ``ValidationError`` for what the checker could not apply, and for a
    key that a regime has already."""
    try:
        regime = regime_of(content, holds_from.isoformat())
    except ValueError as wrong:
        raise ValidationError({"text": f"This cannot be read: {wrong}."}) from wrong
    if not regime.rules:
        raise ValidationError({"text": "There is no criterion in it."})
    faults = faults_of(regime)
    if faults:
        raise ValidationError({"text": faults[:20]})
    validate_slug(regime.id)
    if CriteriaRegime.objects.filter(key=regime.id).exists():
        raise ValidationError({"key": "A regime has this key already. Give a new one."})
    _fits_the_tables(regime)
    return _content(regime)


def _fits_the_tables(regime: Regime) -> None:
    """Raise ``ValidationError`` where a text is longer than what is kept of it."""
    row = _row(regime)
    row.clean_fields(exclude=["edition"])
    for criterion in _criteria(regime, row):
        try:
            criterion.clean_fields(exclude=["regime"])
        except ValidationError as wrong:
            raise ValidationError(
                {"text": [f"Code {criterion.code}: {text}" for text in wrong.messages]}
            ) from wrong


def differences(what: str, before: Content, after: Content) -> list[Difference]:
    """Code by code, what is new, gone or said otherwise. The name of the regime alone is no other regime."""
    former, later = _by_code(before), _by_code(after)
    found = [
        Difference(f"Code {code}", _told(former.get(code)), _told(later.get(code)))
        for code in dict.fromkeys((*later, *former))
        if former.get(code) != later.get(code)
    ]
    if list(former) != list(later) and not found:
        found.append(Difference("Order of the codes", ", ".join(former), ", ".join(later)))
    return found


def _by_code(content: Content) -> dict[str, Mapping[str, Any]]:
    return {rule["code"]: rule for rule in content["rules"]}


def _told(rule: Mapping[str, Any] | None) -> str:
    """A rule for people to read: what it is about, then each alternative."""
    if rule is None:
        return ""
    lines = [f"{rule['category']}: {rule['criterion']}", f"For: {', '.join(rule['modalities'])}"]
    for name, words in (("notifiable_when_any", "Notifiable"), ("doubtful_when_any", "Doubtful")):
        lines += [f"{words} if {' and '.join(map(_condition, each))}" for each in rule[name]]
    further = [rule["note"], f"Source: {rule['source']}", "" if rule["verified"] else "Not verified"]
    return "\n".join([*lines, *filter(None, further)])


def _condition(condition: Mapping[str, str]) -> str:
    who = "" if condition["who"] == "anyone" else f" ({condition['who']})"
    said = f"{condition['quantity']} {condition['comparison']} {condition['value']} {condition['unit']}"
    return f"{said.strip()}{who}"


def touched(what: str, holds_from: date, content: Content) -> Touched:
    """The open cases whose incident falls under the edition, if only in part, and what the checker says of
    each before and after.

    Two queries for the counts and four for the rows, at any length.
    """
    now = criteria_in_force()
    then = succeeded_by(now, [regime_of(content, holds_from.isoformat())])
    mine = next(each for each in then.regimes if each.effective_from == holds_from)
    ends_under = Q(occurred_on__gte=holds_from) | Q(occurred_until__gte=holds_from)
    under = Notification.objects.filter(ends_under, case__kind=NOTIFICATION, case__closed_at__isnull=True)
    if mine.effective_to is not None:
        under = under.filter(occurred_on__lte=mine.effective_to)
    seen = under.filter(case__reference__isnull=False)
    first = with_everything(seen).order_by("case__reference")[:SHOWN]
    rows = [_asked(each, now, then) for each in first]
    rows.sort(key=lambda row: row[-1] == "")
    return Touched(
        headings=("Case", "Incident", "Code given", "The checker now", "The checker then", ""),
        rows=tuple(rows),
        count=seen.count(),
        drafts=under.filter(case__reference__isnull=True, case__opened_at__isnull=True).count(),
        notes=(
            f"Incidents from {as_text(holds_from)}"
            f"{f' until {as_text(mine.effective_to)}' if mine.effective_to else ''}.",
            "What was sent stays as it was sent. Codes are offered and checked by this edition from its "
            "approval on.",
        ),
    )


def _asked(notification: Notification, now: Criteria, then: Criteria) -> tuple[object, ...]:
    content = content_of(notification)
    before, after = (_answer(advice_on(content, each)) for each in (now, then))
    code = notification.criterion_code or "None"
    return row_for_anybody(
        notification.case,
        notification.occurred_on,
        code,
        before,
        after,
        "" if before == after else "Otherwise",
    )


def _answer(result: Result) -> str:
    codes = ", ".join(filter(None, (result.primary, *result.others)))
    return f"{result.answer.heading}{f' ({codes})' if codes else ''}"


def approved(edition: Edition) -> int:
    """Put the regime and its codes into the tables that forms and checks ask; answers how many codes."""
    regime = regime_of(edition.content, edition.holds_from.isoformat())
    row = _row(regime)
    row.edition = edition
    row.save()
    rows = list(_criteria(regime, row))
    for each in rows:
        each.save()
    return len(rows)


def _row(regime: Regime) -> CriteriaRegime:
    return CriteriaRegime(
        key=regime.id,
        label=regime.label,
        effective_from=regime.effective_from,
        source=regime.source,
        verified=regime.verified,
        note=regime.note,
    )


def _criteria(regime: Regime, row: CriteriaRegime) -> Iterator[Criterion]:
    for position, rule in enumerate(regime.rules):
        yield Criterion(regime=row, position=position, **_columns(rule))


def _columns(rule: Rule) -> dict[str, Any]:
    plain = plain_rule(rule)
    names = ("code", "category", "criterion", "modalities", "confidence", "verified", "source", "note")
    return {name: plain[name] for name in names} | {"conditions": plain["notifiable_when_any"]}


KIND: Final = EditionKind(
    name=CRITERIA,
    label="Criteria",
    lead="Which exposures are notifiable, by the date of the incident.",
    whats=lambda: [("", "")],
    form=lambda: CriteriaForm,
    present=present,
    check=check,
    differences=differences,
    touched=touched,
    approved=approved,
    may_begin_in_the_past=True,
    files={"csv": _as_csv, "json": _as_json},
)
