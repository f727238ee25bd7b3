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
from notifications.kinds import fitted
from notifications.models import Basis, ComplementaryCode, Notification
from notifications.queries import KIND, whole
from notifications.rules import draft_faults
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import Happening, append_all, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.references import is_well_formed, normalise
from regulator.casework.services import changing, move, open_case, refuse_identifiers
from regulator.deadlines.services import due_date, end_deadlines, set_only_deadline
from regulator.organisations.models import Employer, Modality
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
    codes = checked(content, employer=employer.pk)
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
        happened = [Happening("notifications.drafted", {"sha256": digest(content)})]
        start_on = _runs_from(content)
        if start_on is not None:
            clock_set = set_only_deadline(case=case, kind="notify", start_on=start_on, fresh=True)
            happened.append(clock_set)
        append_all(happened, case=case, by=by)
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

    ``notification`` as read at ``version`` is not read again: every change of a draft raises the version,
    so whoever was faster is found out when the case is locked. Raises ``NotAllowedNow`` once it is submitted,
    ``IdentifiersFound`` for a text that changed and seems to identify somebody, unless ``identifies_nobody``
    says why it does not.
    """
    case = notification.case
    permit(by, "notifications.draft", employer=case.employer_id)
    stored = notification if case.version == version else whole().get(pk=case.pk)
    before = content_of(stored)
    codes = checked(content, employer=case.employer_id, stored=stored)
    if content.site is not None and content.site.employer_id != case.employer_id:
        raise ValidationError({"site": "This site belongs to another employer."})
    if stored.case.status == lifecycle.DRAFT and before == content and version in (None, stored.case.version):
        return stored
    with changing(case, version=version) as held:
        refusal = saving_refusal(held)
        if refusal:
            raise NotAllowedNow(refusal)
        refuse_identifiers(
            case=held,
            texts=texts_of(content),
            stored=texts_of(before),
            by=by,
            reason=identifies_nobody,
        )
        held.site, held.modality, held.summary = content.site, content.modality, summary_of(content)
        stored.case = held
        store(stored, content, codes, fresh=False)
        happened = [Happening("notifications.draft_saved", {"sha256": digest(content)})]
        former, start_on = _runs_from(before), _runs_from(content)
        if start_on is not None and start_on != former:
            happened.append(set_only_deadline(case=held, kind="notify", start_on=start_on))
        append_all(happened, case=held, by=by)
        if start_on is None and former is not None:
            end_deadlines(case=held, by=by)
    stored.case = case
    return stored


def saving_refusal(case: Case) -> str:
    """Why nothing can be saved in a draft any more, in plain English; ``""`` where it can. No query."""
    if case.status == lifecycle.DRAFT:
        return ""
    if case.status == lifecycle.DISCARDED:
        return "This draft was discarded, so nothing can be saved in it. Copy what you need from this page."
    return f"This was submitted as {case.reference} and is no draft any more. Open it to correct it."


def change_kind(*, notification: Notification, by: Actor, version: int | None, basis: str) -> Notification:
    """Make a draft one of another kind: what still applies is kept, the rest is dropped (``kinds.dropped``).

    A new kind starts or ends the 14 days. Raises ``ValidationError`` for a kind that does not fit the
    modality, and what ``save_draft`` raises.
    """
    content = content_of(notification)
    if basis not in Basis.values:
        raise ValidationError({"basis": "Choose one of the kinds of notification."})
    if basis == Basis.LICENCE_BREACH and content.modality == Modality.DIAGNOSTIC_IMAGING:
        raise ValidationError(
            {"basis": "A licence is needed only where radioactive substances are given, not for imaging."}
        )
    return save_draft(notification=notification, by=by, version=version, content=fitted(content, basis))


def discard(*, notification: Notification, by: Actor, version: int | None) -> Notification:
    """Give a draft up. It keeps its history, has no reference and counts nowhere."""
    with changing(notification.case, version=version) as held:
        move(held, "discard", by=by)
        end_deadlines(case=held, by=by)
    return notification


def summary_of(content: DraftContent) -> str:
    """The line by which lists name the case: kind of imaging or treatment, and the procedure; a licence
    breach says that it is one."""
    return summary_from(content.basis, content.sub_modality, content.procedure)


def summary_from(basis: str, sub_modality: str, procedure: str) -> str:
    """``summary_of``, of the three answers that it rests on."""
    labels = dict(Notification._meta.get_field("sub_modality").flatchoices)
    what = "Licence breach" if basis == Basis.LICENCE_BREACH else labels.get(sub_modality, "")
    parts = (what, procedure.strip())
    return ": ".join(part for part in parts if part)[:200]


def checked(
    content: DraftContent, *, employer: int, stored: Notification | None = None
) -> list[ComplementaryCode]:
    """The complementary codes of a content that a draft can hold; ``ValidationError`` for any other.

    Only what differs from ``stored`` is looked up.
    """
    faults = draft_faults(content, today=clock.today())
    wanted = set(content.complementary_codes)
    known = list(stored.complementary_codes.all()) if stored else []
    if wanted <= {code.key for code in known}:
        codes = [code for code in known if code.key in wanted]
    else:
        storable = [key for key in wanted if "\x00" not in key]  # PostgreSQL refuses to look for others
        codes = list(ComplementaryCode.objects.filter(key__in=storable))
    if len(codes) != len(wanted):
        faults["complementary_codes"] = ["Choose complementary codes from the list."]
    if _is_unknown_link(content, employer, stored):
        faults["licence_breach.saue_reference"] = ["No statutory notification of yours has this reference."]
    if faults:
        raise ValidationError(faults)
    return codes


def _is_unknown_link(content: DraftContent, employer: int, stored: Notification | None) -> bool:
    """Whether a newly given reference names no statutory notification of the same employer."""
    given = content.licence_breach.saue_reference if content.licence_breach else ""
    part = section_of(stored, "licence_breach") if stored else None
    if not given or given == getattr(part, "saue_reference", ""):
        return False
    own = Notification.objects.statutory().filter(case__employer=employer)
    return not is_well_formed(given) or not own.filter(case__reference=normalise(given)).exists()


def store(
    notification: Notification, content: DraftContent, codes: list[ComplementaryCode], *, fresh: bool
) -> None:
    """Write the row, its sections and codes; of what is stored already, only what changed."""
    changed = [name for name in STORED_FIELDS if getattr(notification, name) != getattr(content, name)]
    for name in changed:
        setattr(notification, name, getattr(content, name))
    if fresh:
        notification.save(force_insert=True)
    elif changed:
        notification.save(update_fields=changed)
    before = set() if fresh else {each.pk for each in notification.complementary_codes.all()}
    after = {each.pk for each in codes}
    if before - after:
        notification.complementary_codes.remove(*(before - after))
    if after - before:
        notification.complementary_codes.add(*(after - before))
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


def _runs_from(content: DraftContent) -> date | None:
    """From when the 14 days of a statutory notification run: its discovery; ``None`` for any other."""
    return content.discovered_on if content.basis == Basis.STATUTORY else None


def _notify_by(content: DraftContent) -> date | None:
    """The last of the 14 days, where they run."""
    discovered_on = _runs_from(content)
    return None if discovered_on is None else due_date("notify", discovered_on)
