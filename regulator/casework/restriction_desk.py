"""The deeds by which a case is restricted on the desk, who is named is changed, and the restriction is
lifted."""

from typing import Any, Final, cast

from django import forms
from django.db.models import QuerySet

from regulator.accounts.models import User
from regulator.casework.desk import DeskAction, ReasonForm, SeveralField
from regulator.casework.models import Access, Case
from regulator.casework.services.restricting import (
    lift,
    name_people,
    nameable,
    restrict,
    restrictable,
    restriction_refusal,
)
from regulator.casework.wording import as_text


class LiftForm(ReasonForm):
    """Why everybody may read it again."""


class PeopleForm(LiftForm):
    """Who may open the case, by name. Those who leave, or declare an interest, are not offered."""

    people = SeveralField(
        User.objects.none(),
        label="Who may open it",
        widget=forms.CheckboxSelectMultiple,
        help_text="Nobody else finds it. Whoever it is assigned to must be among them.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = nameable(self.case)
        field = self.fields["people"]
        _offer(field, User.objects.filter(pk__in=[each.pk for each in self.offered]))
        field.initial = self.named_now()

    def named_now(self) -> list[int]:
        """Whom the form proposes."""
        likely = {self.by.pk, self.case.assignee_id}
        return [each.pk for each in self.offered if each.pk in likely]


class RestrictForm(PeopleForm):
    """Who may open it from now on; and the cases that arose from it, which say much the same."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        arisen = [each.pk for each in restrictable(self.case, self.by)]
        if arisen:
            self.fields["also"] = SeveralField(
                Case.objects.filter(pk__in=arisen),
                label="Cases that arose from it, to be restricted with it",
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=arisen,
            )


class ChangeForm(PeopleForm):
    """Who may open it instead; and whose broken glass is mended before its time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        broken = Access.objects.standing().filter(case=self.case, right=Access.Right.GLASS)
        if broken.exists():
            self.fields["cut"] = Panes(
                broken.select_related("person"),
                label="Opened by breaking the glass, to be ended now",
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )

    def named_now(self) -> list[int]:
        named = Access.objects.standing().filter(case=self.case, right=Access.Right.NAMED)
        return list(named.values_list("person", flat=True))


class Panes(SeveralField):
    """Those who broke the glass, each with until when."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.person}, until {as_text(obj.until)}"


def _offer(field: forms.Field, choices: QuerySet[Any]) -> None:
    cast("SeveralField", field).queryset = choices


def _restrict(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    lists = {name: list(value) for name, value in cleaned.items() if isinstance(value, QuerySet)}
    restrict(case=case, by=by, version=version, **cleaned | lists)


def _name_people(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    lists = {name: list(value) for name, value in cleaned.items() if isinstance(value, QuerySet)}
    name_people(case=case, by=by, version=version, **cleaned | lists)


def _lift(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    lift(case=case, by=by, version=version, **cleaned)


def _may_restrict(case: Case, by: User) -> str:
    return "This case is restricted already." if case.is_restricted else restriction_refusal(case, by)


def _may_change(case: Case, by: User) -> str:
    return restriction_refusal(case, by) if case.is_restricted else "This case is not restricted."


RESTRICT: Final = DeskAction(
    "restrict", "Restrict to named people", "casework.restrict", RestrictForm, _restrict, "", _may_restrict
)
CHANGE: Final = DeskAction(
    "name_people",
    "Change who may open it",
    "casework.restrict",
    ChangeForm,
    _name_people,
    "",
    _may_change,
)
LIFT: Final = DeskAction(
    "lift",
    "Lift the restriction",
    "casework.restrict",
    LiftForm,
    _lift,
    "",
    _may_change,
    warning=True,
)
DEEDS: Final = (RESTRICT, CHANGE, LIFT)


def deeds_for(case: Case) -> tuple[DeskAction, ...]:
    """Those of the deeds that fit the case as it stands."""
    return (CHANGE, LIFT) if case.is_restricted else (RESTRICT,)
