"""The reads of guidance: approved versions whose day has come, and nothing else, for the public."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from notifications.guidance.comparing import Part, compare, compare_actions
from notifications.guidance.models import Theme, Topic, Version
from notifications.guidance.pages import Page
from notifications.guidance.sources import Item
from regulator import clock

MOST_IN_FEED: Final = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A version that the public reads or read. ``since`` is the day on which it was first shown; ``until``
    the day on which ``by`` took its place, ``None`` where it holds."""

    version: Version
    since: date
    until: date | None = None
    by: Version | None = None

    @property
    def holds(self) -> bool:
        return self.until is None


@dataclass(frozen=True, slots=True)
class Listed:
    """A theme with the versions under it, by title."""

    theme: Theme
    versions: tuple[Version, ...]


def present_list(modality: str = "", theme: str = "") -> list[Listed]:
    """What holds now, by theme in the order in which they are declared; those for one modality, or under one
    theme, where asked. One query."""
    found = Version.objects.present(clock.now()).filter(withdraws=False).select_related("topic")
    if theme:
        found = found.filter(theme=theme)
    rows = [each for each in found.order_by("title", "pk") if not modality or modality in each.modalities]
    listed = [Listed(each, tuple(row for row in rows if row.theme == each)) for each in Theme]
    return [each for each in listed if each.versions]


def shown_versions(topic: Topic) -> list[Shown]:
    """Every version of a topic that was ever shown, the newest first. One query."""
    rows = list(topic.versions.begun(clock.now()))
    shown: list[Shown] = []
    after: Version | None = None
    for row in rows:
        row.topic = topic
        until = _day(after) if after is not None else None
        shown.append(Shown(row, _day(row), until, after))
        after = row
    return shown


def _day(version: Version) -> date:
    """In London, the day on which it was first shown."""
    if version.published_at is None:
        raise ValueError("a version that was not approved was never shown")
    return timezone.localdate(version.published_at)


def shown_topic(slug: str) -> tuple[Topic, list[Shown]] | None:
    """A topic with what was ever shown of it (two queries); ``None`` where nothing was yet."""
    topic = Topic.objects.filter(slug=slug).first()
    shown = shown_versions(topic) if topic is not None else []
    return (topic, shown) if topic is not None and shown else None


def newest(most: int = MOST_IN_FEED) -> list[Version]:
    """The versions shown last, withdrawals among them, for ``what_of`` to be asked (one query)."""
    return list(_with_what(Version.objects.begun(clock.now()))[:most])


def what_of(version: Version) -> str:
    """Whether a version that ``newest`` or ``news`` read makes its topic "new", "changed" or "withdrawn" for
    the public: new is what was not shown before, whatever its number."""
    if version.withdraws:
        return "withdrawn"
    return "new" if vars(version)["is_new"] else "changed"


def _with_what(found: QuerySet[Version]) -> QuerySet[Version]:
    before = Version.objects.filter(
        topic=OuterRef("topic"), state=Version.State.APPROVED, published_at__lt=OuterRef("published_at")
    )
    return found.select_related("topic").annotate(is_new=~Exists(before))


def differences(before: Version | None, after: Version) -> list[Part]:
    """What ``after`` says otherwise than ``before``, part by part; parts that say the same are left out."""
    empty = before is None
    old = before or after
    parts = [
        compare("Title", [] if empty else [old.title], [after.title]),
        compare("Theme", [] if empty else [old.get_theme_display()], [after.get_theme_display()]),
        compare("Modalities", [] if empty else old.modality_labels, after.modality_labels),
        compare(
            "Why it was withdrawn" if after.withdraws else "Why it matters",
            [] if empty else old.paragraphs,
            after.paragraphs,
        ),
        compare_actions([] if empty else old.action_list, after.action_list),
    ]
    return [part for part in parts if part.changed]


# Contributions -------------------------------------------------------------------------------------


def page_of(slug: str) -> Page | None:
    """The page that readers may say something of: a topic that is not withdrawn."""
    found = Version.objects.present(clock.now()).filter(topic__slug=slug, withdraws=False)
    version = found.select_related("topic").first()
    if version is None:
        return None
    return Page(version.title, version.topic.get_absolute_url(), version.number)


def titles_of(slugs: Collection[str]) -> Mapping[str, str]:
    """The titles of topics as they are, or were last, shown."""
    found = Version.objects.present(clock.now()).filter(topic__slug__in=slugs)
    return dict(found.values_list("topic__slug", "title"))


def news(since: datetime, until: datetime, modalities: Collection[str]) -> Sequence[Item]:
    """What the digest tells: of each topic that changed the version that held at the end, and whether it is
    new, changed or withdrawn."""
    changed = Version.objects.present(until - timedelta(microseconds=1)).filter(published_at__gte=since)
    rows = _with_what(changed).order_by("published_at", "pk")
    return [item for row in rows for item in _items(row, modalities)]


def _items(row: Version, modalities: Collection[str]) -> Iterator[Item]:
    if row.published_at is None or (modalities and not set(modalities) & set(row.modalities)):
        return
    item = Item(row.title, row.topic.get_absolute_url(), ", ".join(row.modality_labels), row.published_at)
    yield replace(item, title=f"{row.title} ({what_of(row)})")
