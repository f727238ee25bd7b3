"""What a version says, as a service takes it, and the one check that it goes through."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError

from notifications.guidance.models import Theme, Version
from notifications.guidance.wording import Action, all_regulations
from regulator import clock
from regulator.casework.identifiers import Finding, find
from regulator.legislation.models import Provision
from regulator.legislation.standing import not_in_force
from regulator.organisations.models import Modality

INSTRUMENT: Final = "IR(ME)R 2017"
LONGEST_WHY: Final = 3_000
_LENGTHS: Final = {"title": 120, "why": LONGEST_WHY, "what_changed": 400}
_NAMES: Final = {"title": "a title", "why": "why it matters", "what_changed": "what changed"}


@dataclass(frozen=True, slots=True)
class Content:
    """One version's words. ``what_changed`` is needed where the topic had a version before; ``withdraws``
    leaves the topic without actions, and ``why`` then says why."""

    title: str
    theme: str
    why: str
    actions: tuple[Action, ...]
    modalities: tuple[str, ...]
    valid_from: date
    what_changed: str = ""
    withdraws: bool = False

    def values(self) -> dict[str, Any]:
        """The columns of a version that hold it."""
        return {
            "title": self.title.strip(),
            "theme": self.theme,
            "why": self.why.strip(),
            "actions": [each.as_data() for each in self.actions],
            "modalities": [each.value for each in Modality if each in self.modalities],
            "valid_from": self.valid_from,
            "what_changed": self.what_changed.strip(),
            "withdraws": self.withdraws,
        }


def content_of(version: Version) -> Content:
    """What a version says."""
    return Content(
        title=version.title,
        theme=version.theme,
        why=version.why,
        actions=version.action_list,
        modalities=tuple(version.modalities),
        valid_from=version.valid_from,
        what_changed=version.what_changed,
        withdraws=version.withdraws,
    )


def check(content: Content, *, first: bool) -> None:
    """Raise ``ValidationError`` by field for what may not be shown to the public (one query).

    Every text is there and not too long, and identifies nobody; the day is today or later; each action rests
    on provisions that are in force on that day; there is a theme and a modality; and it is said what changed,
    unless it is the topic's ``first``.
    """
    faults: dict[str, list[str]] = {}
    for field, why in _faults(content, first):
        faults.setdefault(field, []).append(why)
    if faults:
        raise ValidationError(faults)


def _faults(content: Content, first: bool) -> Iterator[tuple[str, str]]:
    yield from _of_texts(content, first)
    if content.theme not in Theme.values:
        yield "theme", "Choose a theme."
    if not content.modalities or not set(content.modalities) <= set(Modality.values):
        yield "modalities", "Choose at least one modality."
    if content.valid_from < clock.today():
        yield "valid_from", "The day must be today or later: what held before stays so."
    if not content.withdraws:
        yield from (("actions", why) for why in _of_actions(content))


def _of_texts(content: Content, first: bool) -> Iterator[tuple[str, str]]:
    texts = {name: getattr(content, name).strip() for name in _LENGTHS}
    for name, text in texts.items():
        needed = name != "what_changed" or not (first or content.withdraws)
        if needed and not text:
            yield name, f"Enter {_NAMES[name]}."
        if len(text) > _LENGTHS[name]:
            yield name, f"Use {_LENGTHS[name]:,} characters or fewer."
        if found := find(text):
            yield name, identifying(found)


def _of_actions(content: Content) -> Iterator[str]:
    if not content.actions:
        yield "Write at least one action."
    for each in content.actions:
        if found := find(each.text):
            yield identifying(found)
    yield from _of_provisions(all_regulations(content.actions), content.valid_from)


def _of_provisions(references: Sequence[str], day: date) -> Iterator[str]:
    """Those that the catalogue does not know, or that are not in force on the day."""
    rows: dict[str, list[Provision]] = {}
    for row in Provision.objects.filter(instrument=INSTRUMENT, reference__in=references):
        rows.setdefault(row.reference, []).append(row)
    for reference in references:
        if reference not in rows:
            yield f"There is no provision {reference} in {INSTRUMENT}."
        elif all(not_in_force([text], day) for text in rows[reference]):
            yield not_in_force(rows[reference][-1:], day)


def identifying(found: Sequence[Finding]) -> str:
    """What to take out of a text that seems to identify somebody, and that nothing may be kept of."""
    shown = "; ".join(f"{each.kind.label}: “{each.text}”" for each in found[:5])
    more = f"; and {len(found) - 5} more" if len(found) > 5 else ""
    return f"This seems to identify somebody ({shown}{more}). Take it out."


def read_stored(row: Mapping[str, Any], valid_from: date) -> Content:
    """A first version as ``data/topics.json`` has it."""
    return Content(
        title=row["title"],
        theme=row["theme"],
        why="\n".join(row["why"]),
        actions=tuple(Action(each["text"], tuple(each["regulations"])) for each in row["actions"]),
        modalities=tuple(row["modalities"]),
        valid_from=valid_from,
    )
