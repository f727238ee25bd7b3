"""Editions of the clocks' rules: how many days, counted how, from a day on; and which running clocks would
move."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from regulator.accounts.actors import Scheduled
from regulator.casework.kinds import KINDS as CASE_KINDS
from regulator.casework.mentions import row_for_anybody
from regulator.casework.models import Case
from regulator.casework.services import changing
from regulator.casework.wording import as_text
from regulator.deadlines.kinds import DEADLINES, Counting
from regulator.deadlines.models import Deadline
from regulator.deadlines.rules import CLOCK, KEEP, RECOUNT, Rule, as_rule, rule_on
from regulator.deadlines.services import due_anew, recount_deadline
from regulator.editions.forms import ContentForm
from regulator.editions.kinds import Content, Difference, EditionKind, Touched
from regulator.editions.models import Edition

MOST_DAYS: Final = 730
SHOWN: Final = 200
_RUNNING: Final = {KEEP: "Keep the rule by which they were counted", RECOUNT: "Are counted anew by this rule"}
_BEGINNING: Final = Scheduled("editions.begin")


class ClockForm(ContentForm):
    """Another number of days for a clock."""

    days = forms.IntegerField(label="Days", min_value=1, max_value=MOST_DAYS)
    counting = forms.ChoiceField(
        label="Which days count", choices=[(each.value, each.value.capitalize()) for each in Counting]
    )
    source = forms.CharField(
        label="Source", max_length=300, help_text="The rule that says so, with its date. Employers read this."
    )
    running = forms.ChoiceField(
        label="Clocks that run when this begins", choices=list(_RUNNING.items()), widget=forms.RadioSelect
    )
    field_order = ("days", "counting", "source", "running", "holds_from", "reason")

    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("days", "counting", "source", "running")}


def whats() -> Sequence[tuple[str, str]]:
    """The clocks whose rule may be changed here."""
    return [(kind.name, kind.label) for kind in DEADLINES.values() if kind.changeable]


def present(what: str, day: date) -> Content:
    """The rule for a clock that starts on ``day``."""
    rule = rule_on(what, day)
    return _content(rule)


def _content(rule: Rule) -> dict[str, Any]:
    return {
        "days": rule.days,
        "counting": rule.counting.value,
        "source": rule.source,
        "running": KEEP,
    }


def check(what: str, holds_from: date, content: Content) -> dict[str, Any]:
    """The content as it is kept. Raises ``ValidationError`` for a number that no clock has."""
    read = {name: content.get(name) for name in ("days", "counting", "source", "running")}
    if not isinstance(read["days"], int) or not 1 <= read["days"] <= MOST_DAYS:
        raise ValidationError({"days": f"Give a number of days from 1 to {MOST_DAYS}."})
    if read["counting"] not in [each.value for each in Counting]:
        raise ValidationError({"counting": "Say which days count."})
    if read["running"] not in _RUNNING:
        raise ValidationError({"running": "Say what becomes of clocks that run."})
    if not str(read["source"] or "").strip():
        raise ValidationError({"source": "Name the rule that says so."})
    return read | {"source": str(read["source"]).strip()}


def differences(what: str, before: Content, after: Content) -> list[Difference]:
    """What the rule says otherwise. What becomes of running clocks alone is no other rule."""
    rules = [f"{each['days']} {each['counting']}" for each in (before, after)]
    found = [Difference("Rule", *rules)] if rules[0] != rules[1] else []
    if before["source"] != after["source"]:
        found.append(Difference("Source", before["source"], after["source"]))
    if found and after["running"] == RECOUNT:
        found.append(Difference("Running clocks", _RUNNING[KEEP], _RUNNING[RECOUNT]))
    return found


def touched(what: str, holds_from: date, content: Content) -> Touched:
    """The running clocks whose day would move when the edition begins: none, unless it says that they do.

    Clocks that start on its first day or later are counted by it anyhow. Three queries at any length.
    """
    running = Deadline.objects.open().filter(kind=what).select_related("case").order_by("due_on", "pk")
    later = f"Clocks that start on {as_text(holds_from)} or later are counted by the new rule."
    if content["running"] == KEEP:
        count = running.count()
        return Touched(
            notes=(f"{count} running clock{'s keep their' if count != 1 else ' keeps its'} day.", later)
        )
    rule = as_rule(content, 0)
    anew = [(each, *due_anew(each, rule)) for each in running.prefetch_related("extensions")]
    moved = [(each, counted, due) for each, counted, due in anew if due != each.due_on]
    seen = [row for row in moved if not _is_hidden(row[0].case)]
    rows = tuple(
        row_for_anybody(each.case, each.start_on, each.due_on, due, _given(each, counted, due))
        for each, counted, due in seen[:SHOWN]
    )
    return Touched(
        headings=("Case", "Started", "Due now", "Due then", ""),
        rows=rows,
        count=len(seen),
        drafts=len(moved) - len(seen),
        notes=(later, "A day that was extended is never moved to an earlier one."),
    )


def begun(edition: Edition) -> int:
    """Count the running clocks anew, where the edition says so; answers how many days moved."""
    if edition.content["running"] != RECOUNT:
        return 0
    rule = as_rule(edition.content, edition.pk)
    return sum(_recount(key, edition.what, rule) for key in _cases(edition.what))


def _cases(kind: str) -> Iterator[int]:
    running = Deadline.objects.open().filter(kind=kind).order_by("case_id").values_list("case_id", flat=True)
    return iter(sorted(set(running)))


def _recount(case_id: int, kind: str, rule: Rule) -> int:
    case = Case.objects.get(pk=case_id)
    subjects = Deadline.objects.open().filter(case=case, kind=kind).values_list("subject_id", flat=True)
    with changing(case, version=None, by=_BEGINNING) as held:
        moved = [
            recount_deadline(case=held, kind=kind, rule=rule, by=_BEGINNING, subject_id=subject)
            for subject in subjects
        ]
    return sum(each is not None for each in moved)


def _given(deadline: Deadline, counted: date, due: date) -> str:
    """Says whether somebody gave the clock its day: the one that it has, or the one that it would have."""
    return "Extended" if due != counted or deadline.due_on != deadline.first_due_on else ""


def _is_hidden(case: Case) -> bool:
    """Whether CQC does not see the case yet, so that it is counted and not named."""
    return case.status in CASE_KINDS.get(case.kind).hidden_from_staff


KIND: Final = EditionKind(
    name=CLOCK,
    label="Clock",
    lead="How many days there are for something, from a day on. Acts of Parliament are not changed here.",
    whats=whats,
    form=lambda: ClockForm,
    present=present,
    check=check,
    differences=differences,
    touched=touched,
    begun=begun,
)
