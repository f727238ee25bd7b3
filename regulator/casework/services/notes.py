"""Notes that staff write on a case."""

import hashlib

from django.core.exceptions import ValidationError

from regulator.accounts.models import User
from regulator.casework.chain import append, writing
from regulator.casework.models import Case, Note
from regulator.casework.services.identifiers import refuse_identifiers
from regulator.casework.visibility import permit_on


def add_note(*, case: Case, text: str, by: User, identifies_nobody: str = "", field: str = "text") -> Note:
    """Keep a note; the chain keeps its digest. ``field`` is what the caller calls the text.

    Raises ``ValidationError`` for an empty one, ``IdentifiersFound`` for one that seems to identify somebody,
    unless ``identifies_nobody`` says why it does not.
    """
    permit_on(case, "casework.note", by)
    text = text.strip()
    if not text:
        raise ValidationError({field: "Write the note."})
    with writing():
        refuse_identifiers(case=case, texts={field: text}, by=by, reason=identifies_nobody)
        note = Note.objects.create(case=case, author=by, text=text)
        digest = hashlib.sha256(text.encode()).hexdigest()
        append("casework.note_added", case=case, by=by, payload={"note": note.pk, "sha256": digest})
    return note
