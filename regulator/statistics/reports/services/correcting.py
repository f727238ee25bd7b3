"""Starting the correction of a published report: the next edition."""

from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.casework.reasons import checked_reason
from regulator.statistics.reports.composing import texts_of
from regulator.statistics.reports.models import Block, Report
from regulator.statistics.reports.permissions import WRITE
from regulator.statistics.reports.services.holding import changing, record


def correct(*, report: Report, reason: str, by: User, version: int) -> Report:
    """Start the next edition of a published report, with its text as it stands, and who wrote it.

    It needs a freeze and a signature of its own; until it is published the former edition stands. ``reason``
    is shown to the public. Raises ``NotPermitted``, ``StaleVersion``, ``ValidationError`` for no reason or
    one that names somebody; ``NotAllowedNow`` for a report that is not the published one, and where its
    correction was started already.
    """
    why = checked_reason(reason)
    with changing(report, by=by, permission=WRITE, version=version) as held:
        if held.state != Report.State.PUBLISHED:
            raise NotAllowedNow("Only the published edition of a year is corrected.")
        if Report.objects.open().filter(starts_on=held.starts_on).exists():
            raise NotAllowedNow("A correction of this report was started already.")
        made = Report.objects.create(
            starts_on=held.starts_on, edition=held.edition + 1, why_corrected=why, started_by=by
        )
        Block.objects.bulk_create(
            Block(report=made, place=place, number=1, text=block.text, written_by=block.written_by)
            for place, block in texts_of(held).items()
            if block.text
        )
        record("correction_started", made, by, why)
    return made
