"""Which notification had which cause, sub-modality and type of employer: one table with every margin.

CQC publishes the margins and not the table, which is made here: likely pairs first, the rest as drawn.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter

from enforcement.year.draw import Draw
from enforcement.year.published import PublishedYear, Share

__all__ = ["Slot", "filled_slots"]

# Which causes a sub-modality takes first (ends of slugs); the first group goes before the second. The
# sub-modalities choose in this order and those not named choose last.
_LIKELY: dict[str, tuple[tuple[str, ...], ...]] = {
    "mammography": (
        ("operator-wrong-use-of-equipment", "operator-position-set-up-protocol", "equipment-software"),
    ),
    "other_imaging": (
        ("deterministic-effects", "ten-times-drl", "equipment-not-fit-for-purpose"),
        ("equipment-hardware",),
    ),
    "plain_film": (
        ("operator-position-set-up-protocol", "failure-to-upload-images", "wrong-use-of-equipment"),
        ("equipment-hardware", "equipment-software", "operator-patient-id"),
    ),
    "brachytherapy": (("inappropriate-plan-generated", "data-transfer", "target-volume"),),
    "planning_verification": (
        (
            "verification-image-type", "immobilisation", "scan-protocol", "marking", "positioning-of-patient",
            "inappropriate-verification-carried-out",
        ),
        ("equipment-hardware", "equipment-software", "equipment-it-failure", "equipment-ancillary-failure"),
    ),
    "in_vitro": (("equipment-ancillary-failure",),),
    "radionuclide_therapy": (
        ("operator-administration", "operator-preparation", "unknown-pregnancy", "pregnancy-check"),
    ),
    "pet": (("equipment-hardware", "equipment-software"),),
}  # fmt: skip
# Which sub-modalities a type of employer takes first; types not named choose last.
_USUAL = {"dental": ("other_imaging",), "nhs_other": ("plain_film",), "independent": ("pet",)}


@dataclass(frozen=True)
class Slot:
    """One notification to be: the ``number``-th of its cause. Sub-modality and sector are filled in turn."""

    cause: str
    number: int
    modality: str
    submodality: str = ""
    sector: str = ""


def filled_slots(year: PublishedYear, draw: Draw) -> list[Slot]:
    """One slot for each notification; counts by cause, by sub-modality and by sector are those published."""
    slots = [
        Slot(cause.slug, number, cause.modality)
        for cause in year.causes
        for number in range(1, cause.count + 1)
    ]
    submodalities = _in_order(year.submodalities, list(_LIKELY))
    slots = _fill(slots, submodalities, draw, _cause_rank, _with_submodality)
    return _fill(slots, _in_order(year.sectors, list(_USUAL)), draw, _submodality_rank, _with_sector)


def _in_order(shares: Iterable[Share], order: list[str]) -> list[Share]:
    return sorted(shares, key=lambda share: order.index(share.part) if share.part in order else len(order))


def _fill(
    slots: list[Slot],
    shares: list[Share],
    draw: Draw,
    rank: Callable[[Slot, str], int],
    filled: Callable[[Slot, str], Slot],
) -> list[Slot]:
    """Each share takes its count of the slots still free in its modality: the likeliest, then as drawn."""
    free = draw.shuffled(slots, "fill")
    done: list[Slot] = []
    for share in shares:
        candidates = [(rank(slot, share.part), slot) for slot in free if slot.modality == share.modality]
        candidates.sort(key=itemgetter(0))
        taken = [slot for _, slot in candidates[: share.count]]
        chosen = set(taken)
        free = [slot for slot in free if slot not in chosen]
        done.extend(filled(slot, share.part) for slot in taken)
    return done


def _cause_rank(slot: Slot, submodality: str) -> int:
    likely = _LIKELY.get(submodality, ())
    return next((place for place, ends in enumerate(likely) if slot.cause.endswith(ends)), len(likely))


def _submodality_rank(slot: Slot, sector: str) -> int:
    return 0 if slot.submodality in _USUAL.get(sector, ()) else 1


def _with_submodality(slot: Slot, submodality: str) -> Slot:
    return Slot(slot.cause, slot.number, slot.modality, submodality)


def _with_sector(slot: Slot, sector: str) -> Slot:
    return Slot(slot.cause, slot.number, slot.modality, slot.submodality, sector)
