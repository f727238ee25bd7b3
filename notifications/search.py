"""By which texts of theirs notifications are found. What employers have not sent is not among them."""

from collections.abc import Collection, Iterator
from typing import Final

from notifications.content import REPORT_SECTIONS, content_of
from notifications.identifying import texts_of
from notifications.models import CorrectiveAction
from notifications.queries import filed_report, whole

_OF_A_REPORT: Final = (*REPORT_SECTIONS, "no_doses_reason", "no_actions_reason")


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What employers told CQC: the notification as it stands, the filed report and the actions (three
    queries).

    What a notification said before it was corrected is not found any more.
    """
    for each in whole().filter(pk__in=keys):
        yield each.pk, "\n".join(texts_of(content_of(each)).values())
        report = filed_report(each)
        if report is not None:
            yield each.pk, "\n".join(getattr(report, name) for name in _OF_A_REPORT)
    acted = CorrectiveAction.objects.filter(notification__in=keys).order_by()
    for key, *said in acted.values_list("notification_id", "what", "owner_role", "effect_check"):
        yield key, "\n".join(said)
