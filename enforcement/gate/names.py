"""Names of private persons never leave the case: whose names they are, and whether a public text has one."""

import re
from collections.abc import Mapping
from typing import Final

from django.db.models import Q

from enforcement.models import Notice
from enforcement.publication import organisation
from enforcement.register.services import EntrySnapshot
from regulator.accounts.models import User
from regulator.casework.models import Case, Event

_BETWEEN: Final = r"\W+"


def people_named(text: str, case: Case, notice: Notice) -> list[str]:
    """The names of those in ``text`` who stand on the case's private side: its drafter, approver and server,
    whoever did anything on it, whoever has it, and the employer's own people (one query)."""
    return [name for name in _private_names(case, notice) if _stands_in(name, text)]


def named_by_field(
    texts: Mapping[str, str], case: Case, notice: Notice, stands: EntrySnapshot | None
) -> dict[str, list[str]]:
    """``people_named`` in each of an entry's ``texts``, by field; those that name nobody are left out (one
    query).

    An employer, or a place, may bear a person's name: what the organisation's record calls it, and what the
    entry that stands does, may be said in that field again.
    """
    own, names = organisation(case), _private_names(case, notice)
    named: dict[str, list[str]] = {}
    for field, text in texts.items():
        borne = [own[field], *([getattr(stands, field)] if stands else [])] if field in own else []
        new = (name for name in names if not any(_stands_in(name, each) for each in borne))
        if found := [name for name in new if _stands_in(name, text)]:
            named[field] = found
    return named


def _private_names(case: Case, notice: Notice) -> list[str]:
    own = (
        notice.drafted_by_id,
        notice.approved_by_id,
        notice.served_by_id,
        case.assignee_id,
        case.created_by_id,
    )
    acted = Event.objects.filter(case=case.pk, actor__isnull=False).order_by().values("actor")
    known = User.objects.filter(
        Q(pk__in=[key for key in own if key is not None])
        | Q(pk__in=acted)
        | Q(memberships__employer=case.employer_id)
    )
    return sorted(set(known.exclude(name="").values_list("name", flat=True)))


def _stands_in(name: str, text: str) -> bool:
    """Whether the whole name stands in the text, however it is spaced and in whatever letters."""
    whole = _BETWEEN.join(re.escape(part) for part in name.split())
    return bool(whole) and re.search(rf"(?<!\w){whole}(?!\w)", text, re.IGNORECASE) is not None


def in_words(names: list[str]) -> str:
    """What is said where a public text has the names of people who stand on the case."""
    return f"This names {', '.join(names)}. Names of people stay on the case: say it by role."
