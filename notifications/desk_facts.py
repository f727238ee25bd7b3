"""What a notification's page on the staff desk shows: what it says, its amendments, requests for time."""

from collections.abc import Iterator, Sequence

from notifications.content import canonical, content_of
from notifications.facts import facts as told_facts
from notifications.models import Notification, NotificationVersion
from notifications.queries import whole
from notifications.versions import Change, as_told, changes
from regulator.casework.desk import FactSection
from regulator.casework.models import Case
from regulator.casework.wording import as_text
from regulator.deadlines.models import ExtensionRequest


def facts(case: Case) -> Sequence[FactSection]:
    """More time that was asked for, the facts, and every amendment. At most nine queries, four where nothing
    was amended."""
    return [*more_time(case), *told_facts(case), *amendments(case)]


def more_time(case: Case) -> Iterator[FactSection]:
    """Each request for more time, the latest first, with what was decided. One query."""
    asked = ExtensionRequest.objects.filter(deadline__case=case).select_related("asked_by", "decided_by")
    rows: list[tuple[str, object]] = []
    for each in asked:
        rows.append(("Asked for", f"Until {as_text(each.asked_until)}: {each.reason}"))
        rows.append(("By", f"{each.asked_by}, {as_text(each.asked_at)}"))
        rows.append(("Decision", decision(each)))
    if rows:
        yield FactSection("More time asked for", tuple(rows))


def decision(request: ExtensionRequest) -> str:
    """What became of a request, in words."""
    if request.is_open:
        return "Waits for a decision"
    until = f" until {as_text(request.granted_until)}" if request.granted_until else ""
    who = f" by {request.decided_by}" if request.decided_by else ""
    reason = f": {request.decision_reason}" if request.decision_reason else ""
    return f"{request.get_decision_display()}{until}{who}, {as_text(request.decided_at)}{reason}"


def amendments(case: Case) -> Iterator[FactSection]:
    """How often it was amended, and each time what changed, old beside new. One query, or seven."""
    versions = list(NotificationVersion.objects.filter(notification=case.pk).select_related("by"))
    if not versions:
        return
    present = whole().get(pk=case.pk)
    rows: list[tuple[str, object]] = []
    for version, changed in compared(present, versions):
        label = f"{version.number}. {as_text(version.made_at)}, {version.by}"
        lines = [f"Reason: {version.reason}", *map(in_words, changed)]
        rows.append((label, "\n".join(lines)))
    yield FactSection(f"Amended {_times(len(versions))}", tuple(rows))


def compared(
    present: Notification, versions: Sequence[NotificationVersion]
) -> list[tuple[NotificationVersion, list[Change]]]:
    """Each version with what the amendment changed in it. Three queries at most, at any number."""
    contents = [each.content for each in versions]
    told = as_told(present, [*contents, canonical(content_of(present))])
    return [(version, changes(told[at], told[at + 1])) for at, version in enumerate(versions)]


def in_words(change: Change) -> str:
    return f"{change.label}: was “{change.before or 'not given'}”, now “{change.after or 'not given'}”"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
