"""Files on a case: what may be attached, and keeping it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any, Final

import puremagic
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.models import Attachment, Case
from regulator.casework.visibility import permit_on
from regulator.hint import wake_on_commit

MAXIMUM_BYTES: Final = 25 * 1024 * 1024
ALLOWED: Final[dict[str, tuple[str, ...]]] = {
    ".pdf": ("application/pdf",),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document",),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    ".png": ("image/png",),
    ".jpg": ("image/jpeg",),
    ".jpeg": ("image/jpeg",),
    ".csv": ("text/csv", "text/plain", ""),
    ".txt": ("text/plain", ""),
}
"""File name endings that are taken, each with the content types that its bytes may show. Text shows none."""


def attach(*, case: Case, upload: "UploadedFile[Any]", by: User) -> Attachment:
    """Keep a file with the case; it stays unreadable until it is found clean.

    The content decides, not the name: an executable renamed ``.pdf`` is refused. DICOM is refused
    because it carries patient data. Raises ``ValidationError`` in plain words.
    """
    permit_on(case, "casework.attach", by)
    name = PurePath(upload.name or "").name[-200:]
    if (upload.size or 0) > MAXIMUM_BYTES:
        raise ValidationError({"file": "The file must be 25 MB or smaller."})
    content = upload.read()
    content_type = accepted_type(name=name, content=content)
    digest = hashlib.sha256(content).hexdigest()
    kept = Attachment(
        case=case, name=name, content_type=content_type, size=len(content), sha256=digest, uploaded_by=by
    )
    with _stored(kept, content), writing():
        kept.save()
        payload = {"attachment": kept.pk, "sha256": digest, "size": len(content)}
        append("casework.file_attached", case=case, by=by, payload=payload)
        wake_on_commit("casework.scan_attachments")
    return kept


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


def accepted_type(*, name: str, content: bytes) -> str:
    """The content type of an acceptable file. Raises ``ValidationError`` saying why another is not."""
    if not content:
        raise ValidationError({"file": "The file is empty."})
    if content[128:132] == b"DICM":
        raise ValidationError(
            {"file": "This is a DICOM image, which holds patient data. Send a description instead."}
        )
    ending = PurePath(name).suffix.lower()
    if ending not in ALLOWED:
        raise ValidationError({"file": "The file must be a PDF, Word, Excel, PNG, JPEG, CSV or text file."})
    found = _sniffed(content)
    if found not in ALLOWED[ending] or (found == "" and not _is_text(content)):
        raise ValidationError({"file": f"The content of this file is not what its ending, {ending}, says."})
    return found or ALLOWED[ending][0]


def _sniffed(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""


def _is_text(content: bytes) -> bool:
    try:
        return "\x00" not in content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
