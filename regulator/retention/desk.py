"""Legal holds on the desk: the panel on a case's page, and the deeds that place one and release it."""

from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet

from regulator.accounts.models import User
from regulator.casework.desk import (
    DEEDS_OF_ANY_KIND,
    DESK_PANELS,
    EVERYDAY,
    HOME_PANELS,
    DeskAction,
    DeskTable,
    ReasonForm,
)
from regulator.casework.evidence.past import ERASED
from regulator.casework.models import Case, EventText
from regulator.casework.reading import CASE_LISTS, CaseList, listed
from regulator.casework.wording import as_text
from regulator.retention.models import LegalHold
from regulator.retention.permissions import HOLD, MANAGE_HOLDS
from regulator.retention.services.holds import OWN, place_hold, release_hold

HOLDS: Final = "retention.holds"
WHY: Final = "retention.hold_texts"


def contribute() -> None:
    """Register what every case's page shows and offers, and what the desk's home counts."""
    from regulator.retention.desk_home import second_person

    CASE_LISTS.register(HOLDS, CaseList(_covering))
    CASE_LISTS.register(WHY, CaseList(_texts))
    DESK_PANELS.register(HOLDS, holds_panel)
    for action in (PLACE, RELEASE):
        EVERYDAY.register(action.name, action)
    DEEDS_OF_ANY_KIND.register("retention", deeds_for)
    HOME_PANELS.register("retention.second_person", second_person)


def _covering(pk: int) -> QuerySet[LegalHold]:
    """The holds of a case and of its employer, as one condition without a join."""
    employer = Case.objects.filter(pk=pk).order_by().values("employer")
    return LegalHold.objects.filter(Q(case=pk) | Q(employer__in=employer))


def _texts(pk: int) -> QuerySet[EventText]:
    """Why each was placed and released."""
    holds = _covering(pk).order_by()
    released = holds.filter(release_event__isnull=False).values("release_event")
    return EventText.objects.filter(Q(event__in=holds.values("event")) | Q(event__in=released))


def holds_panel(case: Case) -> DeskTable:
    """Every hold that keeps the case or once did, with why (no query once ``read_lists`` has read them)."""
    holds: list[LegalHold] = listed(case, HOLDS)
    texts: dict[int | None, str] = {each.event_id: each.text for each in listed(case, WHY)}
    return DeskTable(
        title="Legal holds",
        headings=("Of", "Placed", "Why", "How it stands"),
        rows=tuple(_row(each, texts) for each in holds),
        empty="No legal hold was placed.",
    )


def _row(hold: LegalHold, texts: dict[int | None, str]) -> tuple[object, ...]:
    of = "This case" if hold.case_id else "Every case of the employer"
    placed = f"{as_text(hold.placed_at)}, by {hold.placed_by}"
    stands = "It stands."
    if hold.released_at is not None:
        why = texts.get(hold.release_event_id, ERASED)
        stands = f"Released {as_text(hold.released_at)}, by {hold.released_by}: {why}"
    return of, placed, texts.get(hold.event_id, ERASED), stands


class HoldForm(ReasonForm):
    """Why nothing of the case may be removed."""


class HoldChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The holds on a case that stand, each by who placed it and when."""

    def label_from_instance(self, obj: Any) -> str:
        return f"Placed {as_text(obj.placed_at)}, by {obj.placed_by}"


class ReleaseForm(ReasonForm):
    """Which hold, of those that somebody else placed on this case, and why."""

    field_order = ("hold", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = LegalHold.objects.standing().filter(case=self.case.pk)
        releasable = own.exclude(placed_by=self.by.pk).select_related("placed_by")
        self.fields["hold"] = HoldChoice(releasable, label="Legal hold", empty_label="Choose a hold")
        self.order_fields(self.field_order)


def _place(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    """A hold changes nothing on the case, so no version can be too old for one."""
    place_hold(case=case, by=by, **cleaned)


def _release(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    release_hold(by=by, **cleaned)


def _may_release(case: Case, by: User) -> str:
    standing = [each for each in listed(case, HOLDS) if each.case_id and each.stands]
    if not standing:
        return "No legal hold on this case stands."
    return OWN if all(each.placed_by_id == by.pk for each in standing) else ""


PLACE: Final = DeskAction("hold", "Place a legal hold", HOLD, HoldForm, _place)
RELEASE: Final = DeskAction(
    "release_hold",
    "Release a legal hold",
    MANAGE_HOLDS,
    ReleaseForm,
    _release,
    "",
    _may_release,
    warning=True,
)


def deeds_for(case: Case) -> tuple[DeskAction, ...]:
    """Those of the deeds that fit the case as it stands."""
    standing = any(each.case_id and each.stands for each in listed(case, HOLDS))
    return (PLACE, RELEASE) if standing else (PLACE,)
