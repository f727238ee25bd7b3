"""What the employer does to show that it complied: gathering evidence, and submitting it as a dated set."""

from typing import Any, Final, TypeAlias

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from enforcement.compliance import letters
from enforcement.compliance.models import EvidenceFile, EvidenceItem, EvidenceSet
from enforcement.compliance.queries import Part, in_hand, items_of, missing, parts_of
from enforcement.compliance.services.holding import ANSWER, keeping, not_fileable
from enforcement.deadlines import EVIDENCE_ANSWER
from enforcement.models import Notice
from regulator import clock
from regulator.accounts.actors import Actor
from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Case
from regulator.casework.services import attach, refuse_identifiers
from regulator.casework.services.attachments import ReadFile, read_file
from regulator.deadlines.services import open_deadline

Upload: TypeAlias = "UploadedFile[Any]"
MOST_FILES: Final = 40
"""How many files may show what one item says. The portal's own bound."""


def write_evidence(
    *,
    notice: Notice,
    by: Actor,
    version: int | None,
    part: int,
    text: str,
    file: "Upload | None" = None,
    identifies_nobody: str = "",
) -> EvidenceItem:
    """Say what was done about one part of the notice (the key of a provision, or 0 for the whole), with a
    ``file`` that shows it. May be said anew until the set is submitted. A file is kept with the notice at
    once.

    Raises ``NotPermitted``; ``NotAllowedNow`` while CQC has a set and where none may be filed;
    ``ValidationError`` by field; ``IdentifiersFound`` for words or a file that seem to identify somebody,
    unless ``identifies_nobody`` says why.
    """
    ready = read_file(file) if file is not None else None
    with keeping(notice, ANSWER, by=by, version=version) as (held, person):
        gathered = _draft(held, notice, person)
        about = _part(notice, gathered, part)
        text = text.strip()
        if not text:
            raise ValidationError({"text": "Say what was done."})
        refuse_identifiers(case=held, texts={"text": text}, by=by, reason=identifies_nobody)
        said = {"text": text, "written_by": person, "written_at": clock.now()}
        item, _ = EvidenceItem.objects.update_or_create(
            evidence=gathered, provision=about.provision, defaults=said
        )
        payload = {"evidence": gathered.pk, "provision": part or None, "sha256": text_digest(text)}
        append("compliance.evidence_written", case=held, by=by, payload=payload)
        if ready is not None:
            _give(held, item, ready, person, identifies_nobody)
    return item


def submit_evidence(
    *, notice: Notice, by: Actor, version: int | None, about: str = "", identifies_nobody: str = ""
) -> EvidenceSet:
    """Send CQC the set, dated. CQC's clock for an answer starts and the notice's lead is told; the notice's
    own clock runs on, because only CQC's acceptance is compliance.

    Something is said to each part of the notice. Raises ``NotPermitted``, ``NotAllowedNow``,
    ``ValidationError`` with everything that is missing, ``IdentifiersFound`` for ``about``, unless
    ``identifies_nobody`` says why.
    """
    with keeping(notice, ANSWER, by=by, version=version) as (held, person):
        gathered = _draft(held, notice, person)
        parts = parts_of(notice, gathered)
        if lacking := missing(parts):
            raise ValidationError([f"Say what was done about {each.title}." for each in lacking])
        refuse_identifiers(case=held, texts={"about": about}, by=by, reason=identifies_nobody)
        gathered.about, gathered.submitted_at, gathered.submitted_by = about.strip(), clock.now(), person
        gathered.save(update_fields=["about", "submitted_at", "submitted_by"])
        payload = {
            "evidence": gathered.pk,
            "number": gathered.number,
            "about_sha256": text_digest(gathered.about),
            "items": [_in_digests(each) for each in items_of(gathered)],
        }
        append("compliance.evidence_submitted", case=held, by=by, payload=payload)
        open_deadline(case=held, kind=EVIDENCE_ANSWER, start_on=clock.today(), by=by)
        letters.tell_filed(held, what=letters.EVIDENCE)
    return gathered


def _draft(held: Case, notice: Notice, person: User) -> EvidenceSet:
    """The set that is being gathered, begun where there is none (at most six queries). One that follows a
    returned set begins with all that that said and showed.

    Raises ``NotAllowedNow`` while CQC has a set, and where none may be filed.
    """
    if refusal := not_fileable(held, notice):
        raise NotAllowedNow(refusal)
    gathered = in_hand(notice)
    if gathered is not None and gathered.is_waiting:
        raise NotAllowedNow("CQC has your evidence. You can add to it only if CQC returns it.")
    if gathered is not None:
        return gathered
    last = notice.evidence_sets.order_by("number").last()
    made = EvidenceSet.objects.create(
        notice=notice,
        number=last.number + 1 if last else 1,
        about=last.about if last else "",
        begun_by=person,
    )
    for item in items_of(last) if last else []:
        shown = list(item.files.all())
        item.pk, item.evidence, item.remark, item._state.adding = None, made, "", True
        item.save(force_insert=True)
        EvidenceFile.objects.bulk_create(
            [EvidenceFile(item=item, attachment_id=each.attachment_id) for each in shown]
        )
    return made


def _part(notice: Notice, gathered: EvidenceSet, key: int) -> Part:
    found = next((each for each in parts_of(notice, gathered) if each.key == key), None)
    if found is None:
        raise ValidationError("The notice names no such provision.")
    return found


def _give(held: Case, item: EvidenceItem, file: ReadFile, person: User, identifies_nobody: str) -> None:
    """Keep a file with the case and with the item."""
    if item.files.count() >= MOST_FILES:
        raise ValidationError({"file": f"Send {MOST_FILES} files or fewer for one provision."})
    kept = attach(case=held, upload=file, by=person, identifies_nobody=identifies_nobody)
    EvidenceFile.objects.create(item=item, attachment=kept)


def _in_digests(item: EvidenceItem) -> dict[str, Any]:
    """What the chain keeps of an item: the digest of its words, and which files show it."""
    return {
        "item": item.pk,
        "provision": str(item.provision) if item.provision else None,
        "sha256": text_digest(item.text),
        "files": [
            {"attachment": each.attachment_id, "sha256": each.attachment.sha256} for each in item.files.all()
        ],
    }
