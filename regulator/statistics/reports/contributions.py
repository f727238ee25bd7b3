"""What annual reports contribute to the platform's registries."""

from regulator.casework.desk import HOME_PANELS
from regulator.casework.kinds import EVENTS
from regulator.frontend.sitemaps import SITEMAPS
from regulator.statistics.keeping import KEPT_BACK
from regulator.statistics.reports import published
from regulator.statistics.reports.desk_home import reports_waiting
from regulator.statistics.reports.sitemap import EDITIONS
from regulator.statistics.totals.years import SIGNED_OFF


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    EVENTS.register("reports.started", "Annual report started")
    EVENTS.register("reports.block_written", "Text of an annual report written")
    EVENTS.register("reports.frozen", "Annual report frozen")
    EVENTS.register("reports.pdf_set_again", "PDF of an annual report to be set again")
    EVENTS.register("reports.signed", "Annual report signed")
    EVENTS.register("reports.signature_undone", "Signature of an annual report undone")
    EVENTS.register("reports.published", "Annual report published")
    EVENTS.register("reports.correction_started", "Correction of an annual report started")
    EVENTS.register("reports.superseded", "Annual report replaced by a corrected one")
    HOME_PANELS.register("reports.waiting", reports_waiting)
    SIGNED_OFF.register("reports", published.signed_off)
    KEPT_BACK.register("reports", published.kept_back)
    SITEMAPS.register("reports", EDITIONS)
