"""Whether a published year's tables agree: parts add up at every level, shares round as published."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from enforcement.year.published import PublishedYear, Share, Subtotal
from enforcement.year.rows import Row, YearRefused
from notifications.taxonomy import MODALITIES

__all__ = ["check"]


def check(year: PublishedYear) -> None:
    """Refuse the year (``YearRefused``) at the first total that is not the sum of its parts.

    The row named is the one that states the total: which of the parts is wrong, the numbers cannot tell.
    """
    _check_causes(year)
    _check_shares(year, "submodalities.csv", year.submodalities)
    _check_shares(year, "sectors.csv", year.sectors)
    _check_kind(
        year, "inspections", "inspections.csv", Counter({one.modality: one.count for one in year.inspections})
    )
    _check_flags(year)
    _check_kind(year, "notices", "notices.csv", Counter(one.modality for one in year.notices))
    _check_kind(
        year,
        "recommendations",
        "recommendations.csv",
        _sums((one.modality, one.count) for one in year.recommendations),
    )
    _check_activity(year)
    _check_wrong_radiopharmaceutical(year)
    _check_non_compliances(year)


def _sums(parts: Iterable[tuple[str, int]]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for key, count in parts:
        sums[key] += count
    return sums


def _fact(year: PublishedYear, key: str) -> Row:
    if key not in year.facts:
        raise YearRefused("year.csv", None, "", f"{key} is missing")
    return year.facts[key]


def _agree(row: Row, stated: int, summed: int, parts: str) -> None:
    if stated != summed:
        raise row.refused(f"it says {stated}, but {parts} add up to {summed}")


def _check_causes(year: PublishedYear) -> None:
    leaves = Counter[tuple[str, str, str]]()
    for cause in year.causes:
        leaves[cause.modality, cause.tier1, cause.tier2] += cause.count
    _check_subtotals(year.tier2, leaves, "the causes in causes.csv")
    for cause in year.causes:
        if (cause.modality, cause.tier1, cause.tier2) not in {
            (one.modality, one.tier1, one.tier2) for one in year.tier2
        }:
            raise cause.row.refused(f"tier2_totals.csv has no total for {cause.tier1}, {cause.tier2}")
    branches = Counter[tuple[str, str, str]]()
    for total in year.tier2:
        branches[total.modality, total.tier1, ""] += total.count
    _check_subtotals(year.tier1, branches, "the totals in tier2_totals.csv")
    for total in year.tier2:
        if (total.modality, total.tier1) not in {(one.modality, one.tier1) for one in year.tier1}:
            raise total.row.refused(f"tier1_totals.csv has no total for {total.tier1}")
    _check_kind(
        year, "notifications", "tier1_totals.csv", _sums((one.modality, one.count) for one in year.tier1)
    )


def _check_subtotals(
    totals: Iterable[Subtotal], sums: Mapping[tuple[str, str, str], int], parts: str
) -> None:
    for total in totals:
        _agree(total.row, total.count, sums[total.modality, total.tier1, total.tier2], parts)


def _check_kind(year: PublishedYear, kind: str, file: str, counted: Counter[str]) -> None:
    """The parts in ``file`` against each modality's total in ``year.csv``, and those against the year's."""
    for modality in MODALITIES:
        row = _fact(year, f"{kind}_{modality}")
        _agree(row, year.totals[f"{kind}_{modality}"], counted[modality], f"the rows of {modality} in {file}")
    summed = sum(year.totals[f"{kind}_{modality}"] for modality in MODALITIES)
    _agree(_fact(year, kind), year.totals[kind], summed, "the modalities in year.csv")


def _check_shares(year: PublishedYear, file: str, shares: Iterable[Share]) -> None:
    shares = tuple(shares)
    _check_kind(year, "notifications", file, _sums((share.modality, share.count) for share in shares))
    for share in shares:
        total = year.totals[f"notifications_{share.modality}"]
        if share.percent is not None and share.percent != _percent(share.count, total):
            rounded = f"{share.count} of {total} rounds to {_percent(share.count, total)}%"
            raise share.row.refused(f"{rounded}, not to the published {share.percent}%")


def _percent(count: int, total: int) -> int:
    """``count`` as a share of ``total`` in whole per cent, halves rounded up; 0 of 0 is 0%."""
    if not total:
        return 0
    return int((Decimal(100 * count) / total).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _check_flags(year: PublishedYear) -> None:
    for one in year.inspections:
        if one.brachytherapy > one.count:
            raise one.row.refused(
                f"brachytherapy is {one.brachytherapy}, more than the {one.count} inspections"
            )
        if one.reactive + one.focused > one.count:
            raise one.row.refused(
                f"reactive {one.reactive} and focused {one.focused} are more than the {one.count} inspections"
            )
        if one.brachytherapy and one.modality != "radiotherapy":
            raise one.row.refused("brachytherapy is inspected in radiotherapy only")


def _check_activity(year: PublishedYear) -> None:
    """Examinations (imaging and nuclear medicine together) and episodes, each against its published total."""
    units = _sums((one.unit, one.count) for one in year.activity)
    for key, unit in (("ionising_examinations", "examinations"), ("radiotherapy_episodes", "episodes")):
        row = _fact(year, key)
        _agree(row, year.totals[key], units[unit], f"the {unit} in activity.csv")


def _check_wrong_radiopharmaceutical(year: PublishedYear) -> None:
    key = "wrong_radiopharmaceutical_notifications"
    row = _fact(year, key)
    radiopharmaceutical = sum(cause.count for cause in year.causes if cause.tier2 == "Radiopharmaceutical")
    if year.totals[key] > radiopharmaceutical:
        raise row.refused(
            f"it says {year.totals[key]}, more than the {radiopharmaceutical} causes of that kind"
        )


def _check_non_compliances(year: PublishedYear) -> None:
    """Published for some modalities only; each notice followed a non-compliance."""
    for modality in MODALITIES:
        key, notices = f"non_compliances_{modality}", year.totals[f"notices_{modality}"]
        if year.totals.get(key, notices) < notices:
            raise _fact(year, key).refused(
                f"it says {year.totals[key]}, fewer than the {notices} notices that followed one"
            )
