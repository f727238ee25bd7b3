"""Counting how many notifications share what a learning case tells. At most two queries."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q

from notifications.counting import counted
from notifications.learning.equipment import kind_of
from notifications.learning.themes import themes
from notifications.learning.uniqueness import RECENT_YEARS, TIERS, Finding, Profile, Tally, coarser
from regulator import clock

_TIER_FIELDS = tuple(f"cqc_cause__{name}" for name in TIERS)
_THEME_FIELDS = {"rollup": "cqc_cause__rollup"}
_DAYS_A_YEAR = 365


def weigh(profile: Profile) -> Finding:
    """What the counted notifications say of a profile and of every way of telling less (two queries; one
    where no equipment is told).

    Equipment is what was typed, taken for a kind; of a redacted notification nothing typed is left, so it
    shares none. Both err on the side of rare.
    """
    steps = coarser(profile)
    profiles = [profile, *(each.profile for each in steps)]
    typed = _typed_for(profile.modality, profile.equipment) if profile.equipment else []
    recent = Q(case__opened_at__gte=clock.now() - timedelta(days=RECENT_YEARS * _DAYS_A_YEAR))
    asked: dict[str, Any] = {}
    for place, each in enumerate(profiles):
        shares = _shares(each, typed)
        for window, within in (("all", shares), ("recent", shares & recent)):
            asked[f"{window}_{place}"] = Count("pk", filter=within)
            asked[f"{window}_employers_{place}"] = Count("case__employer", filter=within, distinct=True)
    found = counted().filter(case__modality=profile.modality).aggregate(**asked)
    first, *others = (_tally(found, place) for place in range(len(profiles)))
    return Finding(profile, first, tuple(zip(steps, others, strict=True)))


def _typed_for(modality: str, kind: str) -> list[str]:
    """What was typed anywhere that is taken for this kind of equipment (one query)."""
    typed = counted().filter(case__modality=modality).exclude(equipment_type="")
    return [
        each for each in typed.values_list("equipment_type", flat=True).distinct() if kind_of(each) == kind
    ]


def _shares(profile: Profile, typed: list[str]) -> Q:
    wanted = Q(case__modality=profile.modality)
    if profile.sub_modality:
        wanted &= Q(sub_modality=profile.sub_modality)
    for field, tier in zip(_TIER_FIELDS, profile.tiers, strict=False):
        wanted &= Q(**{field: tier})
    if profile.equipment:
        wanted &= Q(equipment_type__in=typed)
    for slug in profile.counted_themes:
        shown = Q()
        for sign in themes()[slug].signs:
            shown |= Q(**{f"{_THEME_FIELDS.get(sign.field, sign.field)}__in": sign.values})
        wanted &= shown
    return wanted


def _tally(found: dict[str, Any], place: int) -> Tally:
    names = ("all", "all_employers", "recent", "recent_employers")
    return Tally(*(found[f"{name}_{place}"] for name in names))
