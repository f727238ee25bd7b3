"""Signing a freeze: a second person's deed."""

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.statistics.reports.composing import texts_of
from regulator.statistics.reports.frozen import Content
from regulator.statistics.reports.models import Block, Freeze, Report
from regulator.statistics.reports.permissions import SIGN
from regulator.statistics.reports.services.holding import (
    changing,
    record,
    refuse_overtaken,
    refuse_unless_open,
)

OWN = "You froze this or wrote some of its text. Somebody else signs it."


def sign(*, report: Report, freeze: Freeze, by: User, version: int) -> Report:
    """Sign ``freeze``, the last one of the report, as what is to be published.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for whoever froze it or ever wrote any text
    of it, for an older freeze than the last, where some text was written after it, where it tells a case that
    was withdrawn from the library or revised there since, and where it was signed already.
    """
    with changing(report, by=by, permission=SIGN, version=version) as held:
        refuse_unless_open(held)
        if held.state == Report.State.SIGNED:
            raise NotAllowedNow("It was signed already.")
        newest = held.freezes.order_by("-number").first()
        if newest is None or newest.pk != freeze.pk:
            raise NotAllowedNow("Only the last freeze can be signed.")
        if is_own(newest, held, by):
            raise NotAllowedNow(OWN)
        if is_overtaken(newest, held):
            raise NotAllowedNow("Some text was written after this freeze. It is frozen again first.")
        refuse_overtaken(newest)
        held.state = Report.State.SIGNED
        held.signed_freeze, held.signed_by, held.signed_at = newest, by, clock.now()
        record("signed", held, by, freeze=newest.number, input=newest.input_sha256)
    return report


def is_own(freeze: Freeze, report: Report, by: User) -> bool:
    """Whether ``by`` froze it, started it (so wrote why it is corrected) or wrote any version of its text (1
    query at most)."""
    if by.pk in (freeze.frozen_by_id, report.started_by_id):
        return True
    return Block.objects.filter(report=report, written_by=by).exists()


def is_overtaken(freeze: Freeze, report: Report) -> bool:
    """Whether the text is another than the frozen one (1 query)."""
    standing = {place: block.text for place, block in texts_of(report).items() if block.text}
    return standing != dict(Content.read(freeze.content).texts)
