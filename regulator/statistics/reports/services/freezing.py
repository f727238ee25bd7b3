"""Freezing what a report says now."""

from django.core.exceptions import ValidationError
from django.db.models import Max

from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.hint import wake_on_commit
from regulator.statistics.annual import Contradiction
from regulator.statistics.reports.composing import CasesGone, present, release
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Document, Freeze, FrozenCase, Report
from regulator.statistics.reports.permissions import WRITE, permit_now
from regulator.statistics.reports.services.holding import changing, record, refuse_unless_open, undo_signature
from regulator.statistics.told import library

MAKE_DOCUMENTS = "reports.make_documents"


def freeze(*, report: Report, by: User, version: int, seen: str) -> Freeze:
    """Keep everything that the report says now, as a numbered freeze; a worker then sets its PDF.

    ``seen`` is the ``input_sha256`` of what the person looked at: what moved since is looked at first. A
    signature of the report is undone. Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for a
    published edition, where the figures moved since they were looked at, and where nothing moved since the
    last freeze; ``ValidationError`` where the figures contradict each other, or the text tells a case that
    was withdrawn from the library.
    """
    permit_now(by, WRITE)
    content = _composed(report)  # before the chain is held: on a large year it takes seconds
    with changing(report, by=by, permission=WRITE, version=version) as held:
        refuse_unless_open(held)
        if content.input_sha256 != seen or library().gone(content.cases):
            raise NotAllowedNow("Something moved since you looked. Look at it as it is now, then freeze it.")
        newest = held.freezes.order_by("-number").first()
        if newest is not None and newest.input_sha256 == seen:
            raise NotAllowedNow(f"Freeze {newest.number} says the same: nothing moved since.")
        number = (held.freezes.aggregate(most=Max("number"))["most"] or 0) + 1
        made = Freeze.objects.create(
            report=held,
            number=number,
            as_of=content.as_of,
            frozen_by=by,
            content=content.written(),
            input_sha256=content.input_sha256,
            values_sha256=content.values_sha256,
            release=release(),
        )
        FrozenCase.objects.bulk_create(FrozenCase(freeze=made, number=each) for each in content.cases)
        Document.objects.create(freeze=made)
        undo_signature(held, by)
        record("frozen", held, by, freeze=number, input=made.input_sha256, values=made.values_sha256)
        wake_on_commit(MAKE_DOCUMENTS)
    return made


def _composed(report: Report) -> Content:
    try:
        return present(report)
    except Contradiction as contradiction:
        said = "The figures contradict each other, so nothing can be frozen."
        raise ValidationError([said, *str(contradiction).split("\n")]) from contradiction
    except CasesGone as gone:
        said = "The text tells what the library tells no more, so nothing can be frozen."
        raise ValidationError([said, *str(gone).split("\n")]) from gone
