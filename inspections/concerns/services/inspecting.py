"""Opening the reactive inspection to which a concern gives rise, without its words going along."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError

from inspections import services as inspecting
from inspections.concerns.deadlines import ACTION
from inspections.concerns.lifecycle import DECIDE, IN_HAND
from inspections.concerns.models import Concern
from inspections.concerns.services.holding import holding
from inspections.models import Inspection
from regulator.accounts.models import User
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import meet_deadline
from regulator.organisations.models import Site

RUN: Final = 5
"""So many words in the same order are a quotation."""


def open_reactive_inspection(
    *,
    concern: Concern,
    by: User,
    version: int,
    site: Site | None,
    modality: str,
    planned_on: date,
    trigger: str = Inspection.Trigger.REACTIVE,
    lead: User | None = None,
    scope: str = "",
    further_sites: Sequence[Site] = (),
    identifies_nobody: str = "",
) -> Inspection:
    """Open an inspection that arises from the concern; the concern stays where it is, and its timeline says
    so. A restriction of the concern holds for the inspection too.

    The scope goes into the announcement, so one that quotes the concern is refused (``quotes``). Raises
    ``NotPermitted``, ``NotAllowedNow`` for a concern that is over, ``StaleVersion`` where somebody was
    faster, and as ``open_inspection`` does.
    """
    permit_on(concern.case, DECIDE, by)
    permit_on(concern.case, "inspections.open", by)
    with holding(concern, version=version) as held:
        if refused := not_in_hand(held):
            raise NotAllowedNow(refused)
        if quotes(scope, concern.text):
            raise ValidationError(
                {"scope": "This repeats words of the concern, and the employer reads it. Put it generally."}
            )
        made = inspecting.open_inspection(
            employer=held.employer,
            site=site,
            modality=modality,
            trigger=trigger,
            planned_on=planned_on,
            by=by,
            lead=lead,
            arose_from=held,
            scope=scope,
            further_sites=further_sites,
            identifies_nobody=identifies_nobody,
        )
        append("concerns.inspection_opened", case=held, by=by, payload={"inspection": made.pk})
        meet_deadline(case=held, kind=ACTION.name, by=by)
    return made


def not_in_hand(case: Case) -> str:
    """Why no inspection is opened from a concern, in plain English; ``""`` where one may be."""
    return "" if case.status in IN_HAND else "The concern is over. Reopen it first."


def quotes(text: str, of: str) -> bool:
    """Whether ``text`` repeats words of another in the same order: ``RUN`` of them, or all where there are
    fewer. Neither case nor punctuation matters. Pure."""
    said, heard = (re.findall(r"\w+", each.casefold()) for each in (text, of))
    length = min(RUN, len(heard))
    runs = {tuple(heard[at : at + length]) for at in range(len(heard) - length + 1)} if heard else set()
    return any(tuple(said[at : at + length]) in runs for at in range(len(said) - length + 1))
