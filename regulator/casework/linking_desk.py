"""Linked cases on the desk: the panel on a case's page, and the deeds that make and end a link."""

from typing import Any, Final, cast

from django import forms
from django.db.models import QuerySet

from regulator.accounts.models import User
from regulator.casework.desk import CaseReferenceField, DeskAction, DeskTable, ReasonForm
from regulator.casework.models import Case, CaseLink
from regulator.casework.services.linking import PERMISSION, link_cases, unlink_cases


class LinkForm(ReasonForm):
    """With which case, and why."""

    reference = CaseReferenceField(
        label="Reference of the other case", help_text="For example IRN-2026-00002-N."
    )
    field_order = ("reference", "reason")


class LinkChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """The links of a case, each shown as the other case."""

    def __init__(self, case: Case, links: QuerySet[CaseLink]) -> None:
        self.case = case
        super().__init__(links, label="Linked case", empty_label="Choose a case")

    def label_from_instance(self, obj: Any) -> str:
        return str(other_side(obj, self.case))


class UnlinkForm(ReasonForm):
    """Which link, of those whose other case this person may read, and why."""

    field_order = ("link", "reason")

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        super().__init__(*args, case=case, by=by, **kwargs)
        seen = Case.objects.for_user(by).values("pk")
        links = links_of(case).filter(first__in=seen, second__in=seen)
        self.fields["link"] = LinkChoice(case, links)
        self.order_fields(self.field_order)


def links_of(case: Case) -> QuerySet[CaseLink]:
    """The links that stand, with both cases."""
    return CaseLink.objects.standing().of(case.pk).select_related("first", "second")


def other_side(link: CaseLink, case: Case) -> Case:
    return link.second if link.first_id == case.pk else link.first


def linked_panel(case: Case) -> DeskTable:
    """The cases with which this one is linked (one query where there is any, and ``case`` tells)."""
    rows: list[tuple[object, ...]] = []
    if getattr(case, "has_links", True):
        made = links_of(case).select_related("first", "second", "made_by", "event__typed")
        rows = [
            (other_side(link, case), other_side(link, case).status_label, link.made_by, _why(link))
            for link in made
        ]
    return DeskTable(
        title="Linked cases",
        headings=("Case", "Status", "Linked by", "Why"),
        rows=tuple(rows),
        empty="This case is linked with no other.",
    )


def _why(link: CaseLink) -> str:
    typed = getattr(link.event, "typed", None)
    return typed.text if typed else ""


def _link(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    link_cases(case=case, by=by, **cleaned)


def _unlink(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
    unlink_cases(case=case, by=by, **cleaned)


def _is_linked(case: Case, by: User) -> str:
    linked = cast("bool | None", getattr(case, "has_links", None))
    if linked is None:
        linked = CaseLink.objects.standing().of(case.pk).exists()
    return "" if linked else "This case is linked with no other."


LINK: Final = DeskAction("link", "Link with another case", PERMISSION, LinkForm, _link)
UNLINK: Final = DeskAction(
    "unlink", "Take a link off", PERMISSION, UnlinkForm, _unlink, "", _is_linked, warning=True
)
DEEDS: Final = (LINK, UNLINK)


def deeds_for(case: Case) -> tuple[DeskAction, ...]:
    """Those of the deeds that fit the case as it stands: none of a link to take off where there is none."""
    return (LINK, UNLINK) if getattr(case, "has_links", True) else (LINK,)
