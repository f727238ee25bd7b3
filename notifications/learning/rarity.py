"""Counting how many notifications share what a learning case tells. At most two queries."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, TypeAlias

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, Value

from notifications.counting import counted
from notifications.learning.equipment import kind_of
from notifications.learning.themes import themes
from notifications.learning.uniqueness import RECENT_YEARS, TIERS, Finding, Profile, Tally, coarser
from notifications.models import Notification
from regulator import clock

_TIER_FIELDS = tuple(f"cqc_cause__{name}" for name in TIERS)
_THEME_FIELDS = {"rollup": "cqc_cause__rollup"}
_DAYS_A_YEAR = 365
_Sign: TypeAlias = tuple[str, Any]
"""One thing that a profile tells: of which field, and what."""
_Group: TypeAlias = tuple[int, bool, frozenset[_Sign], int]
"""An employer, whether lately, what its notifications have of the profile's signs, how many they are."""


def weigh(profile: Profile) -> Finding:
    """What the counted notifications say of a profile and of every way of telling less (two queries; one
    where no equipment is told).

    The database looks at each notification once, for each thing that is told, and counts them by employer and
    by which of these they have; what each way of telling less shares is summed here.

    Equipment is what was typed, taken for a kind; of a redacted notification nothing typed is left, so it
    shares none. Both err on the side of rare.
    """
    steps = coarser(profile)
    groups = _groups(profile)
    tallies = [_tally(groups, _signs(each.profile)) for each in steps]
    return Finding(profile, _tally(groups, _signs(profile)), tuple(zip(steps, tallies, strict=True)))


def _signs(profile: Profile) -> frozenset[_Sign]:
    """What a notification has to have to share a profile, beside its modality."""
    told: list[_Sign] = [(f"tier {depth}", tier) for depth, tier in enumerate(profile.tiers)]
    told += [(name, said) for name in ("sub_modality", "equipment") if (said := getattr(profile, name))]
    return frozenset([*told, *(("theme", slug) for slug in profile.counted_themes)])


def _groups(profile: Profile) -> list[_Group]:
    """The counted notifications of the modality, by employer, by whether lately, and by which of the signs of
    ``profile`` they have."""
    signs = sorted(_signs(profile))
    asked = {f"sign_{place}": _condition(profile, sign) for place, sign in enumerate(signs)}
    asked["lately"] = _is(Q(case__opened_at__gte=clock.now() - timedelta(days=RECENT_YEARS * _DAYS_A_YEAR)))
    found = counted().filter(case__modality=profile.modality).annotate(**asked)
    rows = found.values_list("case__employer", *asked).annotate(number=Count("pk"))
    return [
        (
            employer,
            bool(lately),
            frozenset(sign for sign, has in zip(signs, having, strict=True) if has),
            number,
        )
        for employer, *having, lately, number in rows
    ]


def _condition(profile: Profile, sign: _Sign) -> Any:
    name, said = sign
    if name == "theme":
        shown = Q()
        for each in themes()[said].signs:
            shown |= Q(**{f"{_THEME_FIELDS.get(each.field, each.field)}__in": each.values})
        return _is(shown)
    if name == "equipment":
        typed = _typed_for(said)
        return _is(Q(equipment_type__in=typed)) if typed else Value(False)
    if name == "sub_modality":
        return _is(Q(sub_modality=said))
    return _is(Q(**{_TIER_FIELDS[int(name.removeprefix("tier "))]: said}))


def _is(condition: Q) -> Any:
    return ExpressionWrapper(condition, output_field=BooleanField())


def _typed_for(kind: str) -> list[str]:
    """What was typed on any notification that is taken for this kind of equipment (one query)."""
    typed = Notification.objects.order_by().exclude(equipment_type="")
    return [
        each for each in typed.values_list("equipment_type", flat=True).distinct() if kind_of(each) == kind
    ]


def _tally(groups: Iterable[_Group], signs: frozenset[_Sign]) -> Tally:
    sharing = [(employer, lately, number) for employer, lately, has, number in groups if signs <= has]
    recent = [(employer, number) for employer, lately, number in sharing if lately]
    return Tally(
        sum(number for _, _, number in sharing),
        len({employer for employer, _, _ in sharing}),
        sum(number for _, number in recent),
        len({employer for employer, _ in recent}),
    )
