"""Recording what was said and seen on site, and correcting it by a new note."""

from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.core.exceptions import ValidationError

from inspections.checklists.models import LONGEST_NOTE, InspectionNote
from inspections.checklists.services.adding import UNREADABLE, adding, check_visit, not_preparable, refuse
from inspections.models import Inspection, Visit
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.services import refuse_identifiers

INTERVIEW = InspectionNote.Kind.INTERVIEW


def record_note(
    *,
    inspection: Inspection,
    by: Actor,
    kind: str,
    text: str,
    role: str = "",
    visit: Visit | None = None,
    replaces: InspectionNote | None = None,
    client_id: UUID | None = None,
    typed_at: datetime | None = None,
    identifies_nobody: str = "",
) -> InspectionNote:
    """Keep a note of an interview or an observation; the chain keeps its digest.

    A note of the same ``client_id`` and content is kept once. One that ``replaces`` another corrects it; that
    one stays on record, and is corrected once. Raises ``NotPermitted``, ``NotAllowedNow`` before the
    announcement, once the inspection is over, or where somebody corrected it already; ``ValidationError`` by
    field; ``IdentifiersFound`` for a text that seems to identify somebody, unless ``identifies_nobody`` says
    why.
    """
    text = text.strip().replace("\r\n", "\n")
    with adding(inspection, by=by) as (held, person):
        refuse(not_preparable(held))
        _check(kind=kind, role=role, text=text)
        check_visit(visit, inspection)
        key = client_id or uuid4()
        before = _kept(inspection, key)
        if before is not None and _content(before) != (kind, role, text):
            key = uuid5(key, "\n".join((kind, role, text)))
            before = _kept(inspection, key)
        if before is not None:
            return before
        _check_correction(replaces, inspection)
        refuse_identifiers(case=held, texts={"text": text}, by=person, reason=identifies_nobody)
        made = InspectionNote.objects.create(
            inspection=inspection,
            visit=visit,
            kind=kind,
            role=role,
            text=text,
            written_by=person,
            written_at=clock.now(),
            typed_at=typed_at,
            client_id=key,
            replaces=replaces,
        )
        payload = {
            "note": made.pk,
            "kind": kind,
            "role": role,
            "visit": visit.pk if visit else None,
            "replaces": replaces.pk if replaces else None,
            "sha256": text_digest(text),
        }
        append("checklists.noted", case=held, by=person, payload=payload)
    return made


def _kept(inspection: Inspection, key: UUID) -> InspectionNote | None:
    return InspectionNote.objects.filter(inspection=inspection, client_id=key).first()


def _content(note: InspectionNote) -> tuple[str, str, str]:
    return note.kind, note.role, note.text


def _check(*, kind: str, role: str, text: str) -> None:
    errors: dict[str, str] = {}
    if kind not in InspectionNote.Kind.values:
        errors["kind"] = "Choose whether it is an interview or an observation."
    if kind == INTERVIEW and role not in InspectionNote.Spoken.values:
        errors["role"] = "Choose the role of the person you spoke with."
    elif kind != INTERVIEW and role:
        errors["role"] = "Only an interview has a role. Leave it empty."
    if not text:
        errors["text"] = "Write the note."
    elif len(text) > LONGEST_NOTE:
        errors["text"] = f"Use {LONGEST_NOTE:,} characters or fewer."
    elif "\x00" in text:
        errors["text"] = UNREADABLE
    if errors:
        raise ValidationError(errors)


def _check_correction(replaces: InspectionNote | None, inspection: Inspection) -> None:
    if replaces is None:
        return
    if replaces.inspection_id != inspection.pk:
        raise ValidationError({"replaces": "This note belongs to another inspection."})
    if InspectionNote.objects.filter(replaces=replaces).exists():
        raise NotAllowedNow("This note was corrected already. Correct the one that took its place.")
