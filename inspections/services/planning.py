"""Opening an inspection, announcing it, calling it off."""

from datetime import date

from django.core.exceptions import ValidationError

from inspections import letters
from inspections.lifecycle import PLANNED
from inspections.models import Inspection
from inspections.services.holding import holding
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest, writing
from regulator.casework.models import Case
from regulator.casework.services import (
    assign,
    changing,
    inherit,
    mint_reference,
    move,
    open_case,
    refuse_identifiers,
)
from regulator.deadlines.services import BEYOND_REACH, end_deadlines, within_reach
from regulator.organisations.models import Employer, Modality, Site
from regulator.organisations.policies import permit


def open_inspection(
    *,
    employer: Employer,
    site: Site | None,
    modality: str,
    trigger: str,
    planned_on: date,
    by: Actor,
    lead: User | None = None,
    arose_from: Case | None = None,
    scope: str = "",
    brachytherapy: bool = False,
    identifies_nobody: str = "",
    origin: str = Case.Origin.LIVE,
    source_key: str | None = None,
) -> Inspection:
    """Put an inspection on the plan, with its reference; the employer does not see it yet.

    ``arose_from`` is the employer's own case that gave rise to it; a restriction on that holds for the
    inspection too. Raises ``NotPermitted``, or
    ``ValidationError`` by field: a site or a case of another employer, a case that ``by`` cannot see, an
    unknown trigger or modality, a day gone by or out of reach, or a lead who does not work on cases;
    ``IdentifiersFound`` for a scope that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    permit(by, "inspections.open", employer=employer)
    _check_plan(modality=modality, trigger=trigger, planned_on=planned_on, origin=origin)
    _check_source(arose_from, employer, by)
    with writing():
        case = open_case(
            kind="inspection",
            employer=employer,
            by=by,
            site=site,
            modality=modality,
            summary=Inspection.summary_of(trigger),
            origin=origin,
            source_key=source_key,
        )
        refuse_identifiers(case=case, texts={"scope": scope}, by=by, reason=identifies_nobody)
        inspection = Inspection.objects.create(
            case=case,
            trigger=trigger,
            arose_from=arose_from,
            scope=scope.strip(),
            brachytherapy=brachytherapy,
            planned_on=planned_on,
        )
        with changing(case, version=case.version) as held:
            mint_reference(held)
            source = arose_from.pk if arose_from else None
            payload = {
                "trigger": trigger,
                "planned_on": planned_on.isoformat(),
                "arose_from": source,
                "site": site.pk if site else None,
                "modality": modality,
                "brachytherapy": brachytherapy,
                "scope_sha256": text_digest(inspection.scope),
            }
            append("inspections.opened", case=held, by=by, payload=payload)
        if arose_from is not None:
            inherit(case=case, source=arose_from, by=by)
        if lead is not None:
            assign(case=case, assignee=lead, by=by, version=case.version)
    return inspection


def _check_plan(*, modality: str, trigger: str, planned_on: date, origin: str) -> None:
    """A published year is planned as it was; what is planned now lies ahead."""
    errors: dict[str, str] = {}
    if trigger not in Inspection.Trigger.values:
        errors["trigger"] = "Choose why the inspection takes place."
    if modality not in Modality.values:
        errors["modality"] = "Choose the modality."
    if origin == Case.Origin.LIVE and planned_on < clock.today():
        errors["planned_on"] = "The day planned for cannot be in the past."
    elif not within_reach(planned_on):
        errors["planned_on"] = BEYOND_REACH
    if errors:
        raise ValidationError(errors)


def _check_source(arose_from: Case | None, employer: Employer, by: Actor) -> None:
    """An inspection arises from a case of its employer, and from none that the actor may not know of."""
    if arose_from is None:
        return
    if isinstance(by, User) and not Case.objects.for_user(by).filter(pk=arose_from.pk).exists():
        raise ValidationError({"arose_from": "There is no such case."})
    if arose_from.employer_id != employer.pk:
        raise ValidationError({"arose_from": "This case belongs to another employer."})


def announce(*, inspection: Inspection, by: Actor, version: int | None) -> None:
    """Tell the employer of the planned visit; from now on they see the inspection."""
    with holding(inspection, version=version) as held:
        move(held, "announce", by=by, payload={"planned_on": inspection.planned_on.isoformat()})
        inspection.announced_on = clock.today()
        inspection.save(update_fields=["announced_on"])
        letters.announce(held, inspection)


def cancel(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Call an inspection off before the visit. One that was not announced is dropped unseen.

    ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with holding(inspection, version=version) as held:
        name = "drop" if held.status == PLANNED else "cancel"
        move(held, name, by=by, reason=reason, identifies_nobody=identifies_nobody)
        end_deadlines(case=held, by=by)
