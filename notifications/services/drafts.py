"""Writing a draft: starting, saving as often as wanted, giving up. Anything may still be missing."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from notifications import lifecycle
from notifications.content import (
    SECTIONS,
    STORED_FIELDS,
    DraftContent,
    content_of,
    digest,
    section_of,
    values_of,
)
from notifications.identifying import texts_of
from notifications.models import Basis, ComplementaryCode, Notification
from notifications.queries import KIND, whole
from notifications.rules import draft_faults
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import changing, move, open_case, refuse_identifiers
from regulator.deadlines.kinds import DEADLINES
from regulator.deadlines.services import due_date, end_deadlines, no_clock_yet, open_deadline
from regulator.organisations.models import Employer
from regulator.organisations.policies import permit


def start_draft(
    *,
    employer: Employer,
    by: Actor,
    content: DraftContent,
    origin: str = Case.Origin.LIVE,
    source_key: str | None = None,
    identifies_nobody: str = "",
) -> Notification:
    """A new draft of the employer's, without a reference. With a date of discovery its 14 days run.

    ``source_key`` names the record of a published year that it replays. Raises ``ValidationError`` only for
    what no draft can hold, ``IdentifiersFound`` among it unless ``identifies_nobody`` says why.
    """
    permit(by, "notifications.draft", employer=employer)
    codes = checked(content)
    with writing():
        case = open_case(
            kind=KIND,
            employer=employer,
            by=by,
            site=content.site,
            modality=content.modality,
            summary=summary_of(content),
            origin=origin,
            source_key=source_key,
            next_due_on=_notify_by(content),
        )
        refuse_identifiers(case=case, texts=texts_of(content), by=by, reason=identifies_nobody)
        notification = Notification(case=case)
        store(notification, content, codes, fresh=True)
        append("notifications.drafted", case=case, by=by, payload={"sha256": digest(content)})
        _run_notify_clock(case, content, by, fresh=True)
    return notification


def save_draft(
    *,
    notification: Notification,
    by: Actor,
    version: int | None,
    content: DraftContent,
    identifies_nobody: str = "",
) -> Notification:
    """Replace the draft's content. Saving what is stored already changes nothing, not even the version.

    Raises ``NotAllowedNow`` once it is submitted, ``IdentifiersFound`` for a text that changed and seems to
    identify somebody, unless ``identifies_nobody`` says why it does not.
    """
    case = notification.case
    permit(by, "notifications.draft", employer=case.employer_id)
    codes = checked(content)
    if content.site is not None and content.site.employer_id != case.employer_id:
        raise ValidationError({"site": "This site belongs to another employer."})
    stored = whole().get(pk=case.pk)
    same = stored.case.status == lifecycle.DRAFT and content_of(stored) == content
    if same and version in (None, stored.case.version):
        return stored
    with changing(case, version=version) as held:
        if held.status != lifecycle.DRAFT:
            raise NotAllowedNow("Only a draft can be edited; this notification has been submitted.")
        refuse_identifiers(
            case=held,
            texts=texts_of(content),
            stored=texts_of(content_of(stored)),
            by=by,
            reason=identifies_nobody,
        )
        held.site, held.modality, held.summary = content.site, content.modality, summary_of(content)
        stored.case = held
        store(stored, content, codes, fresh=False)
        append("notifications.draft_saved", case=held, by=by, payload={"sha256": digest(content)})
        if not _run_notify_clock(held, content, by):
            end_deadlines(case=held, by=by)
    stored.case = case
    return stored


def discard(*, notification: Notification, by: Actor, version: int | None) -> Notification:
    """Give a draft up. It keeps its history, has no reference and counts nowhere."""
    with changing(notification.case, version=version) as held:
        move(held, "discard", by=by)
        end_deadlines(case=held, by=by)
    return notification


def summary_of(content: DraftContent) -> str:
    """The line by which lists name the case: kind of imaging or treatment, and the procedure."""
    labels = dict(Notification._meta.get_field("sub_modality").flatchoices)
    parts = (labels.get(content.sub_modality, ""), content.procedure.strip())
    return ": ".join(part for part in parts if part)[:200]


def checked(content: DraftContent) -> list[ComplementaryCode]:
    """The complementary codes of a content that a draft can hold; ``ValidationError`` for any other."""
    faults = draft_faults(content, today=clock.today())
    wanted = set(content.complementary_codes)
    codes = list(ComplementaryCode.objects.filter(key__in=wanted)) if wanted else []
    if len(codes) != len(wanted):
        faults["complementary_codes"] = ["Choose complementary codes from the list."]
    if faults:
        raise ValidationError(faults)
    return codes


def store(
    notification: Notification, content: DraftContent, codes: list[ComplementaryCode], *, fresh: bool
) -> None:
    """Write the row, its sections and codes; of what is stored already, only what changed."""
    for name in STORED_FIELDS:
        setattr(notification, name, getattr(content, name))
    notification.save(force_insert=fresh)
    before = set() if fresh else {each.pk for each in notification.complementary_codes.all()}
    if before != {each.pk for each in codes}:
        notification.complementary_codes.set(codes)
    for name in SECTIONS:
        _store_section(notification, name, getattr(content, name), fresh=fresh)


def _store_section(notification: Notification, name: str, wanted: Any, *, fresh: bool) -> None:
    table = SECTIONS[name][1]
    stored = None if fresh else section_of(notification, name)
    if wanted == stored:
        return
    if wanted is None:
        table.objects.filter(pk=notification.pk).delete()
        notification._state.fields_cache.pop(name, None)
        return
    row = table(notification=notification, **values_of(wanted))
    row.save(force_insert=stored is None)
    setattr(notification, name, row)


def _run_notify_clock(case: Case, content: DraftContent, by: Actor, *, fresh: bool = False) -> bool:
    """Let the 14 days of a statutory notification run from discovery; whether they run."""
    if content.basis != Basis.STATUTORY or content.discovered_on is None:
        return False
    if fresh:
        no_clock_yet(case)
    open_deadline(case=case, kind="notify", start_on=content.discovered_on, by=by)
    return True


def _notify_by(content: DraftContent) -> date | None:
    """The last of the 14 days, where they run."""
    if content.basis != Basis.STATUTORY or content.discovered_on is None:
        return None
    return due_date(DEADLINES.get("notify"), content.discovered_on)
