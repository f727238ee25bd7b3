"""Publishing the signed freeze of a report."""

from regulator import clock
from regulator.accounts.models import User
from regulator.casework.errors import NotAllowedNow
from regulator.statistics.reports.models import Document, Report
from regulator.statistics.reports.permissions import PUBLISH
from regulator.statistics.reports.services.holding import changing, record, refuse_overtaken
from regulator.statistics.totals.following import renew


def publish(*, report: Report, by: User, version: int) -> Report:
    """Publish what was signed: from now on anybody reads it, and it never changes. The edition that was
    published before it is marked as replaced, and stays readable.

    Raises ``NotPermitted``, ``StaleVersion``; ``NotAllowedNow`` for a report that is not signed, of a year
    that is not over, as long as its PDF is not ready, and where it tells a case that was withdrawn from the
    library or revised there since it was frozen.
    """
    with changing(report, by=by, permission=PUBLISH, version=version) as held:
        if held.state != Report.State.SIGNED or held.signed_freeze is None:
            raise NotAllowedNow("Only a signed report can be published.")
        if held.period.end >= clock.today():
            raise NotAllowedNow("This year is not over. Its report is published when it is.")
        made = Document.objects.values_list("state", flat=True).get(freeze=held.signed_freeze)
        if made == Document.State.FAILED:
            raise NotAllowedNow("Its PDF could not be made. It is set again first.")
        if made != Document.State.READY:
            raise NotAllowedNow("Its PDF is not ready yet. Publish it when it is.")
        refuse_overtaken(held.signed_freeze)
        _supersede(held, by)
        renew()  # on the dashboard the year is signed off
        held.state, held.published_by, held.published_at = Report.State.PUBLISHED, by, clock.now()
        record("published", held, by, freeze=held.signed_freeze.number, input=held.signed_freeze.input_sha256)
    return report


def _supersede(held: Report, by: User) -> None:
    former = Report.objects.filter(starts_on=held.starts_on, state=Report.State.PUBLISHED)
    for each in former.select_for_update():
        each.state, each.superseded_at, each.version = (
            Report.State.SUPERSEDED,
            clock.now(),
            each.version + 1,
        )
        each.save(update_fields=["state", "superseded_at", "version"])
        record("superseded", each, by, replaced_by=held.edition)
