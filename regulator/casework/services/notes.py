"""Notes that staff write on a case."""

import hashlib

from django.core.exceptions import ValidationError

from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.models import Case, Note
from regulator.casework.visibility import permit_on


def add_note(*, case: Case, text: str, by: User) -> Note:
    """Keep a note; the chain keeps its digest. Raises ``ValidationError`` for an empty one."""
    permit_on(case, "casework.note", by)
    text = text.strip()
    if not text:
        raise ValidationError({"text": "Write the note."})
    with writing():
        note = Note.objects.create(case=case, author=by, text=text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        append("casework.note_added", case=case, by=by, payload={"note": note.pk, "sha256": digest})
    return note
