"""When what a learning case tells could point at one site: few notifications share it, or few employers have
them all. Pure: what is told, what the counts are, and what follows; counting is ``rarity``'s.

The rule (decision 32): rare is a combination that fewer than ``FEWEST`` counted notifications share, or fewer
than ``FEWEST_EMPLOYERS`` employers, over all that are held or over the last ``RECENT_YEARS`` alone: whoever
reads it thinks of what they heard of lately.
"""

from dataclasses import dataclass, replace
from typing import Final

from notifications.learning.equipment import LABELS
from notifications.learning.themes import themes

FEWEST: Final = 5
FEWEST_EMPLOYERS: Final = 3
RECENT_YEARS: Final = 5
TIERS: Final = ("tier1", "rollup_tier2", "rollup")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a learning case tells of itself by kind; ``""`` for what it leaves out. ``tiers`` are roll-ups,
    from the first on; ``themes`` are slugs. Which notifications share it is ``rarity``'s."""

    modality: str
    sub_modality: str = ""
    tiers: tuple[str, ...] = ()
    equipment: str = ""
    themes: tuple[str, ...] = ()

    @property
    def counted_themes(self) -> tuple[str, ...]:
        """Those of its themes that a notification's coded answers can show."""
        return tuple(each for each in self.themes if each in themes() and themes()[each].signs)

    @property
    def uncounted_themes(self) -> tuple[str, ...]:
        """Those that no coded answer shows: they may narrow it further, by how much nobody can count."""
        return tuple(each for each in self.themes if each not in self.counted_themes)


@dataclass(frozen=True, slots=True)
class Coarser:
    """One way of telling less: which field, in words, and what would be told then."""

    field: str
    how: str
    profile: Profile


@dataclass(frozen=True, slots=True)
class Tally:
    """How many counted notifications share a profile, and how many employers they are of: all that are held,
    and those of the last years."""

    notifications: int
    employers: int
    recent: int
    recent_employers: int

    @property
    def is_rare(self) -> bool:
        return bool(self.why)

    @property
    def why(self) -> tuple[str, ...]:
        """What makes it rare, in plain English; nothing where it is not."""
        told = []
        if self.notifications < FEWEST:
            told.append(f"{_number(self.notifications)} in all, fewer than {FEWEST}")
        elif self.employers < FEWEST_EMPLOYERS:
            told.append(f"all {self.notifications} are {_of_few(self.employers)}")
        if self.recent < FEWEST:
            told.append(f"{_number(self.recent)} in the last {RECENT_YEARS} years, fewer than {FEWEST}")
        elif self.recent_employers < FEWEST_EMPLOYERS:
            few = _of_few(self.recent_employers)
            told.append(f"all {self.recent} of the last {RECENT_YEARS} years are {few}")
        return tuple(told)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the counts say of a profile: its own tally, and that of each way of telling less."""

    profile: Profile
    tally: Tally
    coarser: tuple[tuple[Coarser, Tally], ...]

    @property
    def is_rare(self) -> bool:
        return self.tally.is_rare

    @property
    def enough(self) -> tuple[Coarser, ...]:
        """The single steps after which it is rare no more."""
        return tuple(way for way, tally in self.coarser if not tally.is_rare)

    @property
    def next_step(self) -> Coarser | None:
        """Where no single step is enough: the one after which the most notifications share it, if any step
        lets more do so."""
        gaining = [each for each in self.coarser if each[1].notifications > self.tally.notifications]
        if not self.is_rare or self.enough or not gaining:
            return None
        return max(gaining, key=lambda each: (each[1].notifications, each[1].recent))[0]


def coarser(profile: Profile) -> tuple[Coarser, ...]:
    """Every single step that tells less, in the order in which each loses least."""
    steps: list[Coarser] = []
    for theme in profile.counted_themes:
        others = tuple(each for each in profile.themes if each != theme)
        how = f"leave out the theme “{themes()[theme].label}”"
        steps.append(Coarser("themes", how, replace(profile, themes=others)))
    if profile.equipment:
        how = f"leave out the equipment ({LABELS.get(profile.equipment, profile.equipment)})"
        steps.append(Coarser("equipment", how, replace(profile, equipment="")))
    if profile.sub_modality:
        steps.append(
            Coarser(
                "sub_modality", "leave out the kind within the modality", replace(profile, sub_modality="")
            )
        )
    for depth in reversed(range(len(profile.tiers))):
        how = f"tell the cause to tier {depth} only" if depth else "leave out the cause"
        steps.append(Coarser("tiers", how, replace(profile, tiers=profile.tiers[:depth])))
    return tuple(steps)


def _of_few(employers: int) -> str:
    if employers == 1:
        return "one employer’s"
    return f"those of only {employers} employers, fewer than {FEWEST_EMPLOYERS}"


def _number(count: int) -> str:
    return "none" if count == 0 else f"only {count}"
