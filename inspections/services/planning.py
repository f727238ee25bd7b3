"""Opening an inspection or one that follows another up, standing it down."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from inspections import letters
from inspections.lifecycle import PLANNED
from inspections.models import Inspection, InspectionSite
from inspections.models.inspection import LONGEST_THEME
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

Trigger: Final = Inspection.Trigger


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
    theme: str = "",
    scope: str = "",
    brachytherapy: bool = False,
    further_sites: Sequence[Site] = (),
    identifies_nobody: str = "",
    origin: str = Case.Origin.LIVE,
    source_key: str | None = None,
) -> Inspection:
    """Put an inspection on the plan, with its reference; the employer does not see it yet.

    ``arose_from`` is the employer's own case that gave rise to it; a restriction on that holds for the
    inspection too. ``further_sites`` it concerns beside ``site``. A follow-up arises from an inspection that
    was on site, a themed one has a ``theme``. Raises ``NotPermitted``, or ``ValidationError`` by field: a
    site or a case of another employer, a case that ``by`` cannot see, an unknown trigger or modality, a day
    gone by or out of reach, or a lead who does not work on cases; ``IdentifiersFound`` for a scope or theme
    that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    permit(by, "inspections.open", employer=employer)
    theme, scope = theme.strip(), scope.strip()
    _check_plan(modality=modality, trigger=trigger, planned_on=planned_on, origin=origin)
    if brachytherapy and modality != Modality.RADIOTHERAPY:
        raise ValidationError({"brachytherapy": "Brachytherapy is looked at in radiotherapy only."})
    _check_theme(trigger, theme)
    _check_source(arose_from, employer, by)
    _check_follow_up(trigger, arose_from)
    others = _further(site, further_sites, employer)
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
        texts = {"scope": scope, "theme": theme}
        refuse_identifiers(case=case, texts=texts, by=by, reason=identifies_nobody)
        inspection = Inspection.objects.create(
            case=case,
            trigger=trigger,
            theme=theme,
            arose_from=arose_from,
            scope=scope,
            brachytherapy=brachytherapy,
            planned_on=planned_on,
        )
        for each in others:
            InspectionSite.objects.create(inspection=inspection, site=each)
        with changing(case, version=case.version) as held:
            mint_reference(held)
            payload = _opened(inspection, held) | {"further_sites": [each.pk for each in others]}
            append("inspections.opened", case=held, by=by, payload=payload)
        if arose_from is not None:
            inherit(case=case, source=arose_from, by=by)
        if lead is not None:
            assign(case=case, assignee=lead, by=by, version=case.version)
    return inspection


def _opened(inspection: Inspection, case: Case) -> dict[str, object]:
    """What the chain records of a new inspection: values, and digests of what was typed."""
    return {
        "trigger": inspection.trigger,
        "planned_on": inspection.planned_on.isoformat(),
        "arose_from": inspection.arose_from_id,
        "site": case.site_id,
        "modality": case.modality,
        "brachytherapy": inspection.brachytherapy,
        "scope_sha256": text_digest(inspection.scope),
        "theme_sha256": text_digest(inspection.theme),
    }


def _check_plan(*, modality: str, trigger: str, planned_on: date, origin: str) -> None:
    """A published year is planned as it was; what is planned now lies ahead."""
    errors: dict[str, str] = {}
    if trigger not in Trigger.values:
        errors["trigger"] = "Choose why the inspection takes place."
    if modality not in Modality.values:
        errors["modality"] = "Choose the modality."
    if origin == Case.Origin.LIVE and planned_on < clock.today():
        errors["planned_on"] = "The day planned for cannot be in the past."
    elif not within_reach(planned_on):
        errors["planned_on"] = BEYOND_REACH
    if errors:
        raise ValidationError(errors)


def _check_theme(trigger: str, theme: str) -> None:
    """A themed inspection says what it looks at; no other has a theme."""
    if trigger == Trigger.THEMED and not theme:
        raise ValidationError({"theme": "Write what the themed inspection looks at."})
    if trigger != Trigger.THEMED and theme:
        raise ValidationError({"theme": "Only a themed inspection has a theme. Leave it empty."})
    if len(theme) > LONGEST_THEME:
        raise ValidationError({"theme": f"Use {LONGEST_THEME} characters or fewer."})


def _check_source(arose_from: Case | None, employer: Employer, by: Actor) -> None:
    """An inspection arises from a case of its employer, and from none that the actor may not know of."""
    if arose_from is None:
        return
    if isinstance(by, User) and not Case.objects.for_user(by).filter(pk=arose_from.pk).exists():
        raise ValidationError({"arose_from": "There is no such case."})
    if arose_from.employer_id != employer.pk:
        raise ValidationError({"arose_from": "This case belongs to another employer."})


def _check_follow_up(trigger: str, arose_from: Case | None) -> None:
    """A follow-up looks again at what an inspection saw on site (one query)."""
    if trigger != Trigger.FOLLOW_UP:
        return
    first = Inspection.objects.filter(pk=arose_from.pk).first() if arose_from else None
    if first is None or first.visited_on is None:
        raise ValidationError({"arose_from": "A follow-up follows an inspection that was on site."})


def _further(site: Site | None, further: Sequence[Site], employer: Employer) -> list[Site]:
    """The sites beside the first, each once. Raises ``ValidationError`` where one is not the employer's, or
    where there is no first."""
    if any(each.employer_id != employer.pk for each in further):
        raise ValidationError({"further_sites": "One of these sites belongs to another employer."})
    if further and site is None:
        raise ValidationError({"site": "Choose the first site, too."})
    return [each for each in dict.fromkeys(further) if each != site]


def stand_down(
    *,
    inspection: Inspection,
    by: Actor,
    version: int | None,
    reason: str,
    identifies_nobody: str = "",
) -> None:
    """Call an inspection off before the visit. The employer is told, unless it never knew: then it sees
    nothing of it afterwards either.

    ``IdentifiersFound`` for a reason that seems to identify somebody, unless ``identifies_nobody`` says why.
    """
    with holding(inspection, version=version) as held:
        unseen = held.status == PLANNED
        name = "stand_down_unseen" if unseen else "stand_down"
        move(held, name, by=by, reason=reason, identifies_nobody=identifies_nobody)
        end_deadlines(case=held, by=by)
        if not unseen:
            letters.call_off(held, inspection)
