"""Invented employers for a replayed year, and the published activity shared out among them.

CQC publishes no figure by employer, so names, sites and shares are all made up; only the sums are real.
"""

from enforcement.year.draw import Draw, apportion
from enforcement.year.published import PublishedYear
from enforcement.year.records import PlannedActivity, PlannedEmployer, PlannedSite

__all__ = ["invented_employers", "shared_activity"]

# Syllables put together so that no place of the name is likely to exist; each pair occurs once.
_FIRST = (
    "Quillen", "Fennimor", "Dapplin", "Tanzel", "Wrennick", "Oskerin",
    "Brimbel", "Cobberen", "Thrimmel", "Yarrel", "Zephin", "Umbren",
)  # fmt: skip
_LAST = ("fold", "haven", "moor", "wyke", "stead", "combe", "garth", "minster", "ferry", "holt")
_NUMBERS = {"nhs_acute": 80, "nhs_other": 6, "independent": 26, "dental": 8}
_NAMES = {
    "nhs_acute": ("{} Hospitals NHS Trust", ("General Hospital", "Infirmary", "Community Hospital")),
    "nhs_other": ("{} Community Health NHS Trust", ("Health Centre", "Community Hospital", "Clinic")),
    "independent": ("{} Diagnostics and Treatment Ltd", ("Imaging Centre", "Clinic", "Private Hospital")),
    "dental": ("{} Dental Practice", ("Surgery", "Dental Rooms", "Dental Annexe")),
}
# How much of a modality an employer of each type does, relative to the others.
_SCALE = {"nhs_acute": 100, "nhs_other": 12, "independent": 10, "dental": 1}


def invented_employers(draw: Draw) -> tuple[PlannedEmployer, ...]:
    """The invented employers, the same number of each type every year."""
    types = [employer_type for employer_type, number in _NUMBERS.items() for _ in range(number)]
    return tuple(_employer(draw, place, employer_type) for place, employer_type in enumerate(types))


def _employer(draw: Draw, place: int, employer_type: str) -> PlannedEmployer:
    key = f"INV-{place + 1:04d}"
    first, last = place % len(_FIRST), (place // len(_FIRST) + place) % len(_LAST)
    invented_place = _FIRST[first] + _LAST[last]
    pattern, sites = _NAMES[employer_type]
    number = 1 if employer_type == "dental" else draw.between("sites", key, low=1, high=3)
    return PlannedEmployer(
        key=key,
        name=f"{pattern.format(invented_place)} (invented)",
        employer_type=employer_type,
        sites=tuple(
            PlannedSite(f"{key}-S{at}", f"{invented_place} {name} (invented)")
            for at, name in enumerate(sites[:number], start=1)
        ),
    )


def shared_activity(
    year: PublishedYear, employers: tuple[PlannedEmployer, ...], draw: Draw
) -> tuple[PlannedActivity, ...]:
    """Each modality's published activity split among the employers that do it; the shares add up exactly."""
    return tuple(
        PlannedActivity(employer.key, published.modality, published.unit, quantity)
        for published in year.activity
        for employer, quantity in _split(published.modality, published.count, employers, draw)
    )


def _split(
    modality: str, total: int, employers: tuple[PlannedEmployer, ...], draw: Draw
) -> list[tuple[PlannedEmployer, int]]:
    active = [one for place, one in enumerate(employers) if modality in _modalities(place, one.employer_type)]
    weights = [_SCALE[one.employer_type] * draw.weight("activity", modality, one.key) for one in active]
    return list(zip(active, apportion(total, weights), strict=True))


def _modalities(place: int, employer_type: str) -> set[str]:
    """What an employer does: fixed by its place in the list, so that every modality has its employers."""
    if employer_type in {"nhs_other", "dental"}:
        return {"diagnostic_imaging"}
    if employer_type == "nhs_acute":
        also = {"radiotherapy": place % 5 < 3, "nuclear_medicine": place % 4 < 3}
        return {"diagnostic_imaging"} | {modality for modality, does in also.items() if does}
    if place % 5 == 0:
        return {"radiotherapy"} if place % 2 else {"radiotherapy", "nuclear_medicine"}
    return {"diagnostic_imaging"} if place % 2 else {"diagnostic_imaging", "nuclear_medicine"}
