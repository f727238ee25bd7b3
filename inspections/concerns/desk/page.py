"""The page of a concern: its facts, and the deeds on it."""

from collections.abc import Callable
from typing import Any, Final

from inspections.concerns import services
from inspections.concerns.desk.forms import AssessForm, CloseForm, InspectForm
from inspections.concerns.lifecycle import DECIDE
from inspections.concerns.models import Concern
from inspections.concerns.queries import like
from inspections.concerns.services.deciding import error_refusal
from inspections.concerns.services.inspecting import not_in_hand
from inspections.queries import arisen
from regulator.accounts.models import User
from regulator.casework.desk import Deed, DeskAction, DeskForm, DeskPage, FactSection, ReasonForm
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.organisations.policies import may


def facts(case: Case) -> list[FactSection]:
    """Where it came from, what was told, how it was assessed, and what followed (three queries at most).

    From which side it came has a heading of its own, so that a packet to another body can go without it.
    """
    concern = Concern.objects.select_related("assessed_by").get(pk=case.pk)
    concern.case = case
    sections = [
        FactSection("Concern", (("Received on", concern.received_on), ("What it is about", concern.text))),
        FactSection(
            "Where it came from (never outside CQC without need)",
            (("From", concern.get_source_display()), ("How", concern.get_way_display())),
        ),
        FactSection("Risk of harm", _assessment(concern)),
    ]
    if concern.outcome:
        followed = (("What followed", concern.get_outcome_display()), ("Why", concern.outcome_reason))
        sections.append(FactSection("Outcome", followed))
    inspections: tuple[tuple[str | Case, object], ...] = tuple(
        (each.case, f"{each.get_trigger_display()}, {each.case.status_label.lower()}")
        for each in arisen(case)
    )
    if inspections:
        sections.append(FactSection("Inspections that arose from this", inspections))
    others = tuple(like(concern))
    if others:
        rows: tuple[tuple[str | Case, object], ...] = tuple((each, each.status_label) for each in others)
        sections.append(FactSection("Same employer, side and day", rows))
    return sections


def _assessment(concern: Concern) -> tuple[tuple[str | Case, object], ...]:
    if not concern.harm:
        return (("Risk of harm", "Not assessed yet"),)
    return (
        ("Risk of harm", concern.get_harm_display()),
        ("Why", concern.harm_reason),
        ("Assessed by", f"{concern.assessed_by}, {as_text(concern.assessed_at)}"),
    )


def _deed(service: Callable[..., object]) -> Deed:
    def run(*, case: Case, by: User, version: int, **cleaned: Any) -> None:
        service(concern=case.concern, by=by, version=version, **cleaned)

    return run


def _inspect(*, case: Case, by: User, version: int, **cleaned: Any) -> Case:
    cleaned["further_sites"] = list(cleaned["further_sites"])
    return services.open_reactive_inspection(concern=case.concern, by=by, version=version, **cleaned).case


def _inspectable(case: Case, by: User) -> str:
    return not_in_hand(case) or ("" if may(by, DECIDE) else "Your role does not include this.")


def _an_error(case: Case, by: User) -> str:
    return error_refusal(case)


def _moving(
    name: str, label: str, service: Callable[..., object], form: type[DeskForm], *, warning: bool = False
) -> DeskAction:
    return DeskAction(name, label, DECIDE, form, _deed(service), name, warning=warning)


PAGE: Final = DeskPage(
    facts=facts,
    actions=(
        _moving("assess", "Assess the risk of harm", services.assess_concern, AssessForm),
        DeskAction(
            "open_inspection",
            "Open a reactive inspection",
            "inspections.open",
            InspectForm,
            _inspect,
            condition=_inspectable,
        ),
        _moving("close", "Close the concern", services.close_concern, CloseForm),
        _moving("reopen", "Reopen the concern", services.reopen_concern, ReasonForm),
        DeskAction(
            "mark_error",
            "Mark as recorded in error",
            DECIDE,
            ReasonForm,
            _deed(services.mark_in_error),
            "mark_error",
            condition=_an_error,
            warning=True,
        ),
    ),
)
