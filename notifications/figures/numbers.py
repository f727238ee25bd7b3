"""The numbers of notifications for prose, by name: ``{{ wrong_patient_referred }}``."""

from typing import Final

from notifications.figures.layouts import protected_types
from notifications.figures.rates import rate_cells, silent_cell
from notifications.models import MODALITY_OF, SubModality
from notifications.taxonomy import read_taxonomy
from regulator.organisations.models import EmployerType, Modality
from regulator.statistics.figures import Values
from regulator.statistics.numbers import (
    NUMBERS,
    Number,
    Reader,
    at,
    counted_at,
    register_change,
    register_count,
    share_of,
    sum_of,
)
from regulator.statistics.tables import Cell, Kind, Mark

_TOTAL: Final = at("notifications", "total")
_CAUSES: Final = "notifications_by_cause"
_TIER1: Final = {
    "employer": "Employer",
    "referrer": "Referrer",
    "practitioner": "Practitioner",
    "operator": "Operator",
    "equipment": "Equipment",
    "other_cause": "Other",
}
_DIAGNOSTIC: Final = Modality.DIAGNOSTIC_IMAGING.value
_NUCLEAR: Final = Modality.NUCLEAR_MEDICINE.value
_VERIFICATION: Final = (
    "rt-operator-geographical-miss-no-image",
    "rt-operator-geographical-miss-shift",
    "rt-operator-geographical-miss-offline",
    "rt-operator-geographical-miss-online",
    "rt-operator-verification-image-type",
)
"""The causes that CQC counts as errors of treatment verification imaging: they are its 69 of 2023/24."""


def _of(modality: str) -> Reader:
    return at("notifications", "by_modality", modality)


def _kind(kind: str) -> Reader:
    return counted_at("notifications_by_sub_modality", "by_modality", MODALITY_OF[SubModality(kind)], kind)


def _cause(slug: str) -> Reader:
    return counted_at(_CAUSES, "by_slug", slug)


def _tier(modality: str, *labels: str) -> Reader:
    """Reads what tier 1, or tier 1 and 2, count in a modality. Of causes as published (none is then said to
    be not yet coded) nothing is known but what is named."""
    path = [part for label in labels for part in (label, "parts")]

    def read(values: Values) -> Cell:
        missing = 0 if "not_yet_coded" in values.get(_CAUSES, {}) else Mark.NOT_AVAILABLE
        return at(_CAUSES, "by_modality", modality, *path[:-1], "count", missing=missing)(values)

    return read


def register() -> None:
    """Every number of notifications. Called once, when the application is ready."""
    register_count("notifications_total", "Notifications in all", _TOTAL)
    register_change("notifications", "Notifications in all", _TOTAL)
    for modality in Modality:
        _register_modality(modality.value, modality.label.lower())
    shares = sum_of(*(share_of(_of(modality), _TOTAL) for modality in Modality.values))
    NUMBERS.register(
        "modality_shares_total",
        Number(
            "The rounded shares of the modalities together", Kind.PERCENT, lambda values, _: shares(values)
        ),
    )
    for kind in SubModality:
        _register_kind(kind)
    for leaf in read_taxonomy():
        name = f"cause_{leaf.slug.replace('-', '_')}"
        meaning = f"{Modality(leaf.modality).label} notifications: {leaf.tier1}, {leaf.tier2}, {leaf.tier3}"
        of = f"{Modality(leaf.modality).label.lower()} notifications"
        register_count(name, meaning, _cause(leaf.slug), _of(leaf.modality), of)
        register_change(name, meaning, _cause(leaf.slug))
    _register_named()
    _register_other()


def _register_modality(modality: str, label: str) -> None:
    meaning = f"Notifications from {label}"
    register_count(f"{modality}_notifications", meaning, _of(modality))
    register_change(modality, meaning, _of(modality))
    share = share_of(_of(modality), _TOTAL)
    NUMBERS.register(
        f"{modality}_share",
        Number(f"{meaning}: share of all", Kind.PERCENT, lambda values, _: share(values)),
    )
    for key, tier1 in _TIER1.items():
        name = f"{key}_{{}}of_{modality}"
        what = f"{label.capitalize()} notifications of tier 1 {tier1.lower()}"
        _register_pair(name, what, _tier(modality, tier1), _of(modality), f"{label} notifications")
        register_change(name.format("notifications_"), what, _tier(modality, tier1))
    for employer in EmployerType:
        what = f"{label.capitalize()} notifications from: {employer.label}"
        name = f"{employer.value}_{{}}of_{modality}"
        _register_pair(name, what, _type(modality, employer), _of(modality), f"{label} notifications")
    for place, part in enumerate(("rate", "rate_lower", "rate_upper")):
        _register_rate(modality, label, part, place)


def _silent(modality: str) -> Reader:
    """As the table shows it."""

    def read(values: Values) -> Cell:
        held = values.get("no_reporting", {}).get(modality)
        return Mark.NOT_AVAILABLE if held is None else silent_cell(held)

    return read


def _type(modality: str, employer: EmployerType) -> Reader:
    """As the tables show it: a count that they keep back is no number for prose either."""

    def read(values: Values) -> Cell:
        held = values.get("notifications_by_employer_type")
        if held is None:
            return Mark.NOT_AVAILABLE
        cell: Cell = protected_types(held).get((modality, employer.value), 0)
        return cell

    return read


def _register_pair(name: str, meaning: str, count: Reader, whole: Reader, of: str) -> None:
    """``<x>_notifications_of_<y>`` and ``<x>_percent_of_<y>``, where ``name`` is ``<x>_{}of_<y>``."""
    share = share_of(count, whole)
    register_count(name.format("notifications_"), meaning, count)
    NUMBERS.register(
        name.format("percent_"),
        Number(f"{meaning}: share of {of}", Kind.PERCENT, lambda values, _: share(values)),
    )


def _register_rate(modality: str, label: str, part: str, place: int) -> None:
    words = {"rate": "rate", "rate_lower": "lower limit of the rate", "rate_upper": "upper limit of the rate"}

    def read(values: Values, _: Values) -> Cell:
        return rate_cells(modality, values["notification_rates"][modality])[place]

    meaning = f"Notifications from {label} for the activity there was: {words[part]}"
    NUMBERS.register(f"{modality}_{part}", Number(meaning, Kind.RATE, read))


def _register_kind(kind: SubModality) -> None:
    modality = MODALITY_OF[kind]
    label = Modality(modality).label.lower()
    meaning = f"Notifications of {kind.label}"
    share = share_of(_kind(kind), _of(modality))
    register_count(f"{kind.value}_notifications", meaning, _kind(kind))
    register_change(kind.value, meaning, _kind(kind))
    NUMBERS.register(
        f"{kind.value}_percent",
        Number(f"{meaning}: share of {label} notifications", Kind.PERCENT, lambda values, _: share(values)),
    )


def _register_named() -> None:
    """The numbers that CQC's text names, by the words of its text."""
    imaging, nuclear = "diagnostic imaging notifications", "nuclear medicine notifications"
    referred, identified = _cause("di-referrer-wrong-patient"), _cause("di-operator-patient-id")
    both = sum_of(referred, identified)
    positioned = _cause("di-operator-position-set-up-protocol")
    for name, meaning, count in (
        ("wrong_patient_referred", "The wrong patient was referred for imaging", referred),
        ("patient_id_error", "The wrong patient was exposed after an error of identification", identified),
        ("wrong_patient_examined", "An examination meant for another patient, either way", both),
        ("wrong_position_or_protocol", "Patient set up or protocol selected wrongly", positioned),
    ):
        register_count(name, meaning, count, _of(_DIAGNOSTIC), imaging)
        register_change(name, meaning, count)
    verification = sum_of(*(_cause(slug) for slug in _VERIFICATION))
    register_count(
        "verification_imaging_errors",
        "Errors of treatment verification imaging",
        verification,
        _of(Modality.RADIOTHERAPY.value),
        "radiotherapy notifications",
    )
    for name, meaning, labels in (
        (
            "radiopharmaceutical_preparing_or_administering",
            "Errors when a radiopharmaceutical was prepared or administered",
            ("Operator", "Radiopharmaceutical"),
        ),
        (
            "nuclear_medicine_incorrect_referral",
            "Incorrect referrals for nuclear medicine",
            ("Referrer", "Incorrect referral"),
        ),
        ("nuclear_medicine_equipment", "Failures of equipment in nuclear medicine", ("Equipment",)),
    ):
        register_count(name, meaning, _tier(_NUCLEAR, *labels), _of(_NUCLEAR), nuclear)
        register_change(name, meaning, _tier(_NUCLEAR, *labels))
    register_count(
        "diagnostic_nm_and_pet",
        "Diagnostic nuclear medicine and PET together",
        sum_of(_kind(SubModality.DIAGNOSTIC_NM), _kind(SubModality.PET)),
        _of(_NUCLEAR),
        nuclear,
    )


def _register_other() -> None:
    register_count(
        "wrong_radiopharmaceutical",
        "Notifications that a wrong radiopharmaceutical was given",
        at("radiopharmaceuticals", "wrong_radiopharmaceutical"),
    )
    register_count(
        "under_dosing",
        "Nuclear medicine notifications of less activity than was prescribed",
        at("radiopharmaceuticals", "under_dosing"),
    )
    register_count("voluntary_reports", "Voluntary reports", at("notifications_apart", "voluntary"))
    register_count("licence_breaches", "Licence breaches", at("notifications_apart", "licence_breach"))
    for what, label in (("notifications", "Notifications"), ("reports", "Investigation reports")):
        in_time, late = (
            sum_of(*(at("timeliness", what, modality, state) for modality in Modality.values))
            for state in ("in_time", "late")
        )
        register_count(f"{what}_late", f"{label} that came late", late)
        register_count(
            f"{what}_in_time", f"{label} that came in time", in_time, sum_of(in_time, late), "those that came"
        )
    for modality in Modality:
        register_count(
            f"{modality.value}_silent_employers",
            f"Employers with much activity in {modality.label.lower()} and no notification",
            _silent(modality),
        )
    register_count(
        "reports_on_weak_actions",
        "Reports with training or reminders only",
        at("corrective_actions", "by_strongest", "only_weak", "count"),
        at("corrective_actions", "reports"),
        "the reports filed",
    )
