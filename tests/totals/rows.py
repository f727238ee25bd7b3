"""Totals written straight into their table: what the public pages show, without a case behind them."""

from collections.abc import Mapping
from datetime import date

from regulator.organisations.models import EmployerType, Modality
from regulator.statistics.totals.cells import ALL, Line
from regulator.statistics.totals.models import Revision, Total, key_of

SUB_MODALITIES = {
    Modality.DIAGNOSTIC_IMAGING.value: ("ct", "plain_film", "mammography", "dental"),
    Modality.RADIOTHERAPY.value: ("external_beam", "brachytherapy", "planning_verification"),
    Modality.NUCLEAR_MEDICINE.value: ("pet", "diagnostic_nm", "in_vitro"),
}
TIERS = ("Employer", "Equipment", "Operator", "Practitioner", "Referrer", "")


def put(numbers: Mapping[Line, int], *, counted_on: date) -> None:
    """Write totals, and that they were counted up to a day."""
    rows = [
        Total(
            key=key_of(line),
            **dict(zip(("series", "month", "modality", "dimension", "value"), line, strict=True)),
            number=number,
        )
        for line, number in numbers.items()
        if number
    ]
    Total.objects.bulk_create(rows, batch_size=2000)
    held, _ = Revision.objects.get_or_create(pk=1)
    held.number += 1
    held.counted_on = counted_on
    held.save()


def months(first: date, last: date) -> list[date]:
    """The first of each month from one day to another."""
    found, month = [], first.replace(day=1)
    while month <= last:
        found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found


def spread(number: int, first: date, last: date) -> dict[Line, int]:
    """About ``number`` notifications over the months, modalities and values between two days, always the
    same, with a tenth as many inspections and notices; what is not divisible falls to the first values."""
    numbers: dict[Line, int] = {}
    over = months(first, last)
    each = max(number // (len(over) * len(SUB_MODALITIES)), 1)
    for month in over:
        for modality, kinds in SUB_MODALITIES.items():
            numbers["notifications", month, modality, ALL, ""] = each
            for dimension, values in (
                ("sub_modality", kinds),
                ("employer_type", EmployerType.values[:5]),
                ("tier1", TIERS),
            ):
                for value, part in zip(values, _parts(each, len(values)), strict=True):
                    numbers["notifications", month, modality, dimension, value] = part
            for place, part in enumerate(_parts(each, 30)):
                tier = TIERS[place % 5]
                numbers["notifications", month, modality, "cause", f"{tier} > Point > What {place}"] = part
            for series in ("inspections", "notices"):
                numbers[series, month, modality, ALL, ""] = each // 10
    return numbers


def _parts(whole: int, into: int) -> list[int]:
    return [whole // into + (place < whole % into) for place in range(into)]
