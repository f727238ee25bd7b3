"""Files on a case: keeping what may be attached, and taking one off a draft again."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from regulator.accounts.models import User
from regulator.casework.chain import append, text_digest, writing
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Attachment, Case
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.uploads import Prepared, Unacceptable, prepared
from regulator.casework.visibility import permit_on
from regulator.hint import wake_on_commit
from regulator.multipart import NAMED_WITH_PATH
from regulator.organisations.policies import NotPermitted

MAXIMUM_BYTES: Final = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that may be kept, as it will be, with the digest of what was sent."""

    ready: Prepared
    sent_sha256: str


def read_file(upload: "UploadedFile[Any]") -> ReadFile:
    """Take a file apart and put it together without its authors and places.

    This may take seconds, so nobody does it while they hold the chain. The content decides, not the name: an
    executable renamed ``.pdf`` is refused. DICOM is refused because it carries patient data, a name with path
    parts because no honest program sends one. Raises ``ValidationError`` in plain words.
    """
    if getattr(upload, NAMED_WITH_PATH, False):
        raise ValidationError({"file": "The file’s name has path parts in it. Rename the file and send it."})
    if (upload.size or 0) > MAXIMUM_BYTES:
        raise ValidationError({"file": "The file must be 25 MB or smaller."})
    content = upload.read()
    try:
        ready = prepared(name=upload.name or "", content=content)
    except Unacceptable as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal
    return ReadFile(ready, hashlib.sha256(content).hexdigest())


def attach(
    *, case: Case, upload: "UploadedFile[Any] | ReadFile", by: User, identifies_nobody: str = ""
) -> Attachment:
    """Keep a file with the case, without its authors and places; unreadable until it is found clean.

    ``upload`` as it was sent, or as ``read_file`` made it ready before. Name and text of a document are
    checked for identifiers as every text is: ``IdentifiersFound`` unless ``identifies_nobody`` says why.
    Raises ``ValidationError`` in plain words, and keeps nothing then.
    """
    permit_on(case, "casework.attach", by)
    file = upload if isinstance(upload, ReadFile) else read_file(upload)
    ready = file.ready
    kept = Attachment(
        case=case,
        name=ready.name,
        content_type=ready.content_type,
        size=len(ready.content),
        sha256=hashlib.sha256(ready.content).hexdigest(),
        uploaded_by=by,
    )
    with _stored(kept, ready.content), writing():
        texts = {"file": ready.text, "file_name": PurePath(ready.name).stem}
        refuse_identifiers(case=case, texts=texts, by=by, reason=identifies_nobody)
        kept.save()
        payload = {
            "attachment": kept.pk,
            "sha256": kept.sha256,
            "sent_sha256": file.sent_sha256,
            "size": kept.size,
            "name_sha256": text_digest(kept.name),
        }
        append("casework.file_attached", case=case, by=by, payload=payload)
        wake_on_commit("casework.scan_attachments")
    return kept


def remove_attachment(*, attachment: Attachment, by: User) -> None:
    """Take a file off a draft, from the storage too. What CQC was sent stays: ``NotAllowedNow``.

    Only the employer's people remove what their colleagues attached. Removing it twice changes nothing.
    """
    case = attachment.case
    permit_on(case, "casework.attach", by)
    if by.role:
        raise NotPermitted("A file is removed by the employer's own people.")
    with writing():
        held = Case.objects.select_for_update().get(pk=case.pk)
        if held.reference or held.is_over:
            raise NotAllowedNow("This was sent to CQC, so its files stay with it.")
        gone, _ = Attachment.objects.filter(pk=attachment.pk, case=held).delete()
        if not gone:
            return
        payload = {"attachment": attachment.pk, "sha256": attachment.sha256}
        append("casework.file_removed", case=held, by=by, payload=payload)
        storage, stored_as = attachment.file.storage, attachment.file.name
        if stored_as:
            transaction.on_commit(partial(storage.delete, stored_as))


@contextmanager
def _stored(kept: Attachment, content: bytes) -> Iterator[None]:
    """The bytes are on the storage for what follows, and gone again if that fails.

    Written before the chain is held: up to 25 MB on a slow disk must not keep every other writer waiting.
    """
    kept.file.save(
        f"{kept.sha256[:32]}{PurePath(kept.name).suffix.lower()}", ContentFile(content), save=False
    )
    try:
        yield
    except BaseException:
        kept.file.delete(save=False)
        raise
