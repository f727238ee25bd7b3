"""Signing a freeze: a second person's deed."""

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.statistics.reports.models import Freeze, Report
from regulator.statistics.reports.permissions import SIGN
from regulator.statistics.reports.services.holding import changing, record, refuse_unless_open
from regulator.statistics.reports.signable import newest_of


def sign(*, report: Report, freeze: Freeze, by: User, version: int) -> Report:
    """Sign ``freeze``, the last one of the report, as what is to be published.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for whoever froze it, started it or ever
    wrote any text of the year's report, for an older freeze than the last, where some text was written after
    it, where it tells a case that was withdrawn from the library or revised there since, and where it was
    signed already.
    """
    with changing(report, by=by, permission=SIGN, version=version) as held:
        refuse_unless_open(held)
        newest = newest_of(held)
        if newest.freeze is None or newest.freeze.pk != freeze.pk:
            raise NotAllowedNow("Only the last freeze can be signed.")
        if refused := newest.refusal(by):
            raise NotAllowedNow(refused)
        held.state = Report.State.SIGNED
        held.signed_freeze, held.signed_by, held.signed_at = newest.freeze, by, clock.now()
        record("signed", held, by, freeze=freeze.number, input=newest.freeze.input_sha256)
    return report
