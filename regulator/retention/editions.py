"""Editions of the retention policies: how many years from a day on, and what is removed then; and which
closed cases would become due by it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from regulator.casework.mentions import row_for_anybody
from regulator.casework.redaction import Group
from regulator.editions.forms import ContentForm
from regulator.editions.holding import Held, held_on, one_look
from regulator.editions.kinds import Content, Difference, EditionKind, Touched
from regulator.retention.policies import MOST_YEARS, RetentionPolicy, shipped

NAME: Final = "retention"
SHOWN: Final = 200


def policies_on(day: date) -> dict[str, RetentionPolicy]:
    """The policy for each kind of case, as it holds on ``day``. No query inside ``writing``, one outside."""
    with one_look():
        held = {kind: held_on(NAME, policy.name, day) for kind, policy in shipped().items()}
    return {kind: _as_held(policy, held[kind]) for kind, policy in shipped().items()}


def policy_named(name: str, day: date) -> RetentionPolicy:
    """The policy of that name as it holds on ``day``. Raises ``LookupError`` for one that there is not."""
    return _as_held(_shipped_named(name), held_on(NAME, name, day))


def _shipped_named(name: str) -> RetentionPolicy:
    for policy in shipped().values():
        if policy.name == name:
            return policy
    raise LookupError(f"no retention policy is called {name!r}")


def _as_held(policy: RetentionPolicy, held: Held | None) -> RetentionPolicy:
    return policy if held is None else _changed(policy, held.content, held.pk)


def _changed(policy: RetentionPolicy, content: Content, edition: int | None) -> RetentionPolicy:
    """``policy`` as an edition says it. Two people approved that and its source, so it is verified."""
    return replace(
        policy,
        years=content["years"],
        groups=frozenset(Group(name) for name in content["groups"]),
        source=content["source"],
        verified=True,
        note="",
        edition=edition,
    )


class PolicyForm(ContentForm):
    """For how many years, and what is removed then."""

    years = forms.IntegerField(label="Years from the closing of the case", min_value=1, max_value=MOST_YEARS)
    groups = forms.MultipleChoiceField(
        label="What is removed then",
        choices=[(group.value, group.label) for group in Group],
        widget=forms.CheckboxSelectMultiple,
    )
    source = forms.CharField(
        label="Source", max_length=300, help_text="The schedule that says so, with its date."
    )
    field_order = ("years", "groups", "source", "holds_from", "reason")

    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("years", "groups", "source")}


def whats() -> Sequence[tuple[str, str]]:
    return [(policy.name, policy.label) for policy in shipped().values()]


def present(what: str, day: date) -> Content:
    """What the policy says on ``day``."""
    policy = policy_named(what, day)
    return {"years": policy.years, "groups": policy.group_names, "source": policy.source}


def check(what: str, holds_from: date, content: Content) -> dict[str, Any]:
    """The content as it is kept. Raises ``ValidationError`` for what no policy can say."""
    years, groups = content.get("years"), content.get("groups")
    source = str(content.get("source") or "").strip()
    if not isinstance(years, int) or isinstance(years, bool) or not 1 <= years <= MOST_YEARS:
        raise ValidationError({"years": f"Give a number of years from 1 to {MOST_YEARS}."})
    known = [group.value for group in Group]
    if not isinstance(groups, list) or not groups or any(each not in known for each in groups):
        raise ValidationError({"groups": "Say what is removed."})
    if not source:
        raise ValidationError({"source": "Name the schedule that says so."})
    return {"years": years, "groups": [each for each in known if each in groups], "source": source}


def differences(what: str, before: Content, after: Content) -> list[Difference]:
    found = []
    if before["years"] != after["years"]:
        found.append(Difference("Years from closing", str(before["years"]), str(after["years"])))
    if before["groups"] != after["groups"]:
        found.append(Difference("What is removed", _in_words(before["groups"]), _in_words(after["groups"])))
    if before["source"] != after["source"]:
        found.append(Difference("Source", before["source"], after["source"]))
    return found


def _in_words(groups: Sequence[str]) -> str:
    return ", ".join(Group(name).label for name in groups)


def touched(what: str, holds_from: date, content: Content) -> Touched:
    """The closed cases that are due on its first day by the new rule and not by the one before. Two queries
    at any number."""
    from regulator.retention.due import due_under

    now = policy_named(what, holds_from)
    then = _changed(now, content, None)
    if then.years >= now.years:
        return Touched(notes=("No closed case becomes due by it.",))
    earlier = due_under(now, holds_from).order_by().values("pk")
    became = due_under(then, holds_from).exclude(pk__in=earlier).order_by("closed_at", "pk")
    rows = tuple(row_for_anybody(case, case.closed_at) for case in became[:SHOWN])
    return Touched(
        headings=("Case", "Closed"),
        rows=rows,
        count=became.count(),
        notes=(
            "These are closed cases that become due by it. Nothing is removed before a list of them is put "
            "together and approved by two people.",
        ),
    )


KIND: Final = EditionKind(
    name=NAME,
    label="Retention policy",
    lead="For how many years a closed case is kept whole, from a day on, and what is removed then.",
    whats=whats,
    form=lambda: PolicyForm,
    present=present,
    check=check,
    differences=differences,
    touched=touched,
)
