"""By which comments on the facts, and which answers to them, inspections are found."""

from collections.abc import Collection, Iterator

from inspections.correspondence.models import AccuracyPoint


def found_by(keys: Collection[int]) -> Iterator[tuple[int, str]]:
    """What was sent, and what was answered (one query). What the letters say is found by their findings."""
    sent = AccuracyPoint.objects.filter(round__inspection__in=keys, round__sent_at__isnull=False).order_by()
    columns = ("round__inspection_id", "wrong", "should_say", "answer")
    yield from ((key, text) for key, *texts in sent.values_list(*columns) for text in texts if text)
