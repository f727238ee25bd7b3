"""What the desk shows of the appeals against a notice."""

from enforcement.binding import directed
from enforcement.legal_life import suspension_means
from enforcement.models import Appeal, Notice
from regulator.casework.desk import FactSection
from regulator.casework.wording import as_text


def _suspension(appeal: Appeal) -> str:
    """From when and until when the tribunal suspends a prohibition notice, in words."""
    last = appeal.suspended_until
    until = as_text(last) if last else "the appeal is disposed of"
    ended = appeal.disposed_on is not None and (last is None or appeal.disposed_on <= last)
    ending = f", ended by the decision of {as_text(appeal.disposed_on)}" if ended else ""
    return f"From {as_text(appeal.suspended_from)} until {until}{ending}"


def _day_of_effect(notice: Notice, appeal: Appeal) -> list[tuple[str, object]]:
    """What a suspension means for the day on which a deferred prohibition takes effect."""
    day = notice.compliance_on
    if day is None:
        return []
    said = suspension_means(day, directed(appeal))
    return [(f"Takes effect on {as_text(day)}", said)] if said else []


def appeals(notice: Notice) -> list[FactSection]:
    """Each appeal: where it stands, what the tribunal directed, and what the notice said before it (two
    queries, one more where there are earlier texts)."""
    rows: list[tuple[str, object]] = []
    found = notice.appeals.select_related("former_content")
    for appeal in found.prefetch_related("former_content__provisions"):
        lodged = f"Lodged on {as_text(appeal.lodged_on)}" + (" with leave" if appeal.late_with_leave else "")
        lodged += f", case {appeal.case_number}" if appeal.case_number else ""
        decided = f"{appeal.get_outcome_display()} on {as_text(appeal.disposed_on)}. {appeal.changes}".strip()
        rows.append((lodged, decided if appeal.outcome else "Pending"))
        if appeal.suspended_from:
            rows.append(("Suspended by the tribunal’s direction", _suspension(appeal)))
            rows += _day_of_effect(notice, appeal)
        if hasattr(appeal, "former_content"):
            former = appeal.former_content
            named = ", ".join(provision.citation for provision in former.provisions.all())
            rows.append(("Before that, provisions", named))
            rows.append(("Before that, required action", former.required_action))
    return [FactSection("Appeals", tuple(rows))] if rows else []
