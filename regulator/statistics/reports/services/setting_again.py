"""Having the PDF of a freeze set again that could not be made."""

from django.db.models import F

from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.hint import wake_on_commit
from regulator.statistics.reports.models import Document, Freeze, Report
from regulator.statistics.reports.permissions import WRITE
from regulator.statistics.reports.services.freezing import MAKE_DOCUMENTS
from regulator.statistics.reports.services.holding import changing, record


def set_again(*, report: Report, freeze: Freeze, by: User, version: int) -> None:
    """Let a worker try the PDF of ``freeze`` anew that was given up. What was frozen stays as it is, so a
    signature of it does.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for a PDF that is made, or still tried.
    """
    with changing(report, by=by, permission=WRITE, version=version) as held:
        failed = Document.objects.filter(freeze=freeze, freeze__report=held, state=Document.State.FAILED)
        waiting = {"state": Document.State.WAITING, "percent": 0, "words": "", "attempts": 0}
        if not failed.update(version=F("version") + 1, **waiting):
            raise NotAllowedNow("This PDF was not given up, so there is nothing to set again.")
        record("pdf_set_again", held, by, freeze=freeze.number)
        wake_on_commit(MAKE_DOCUMENTS)
