"""The drafter's look at findings that were corrected or withdrawn after the notice was drafted."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from enforcement.findings import SETTLED, unsettled
from enforcement.lifecycle import DRAFT
from enforcement.models import Notice
from enforcement.services.holding import holding
from inspections.models import Finding
from regulator.accounts.actors import Actor
from regulator.casework.chain import append
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services import refuse_identifiers
from regulator.casework.visibility import permit_on

NONE_FELL = "Every finding that this notice rests on stands, or was looked at since it fell."


def settle_findings(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    taken: Sequence[Finding],
    reason: str = "",
    identifies_nobody: str = "",
) -> None:
    """Let a draft rest on what its findings say now: of those that fell, ``taken`` are replaced by their
    correction, or dropped where they were withdrawn or are no breach any more; the others stay, for the
    ``reason``.

    Its texts and provisions are not touched: whoever settles edits them where they say otherwise. Raises
    ``NotPermitted`` (also for whoever may not see the inspection), ``NotAllowedNow`` outside a draft and
    where none fell, ``ValidationError`` by field, and ``IdentifiersFound`` for a reason that seems to
    identify somebody, unless ``identifies_nobody`` says why.
    """
    with holding(notice, version=version) as held:
        permit_on(held, "enforcement.draft", by)
        if notice.inspection is not None:
            permit_on(notice.inspection.case, "enforcement.draft", by)
        if held.status != DRAFT:
            raise NotAllowedNow("Only a draft can be edited.")
        waiting, wanted = unsettled(notice), {each.pk for each in taken}
        if not waiting:
            raise NotAllowedNow(NONE_FELL)
        if wanted - {each.finding.pk for each in waiting}:
            raise ValidationError({"taken": "Choose among the findings that were corrected or withdrawn."})
        kept = [each for each in waiting if each.finding.pk not in wanted]
        if kept and not reason.strip():
            raise ValidationError({"reason": "Say why the notice still rests on what is not taken over."})
        refuse_identifiers(case=held, texts={"reason": reason}, by=by, reason=identifies_nobody)
        replaced = [each for each in waiting if each.finding.pk in wanted]
        notice.findings.remove(*(each.finding for each in replaced))
        notice.findings.add(*(each.heir for each in replaced if each.heir is not None))
        payload = {
            "findings": sorted(notice.findings.values_list("pk", flat=True)),
            "taken": [each.pair for each in replaced],
            "kept": [each.pair for each in kept],
        }
        append(SETTLED, case=held, by=by, payload=payload, text=reason.strip())
