"""The writes on an annual report. Keyword-only; each is one transaction that appends its events."""

from regulator.statistics.reports.services.correcting import correct
from regulator.statistics.reports.services.freezing import freeze
from regulator.statistics.reports.services.publishing import publish
from regulator.statistics.reports.services.setting_again import set_again
from regulator.statistics.reports.services.signing import sign
from regulator.statistics.reports.services.starting import start
from regulator.statistics.reports.services.withdrawing import withdraw_case
from regulator.statistics.reports.services.writing import write_block

__all__ = ["correct", "freeze", "publish", "set_again", "sign", "start", "withdraw_case", "write_block"]
