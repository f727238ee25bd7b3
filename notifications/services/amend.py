"""Correcting a submitted notification: written section by section, out of CQC's sight, then sent.

What it said before is kept whole (``NotificationVersion``); modality, kind and employer never change.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from notifications import lifecycle
from notifications.codes import regime_of
from notifications.content import SECTIONS, DraftContent, canonical, content_of, digest
from notifications.identifying import texts_of
from notifications.letters import AMENDED, post_to_desk
from notifications.models import ComplementaryCode, Correction, Notification, NotificationVersion
from notifications.rules import Faults, submission_faults
from notifications.services.drafts import checked, store, summary_of
from notifications.versions import as_told
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow, StaleVersion
from regulator.casework.evidence.kept import keep_text
from regulator.casework.models import Case
from regulator.casework.services import changing, refuse_identifiers
from regulator.casework.visibility import permit_on
from regulator.deadlines.services import redate_deadline
from regulator.organisations.policies import NotPermitted

_REDATED = ("notify", "report")


def amendment_refusal(case: Case) -> str:
    """Why what was told cannot be corrected now, in plain English; ``""`` where it can."""
    if case.status in lifecycle.AMENDABLE:
        return ""
    return "A notification can be corrected from its submission until it is closed."


def save_correction(
    *,
    notification: Notification,
    by: Actor,
    version: int,
    content: DraftContent,
    identifies_nobody: str = "",
) -> Correction:
    """Keep the whole content as it is to become. Nothing of the notification changes, and CQC sees nothing.

    ``version`` is the correction's own. Raises ``ValidationError`` for what no draft can hold or for another
    modality or kind, ``StaleVersion`` where a colleague was faster, ``IdentifiersFound`` for a text that
    changed and seems to identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    by = _corrector(notification.case, by)
    checked(content, employer=notification.case.employer_id, stored=notification)
    _same_matter(notification, content)
    with writing():
        held = _held(notification, version, by)
        refuse_identifiers(
            case=notification.case,
            texts=texts_of(content),
            stored=texts_of(content_of(notification)),
            by=by,
            reason=identifies_nobody,
        )
        held.content = canonical(content)
        return _saved(held, by)


def drop_correction(*, notification: Notification, by: Actor, version: int) -> Correction:
    """Give up the correction in hand; what CQC was told stands."""
    by = _corrector(notification.case, by)
    with writing():
        held = _held(notification, version, by)
        held.content = ""
        return _saved(held, by)


def amend(
    *, notification: Notification, by: Actor, version: int, reason: str, identifies_nobody: str = ""
) -> NotificationVersion:
    """Put the correction in hand in the place of what was told, and tell whoever leads the case.

    The whole must be fit for submission. The criteria regime follows the days of the incident, the clocks
    follow that of the discovery. ``version`` is the correction's own. ``IdentifiersFound`` for a reason, or a
    text that changed, that seems to identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    by = _corrector(notification.case, by)
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is corrected."})
    with writing():
        notification.case.refresh_from_db()  # from here on nobody else writes
        return _send(notification, by, version, reason.strip(), identifies_nobody)


def _send(
    notification: Notification, by: User, version: int, reason: str, identifies_nobody: str
) -> NotificationVersion:
    with changing(notification.case, version=notification.case.version) as held:
        _permit_state(held)
        correction = _held(notification, version, by)
        stored = Notification.objects.select_related(*SECTIONS, "reporter_cause").get(pk=held.pk)
        stored.case = held
        before, after = content_of(stored), _content(stored, correction)
        if before == after:
            raise ValidationError("Nothing has been changed yet, so there is nothing to send.")
        codes = _fit(after, stored)
        texts = texts_of(after) | {"reason": reason}
        refuse_identifiers(case=held, texts=texts, stored=texts_of(before), by=by, reason=identifies_nobody)
        kept = _keep(stored, before, by, reason)
        _replace(stored, after, codes)
        correction.content = ""
        _saved(correction, by)
        redated = _record(held, kept, before, after, by)
        post_to_desk(AMENDED, case=held, redated=redated)
    return kept


def content_in_hand(notification: Notification, correction: Correction | None) -> DraftContent:
    """What the notification would say once the correction is sent; what it says where none is in hand."""
    return _content(notification, correction) if correction else content_of(notification)


def _corrector(case: Case, by: Actor) -> User:
    permit_on(case, "notifications.amend", by)
    if not isinstance(by, User):
        raise NotPermitted("A notification is corrected by a person.")
    _permit_state(case)
    return by


def _permit_state(case: Case) -> None:
    refusal = amendment_refusal(case)
    if refusal:
        raise NotAllowedNow(refusal)


def _same_matter(notification: Notification, content: DraftContent) -> None:
    if content.modality != notification.case.modality or content.basis != notification.basis:
        raise ValidationError("The modality and the kind of a notification cannot change after submission.")
    if content.site is not None and content.site.employer_id != notification.case.employer_id:
        raise ValidationError({"site": "This site belongs to another employer."})


def _held(notification: Notification, version: int, by: User) -> Correction:
    """The correction's row, at the version that was read. Inside ``writing``: one writer at a time."""
    fresh = Correction(notification_id=notification.pk, saved_by=by)
    held = Correction.objects.filter(pk=notification.pk).first() or fresh
    if version != held.version:
        raise StaleVersion(read=version, current=held.version)
    return held


def _saved(held: Correction, by: User) -> Correction:
    held.version, held.saved_at, held.saved_by = held.version + 1, clock.now(), by
    held.save()
    return held


def _content(notification: Notification, correction: Correction) -> DraftContent:
    if not correction.content:
        return content_of(notification)
    [told] = as_told(notification, [correction.content])
    return content_of(told)


def _fit(content: DraftContent, stored: Notification) -> list[ComplementaryCode]:
    """The codes of a content that could be submitted today. Raises ``ValidationError`` for any other."""
    faults: Faults = submission_faults(content, regime=regime_of(content), today=clock.today())
    if faults:
        raise ValidationError(faults)
    return checked(content, employer=stored.case.employer_id, stored=stored)


def _keep(stored: Notification, before: DraftContent, by: User, reason: str) -> NotificationVersion:
    return NotificationVersion.objects.create(
        notification=stored,
        number=NotificationVersion.objects.filter(notification=stored).count() + 1,
        content=canonical(before),
        digest=digest(before),
        made_at=clock.now(),
        by=by,
        reason=reason,
    )


def _replace(stored: Notification, after: DraftContent, codes: list[ComplementaryCode]) -> None:
    regime = regime_of(after)
    stored.criteria_regime = regime.regime_of(after.criterion_code) if regime else ""
    stored.save(update_fields=["criteria_regime"])
    store(stored, after, codes, fresh=False)
    stored.case.site, stored.case.summary = after.site, summary_of(after)


def _record(
    held: Case, kept: NotificationVersion, before: DraftContent, after: DraftContent, by: User
) -> bool:
    """Put it on the chain, and let the clocks follow; answers whether any was counted anew."""
    sha256 = keep_text(held, canonical(after))
    payload: dict[str, Any] = {"version": kept.number, "before": kept.digest, "sha256": sha256}
    append("notifications.amended", case=held, by=by, payload=payload, text=kept.reason)
    discovered: date | None = after.discovered_on
    if discovered is None or discovered == before.discovered_on:
        return False
    redated = [redate_deadline(case=held, kind=kind, start_on=discovered, by=by) for kind in _REDATED]
    return any(each is not None for each in redated)
