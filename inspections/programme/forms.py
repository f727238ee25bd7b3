"""What drawing and changing a programme ask for."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms

from inspections.programme.drawing import Candidate, Stratum
from inspections.programme.services import Wanted
from inspections.programme.services.drawing import LEAST_BY_CHANCE, MOST_BY_CHANCE, MOST_PLACES
from inspections.programme.services.holding import years_to_draw
from inspections.programme.sharing import hazards, shares
from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework import reasons
from regulator.casework.desk import DayInput
from regulator.frontend.fields import PlainErrors, RowVersionField
from regulator.organisations.models import Employer, EmployerType, Modality, Site

PLACES: Final = 40
REACTIVE: Final = 10
BY_RULE: Final = 8
BY_TIME: Final = 6
BY_CHANCE: Final = 6
REST_YEARS: Final = 2
FLOOR_YEARS: Final = 8
"""Where the form begins: CQC's 40 inspections of 2023/24 in all; the rest is the portal's own, for people to
change."""


class _Form(PlainErrors, forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class _Reasoned(_Form):
    reason = forms.CharField(
        label="Reason",
        max_length=reasons.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept for good. Do not name a person.",
    )
    version = RowVersionField()


def _number(
    label: str, initial: int, least: int = 0, most: int = MOST_PLACES, hint: str = ""
) -> forms.IntegerField:
    return forms.IntegerField(label=label, initial=initial, min_value=least, max_value=most, help_text=hint)


class DrawForm(_Form):
    """How many places there are and how they are shared. One box for each modality and sector that has
    somebody."""

    reactive = _number("Places kept free for reactive inspections", REACTIVE)
    by_chance = _number(
        "Places drawn by chance",
        BY_CHANCE,
        LEAST_BY_CHANCE,
        MOST_BY_CHANCE,
        "4 to 8: the only honest way to learn what there is to find where the score sees nothing.",
    )
    by_rule = _number("Places at most for those whom a rule asks to look at", BY_RULE)
    by_time = _number("Places at most for those who have waited longest", BY_TIME)
    floor_years = _number("Years without a visit after which somebody is among those", FLOOR_YEARS, 1, 50)
    rest_years = _number("Years after a visit in which an employer is left alone", REST_YEARS, 0, 20)

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.strata = sorted({each.stratum for each in candidates if not each.is_underway})
        suggested = shares(
            PLACES - REACTIVE - BY_RULE - BY_TIME - BY_CHANCE,
            (each.stratum for each in candidates if not each.is_underway),
            hazards(),
        )
        for stratum in self.strata:
            modality, sector = stratum
            label = f"By the score: {Modality(modality).label}, {EmployerType(sector).label}"
            self.fields[_box(stratum)] = _number(label, suggested[stratum])

    def wanted(self) -> Wanted:
        """What a valid form asks for."""
        said = self.cleaned_data
        return Wanted(
            split={each: said[_box(each)] for each in self.strata},
            by_rule=said["by_rule"],
            by_time=said["by_time"],
            by_chance=said["by_chance"],
            reactive=said["reactive"],
            rest_years=said["rest_years"],
            floor_years=said["floor_years"],
        )


def _box(stratum: Stratum) -> str:
    return f"split-{stratum[0]}-{stratum[1]}"


class YearForm(DrawForm):
    """Drawing a programme for the first time."""

    year = forms.TypedChoiceField(label="Reporting year", coerce=int)
    field_order = ("year",)

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, candidates=candidates, **kwargs)
        choices = [(each, f"April {each} to March {each + 1}") for each in years_to_draw()]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]


class AgainForm(DrawForm, _Reasoned):
    """Drawing it anew, and why."""


class ApproveForm(_Form):
    version = RowVersionField()


class MoveForm(_Reasoned):
    to = forms.IntegerField(label="Position", min_value=1, max_value=MOST_PLACES + MOST_BY_CHANCE)
    field_order = ("to",)


class DropForm(_Reasoned):
    pass


class AddForm(_Reasoned):
    employer = forms.ModelChoiceField(queryset=Employer.objects.none())
    modality = forms.ChoiceField(choices=Modality.choices)
    field_order = ("employer", "modality")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = Employer.objects.order_by("name", "pk")  # type: ignore[attr-defined]


class OpenForm(_Form):
    """The inspection of a place."""

    site = forms.ModelChoiceField(queryset=Site.objects.none(), required=False)
    planned_on = forms.DateField(label="Planned for", widget=DayInput())
    lead = forms.ModelChoiceField(queryset=User.objects.none(), required=False, label="Lead inspector")
    version = RowVersionField()

    def __init__(self, *args: Any, employer: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.filter(employer=employer, is_open=True)  # type: ignore[attr-defined]
        inspectors = User.objects.filter(is_active=True, role__in=roles_with("inspections.conduct"))
        self.fields["lead"].queryset = inspectors  # type: ignore[attr-defined]
