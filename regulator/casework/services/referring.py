"""Recording that a matter was referred to another body, what it replied, and what was recorded wrongly.

The case moves nowhere, but its version rises: of two officers who refer the same case at once, or record the
same reply, one is told of the other first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone

from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import roles_with
from regulator.casework.bodies import BODIES, GATEWAYS, WAYS
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Attachment, Case, Referral, ReferralReply
from regulator.casework.referrals import packet_digest
from regulator.casework.services.cases import changing
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.visibility import permit_on

PERMISSION: Final = "casework.refer"
LONGEST: Final = {"summary": 5_000, "gateway_text": 1_000, "their_reference": 80, "text": 5_000}
"""How many characters each text may have; the column of ``their_reference`` is no longer."""


@dataclass(frozen=True, slots=True)
class SentSection:
    """Facts of the case that went, as text: a heading, and rows of label and value."""

    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What was sent, to whom and how. ``body``, ``gateway`` and ``how`` are keys of ``casework.bodies``,
    ``attachments`` the primary keys of files on the case."""

    body: str
    gateway: str
    sent_on: date
    how: str
    sent_by: User
    summary: str
    gateway_text: str = ""
    their_reference: str = ""
    attachments: tuple[int, ...] = ()
    sections: tuple[SentSection, ...] = ()

    @property
    def texts(self) -> dict[str, str]:
        """What somebody typed, by field."""
        return {
            "summary": self.summary.strip(),
            "gateway_text": self.gateway_text.strip(),
            "their_reference": self.their_reference.strip(),
        }


def packet_of(referral: Referral) -> Packet:
    """What a referral says, to be changed in part for a correction."""
    return Packet(
        body=referral.body,
        gateway=referral.gateway,
        sent_on=referral.sent_on,
        how=referral.how,
        sent_by=referral.sent_by,
        summary=referral.summary,
        gateway_text=referral.gateway_text,
        their_reference=referral.their_reference,
        attachments=tuple(each["attachment"] for each in referral.files),
        sections=tuple(
            SentSection(each["title"], tuple((label, value) for label, value in each["rows"]))
            for each in referral.sections
        ),
    )


def refer(*, case: Case, by: User, version: int, packet: Packet, identifies_nobody: str = "") -> Referral:
    """Record a packet that was sent to another body.

    Raises ``NotPermitted``, ``StaleVersion``, ``IdentifiersFound``, and ``ValidationError`` beside the field:
    no such body or way, a gateway that does not lead to the body or is not described where it must be, a day
    to come or from before the case was opened, no summary, a file that is not on the case or not clean.
    """
    permit_on(case, PERMISSION, by)
    with changing(case, version=version) as held:
        _refuse_faults(held, packet)
        refuse_identifiers(case=held, texts=packet.texts, by=by, reason=identifies_nobody)
        made = _row(held, packet, by)
        made.event = append("casework.referred", case=held, by=by, payload=_told(made))
        made.save()
    return made


def correct_referral(
    *,
    case: Case,
    referral: Referral,
    by: User,
    version: int,
    packet: Packet | None,
    reason: str,
    identifies_nobody: str = "",
) -> Referral:
    """Put ``packet`` in the place of what was recorded, or take that back (``None``: it was never sent).

    The former row stays as it is, and the new one says why. Raises as ``refer``; ``NotAllowedNow`` for one
    that was corrected or taken back already; ``ValidationError`` for no reason, or nothing corrected.
    """
    permit_on(case, PERMISSION, by)
    with changing(case, version=version) as held:
        former = _standing(held, referral)
        before = packet_of(former)
        if not reason.strip():
            raise ValidationError({"reason": "Give a reason."})
        if packet is not None:
            _refuse_faults(held, packet, before)
        if packet == before:
            raise ValidationError("Nothing differs from what is recorded. Change what was recorded wrongly.")
        texts = {"reason": reason.strip(), **(packet or before).texts}
        refuse_identifiers(case=held, texts=texts, by=by, reason=identifies_nobody, stored=before.texts)
        made = _row(held, packet or before, by, former)
        made.is_taken_back = packet is None
        made.supersedes, made.root_id = former, former.first_key
        payload = {**_told(made), "corrects": former.event_id}
        made.event = append(
            "casework.referral_corrected", case=held, by=by, payload=payload, text=reason.strip()
        )
        made.save()
    return made


def record_reply(
    *,
    case: Case,
    referral: Referral,
    by: User,
    version: int,
    received_on: date,
    text: str,
    their_reference: str = "",
    identifies_nobody: str = "",
) -> ReferralReply:
    """Record what the body replied, or the reference that it gave the matter. It may reply more than once.

    Raises as ``refer``: a day to come or from before the referral, no text; ``NotAllowedNow`` where the
    referral was corrected or taken back meanwhile.
    """
    permit_on(case, PERMISSION, by)
    texts = {"text": text.strip(), "their_reference": their_reference.strip()}
    with changing(case, version=version) as held:
        answered = _standing(held, referral)
        faults = _too_long(texts)
        if not texts["text"]:
            faults["text"] = "Write what they replied."
        if received_on > clock.today():
            faults["received_on"] = "The day of the reply must not be in the future."
        elif received_on < answered.sent_on:
            faults["received_on"] = "The reply cannot be from before the referral."
        if faults:
            raise ValidationError(dict(faults))
        refuse_identifiers(case=held, texts=texts, by=by, reason=identifies_nobody)
        payload = {
            "referral": answered.root.event_id if answered.root else answered.event_id,
            "body": answered.body,
            "received_on": received_on.isoformat(),
            "sha256": text_digest("\n".join(texts.values())),
        }
        event = append("casework.referral_replied", case=held, by=by, payload=payload)
        return ReferralReply.objects.create(
            referral_id=answered.first_key, received_on=received_on, recorded_by=by, event=event, **texts
        )


def _standing(held: Case, referral: Referral) -> Referral:
    """The referral as it stands on the held case. ``NotAllowedNow`` where it stands no more."""
    rows = Referral.objects.filter(case=held).select_related("sent_by", "superseded_by", "root")
    found = rows.get(pk=referral.pk)
    if getattr(found, "superseded_by", None) is not None:
        raise NotAllowedNow("This referral was corrected meanwhile: look at it as it stands now.")
    if found.is_taken_back:
        raise NotAllowedNow("This referral was taken back: it was never sent.")
    return found


def _refuse_faults(held: Case, packet: Packet, before: Packet | None = None) -> None:
    faults = {**_too_long(packet.texts), **_wrong_way(packet), **_wrong_day(held, packet)}
    if not packet.summary.strip():
        faults["summary"] = "Say in a few words what was sent."
    if (before is None or packet.sent_by != before.sent_by) and not _may_send(packet.sent_by):
        faults["sent_by"] = "Choose somebody at CQC who works on cases."
    if faults:
        raise ValidationError(dict(faults))


def _wrong_way(packet: Packet) -> dict[str, str]:
    """What is wrong with body, gateway and way."""
    faults = {}
    gateway = GATEWAYS.get(packet.gateway)
    if packet.body not in BODIES:
        faults["body"] = "Choose a body."
    if packet.how not in WAYS:
        faults["how"] = "Choose how it was sent."
    if gateway is None:
        faults["gateway"] = "Choose a gateway."
    elif packet.body in BODIES and not gateway.leads_to(packet.body):
        faults["gateway"] = f"This gateway does not lead to {BODIES[packet.body].short}. Choose another."
    elif gateway.described and not packet.gateway_text.strip():
        faults["gateway_text"] = "Describe what exactly is relied on."
    return faults


def _wrong_day(held: Case, packet: Packet) -> dict[str, str]:
    opened = timezone.localdate(held.opened_at or held.created_at)
    if packet.sent_on > clock.today():
        return {"sent_on": "The day on which it was sent must not be in the future."}
    if packet.sent_on < opened:
        return {"sent_on": "It cannot have been sent before the case was opened."}
    return {}


def _too_long(texts: dict[str, str]) -> dict[str, str]:
    return {
        name: f"Use {LONGEST[name]:,} characters or fewer."
        for name, text in texts.items()
        if len(text) > LONGEST[name]
    }


def _may_send(person: User) -> bool:
    return person.is_active and person.role in roles_with(PERMISSION)


def _row(held: Case, packet: Packet, by: User, former: Referral | None = None) -> Referral:
    """The row of a packet, not yet saved, its files by name and digest (one query where there are any). What
    the ``former`` row holds of files and facts stays as it was kept, unless others are given."""
    before = packet_of(former) if former else None
    same_files = before is not None and packet.attachments == before.attachments
    same_facts = before is not None and packet.sections == before.sections
    return Referral(
        case=held,
        body=packet.body,
        gateway=packet.gateway,
        sent_on=packet.sent_on,
        how=packet.how,
        sent_by=packet.sent_by,
        files=former.files if former and same_files else _files(held, packet.attachments),
        sections=[
            {"title": each.title, "rows": [list(row) for row in each.rows]} for each in packet.sections
        ],
        case_version=former.case_version if former and same_facts else held.version,
        recorded_by=by,
        recorded_at=clock.now(),
        **packet.texts,
    )


def _files(held: Case, keys: Sequence[int]) -> list[dict[str, Any]]:
    if not keys:
        return []
    clean = Attachment.objects.filter(case=held, pk__in=keys, scan=Attachment.Scan.CLEAN)
    if len(clean) != len(set(keys)):
        raise ValidationError({"attachments": "Choose files of this case that were found clean."})
    return [{"attachment": each.pk, "name": each.name, "sha256": each.sha256} for each in clean]


def _told(made: Referral) -> dict[str, Any]:
    """What the chain keeps of a packet: no word that somebody typed."""
    return {
        "body": made.body,
        "gateway": made.gateway,
        "sent_on": made.sent_on.isoformat(),
        "how": made.how,
        "files": [each["sha256"] for each in made.files],
        "case_version": made.case_version,
        "taken_back": made.is_taken_back,
        "sha256": packet_digest(made),
    }
