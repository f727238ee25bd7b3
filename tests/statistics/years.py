"""Years in the documented folder format: drawn by hypothesis, written, and stored; and what is then expected.

``generated_years()`` draws a year that adds up; ``write`` makes a folder of it that ``read_year`` takes, and
``store_plan`` writes the plan of a year straight into the tables, in a fraction of a second, where playing it
through the services takes minutes. ``expected_cells`` says what each cell of the report's tables must then
be, by arithmetic of its own: for the tables, and for every form that is drawn from them.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from hypothesis import strategies as st

from enforcement.models import Notice
from enforcement.year.published import PublishedYear
from enforcement.year.records import YearPlan
from inspections.models import Finding, Inspection
from notifications.models import Cause, SubModality, TaxonomyVersion
from notifications.taxonomy import read_submodalities, read_taxonomy
from regulator.casework.models import Case
from regulator.legislation.models import Provision
from regulator.organisations.models import ActivityReturn, Employer, EmployerType, Modality
from regulator.periods import reporting_year
from regulator.statistics.protecting import protected_by_modality
from regulator.statistics.tables import Mark
from tests.factories import UserFactory
from tests.statistics.rows import Row, store

MODALITIES: Final = ("diagnostic_imaging", "radiotherapy", "nuclear_medicine")
_TYPES: Final = {
    "diagnostic_imaging": ("nhs_acute", "nhs_other", "independent", "dental"),
    "radiotherapy": ("nhs_acute", "independent"),
    "nuclear_medicine": ("nhs_acute", "independent"),
}
_CITED: Final = ("6(1), 6(2)", "6(5)(b)", "7", "8(4)", "11, 11(5)", "15(2)", "17(1), 17(4)", "17")
_WHOLE: Final = {m: f"All {Modality(m).label.lower()} {{}}" for m in MODALITIES}
_ALL: Final = "All modalities"
Key = tuple[str, str]
Path4 = tuple[str, str, str, str]


@dataclass(frozen=True)
class DrawnYear:
    """What a folder states: counts by cause, by part of each modality and by what is cited together."""

    label: str
    causes: Mapping[Path4, int]
    sub_modalities: Mapping[Key, int]
    sectors: Mapping[Key, int]
    inspections: Mapping[str, int]
    brachytherapy: int
    notices: Mapping[Key, int]
    recommendations: Mapping[Key, int]
    activity: Mapping[str, int]
    wrong: int

    def notifications(self, modality: str) -> int:
        """How many notifications a modality has."""
        return sum(count for path, count in self.causes.items() if path[0] == modality)


@st.composite
def generated_years(draw: st.DrawFn) -> DrawnYear:
    """A year of up to some hundred notifications that adds up, with inspections and what came of them.

    A modality may have none at all; shares may be of any size, those that round to nought among them.
    """
    causes: dict[Path4, int] = {}
    for modality in MODALITIES:
        known = [leaf.path for leaf in read_taxonomy() if leaf.modality == modality]
        for path in draw(st.lists(st.sampled_from(known), max_size=6, unique=True)):
            causes[path] = draw(st.sampled_from((1, 1, 2, 3, 7, 40)))
    if not causes:
        causes[next(iter(read_taxonomy())).path] = 1
    totals = {m: sum(count for path, count in causes.items() if path[0] == m) for m in MODALITIES}
    kinds = {m: [each.submodality for each in read_submodalities() if each.modality == m] for m in MODALITIES}
    inspections = {m: draw(st.integers(int(m == MODALITIES[0]), 6)) for m in MODALITIES}
    recommended: dict[Key, int] = {}
    noticed: dict[Key, int] = {}
    for modality, visits in inspections.items():
        if visits:
            for cited in draw(st.lists(st.sampled_from(_CITED), max_size=4, unique=True)):
                recommended[modality, cited] = draw(st.integers(1, 9))
            for cited in draw(st.lists(st.sampled_from(_CITED), max_size=visits)):
                noticed[modality, cited] = noticed.get((modality, cited), 0) + 1
    if not noticed:  # the format knows no table without a row
        noticed[MODALITIES[0], _CITED[0]] = 1
    given_wrongly = sum(count for path, count in causes.items() if path[2] == "Radiopharmaceutical")
    return DrawnYear(
        label=draw(st.sampled_from(("2023/24", "2024/25"))),
        causes=causes,
        sub_modalities={(m, kind): n for m in MODALITIES for kind, n in _split(draw, totals[m], kinds[m])},
        sectors={(m, kind): n for m in MODALITIES for kind, n in _split(draw, totals[m], _TYPES[m])},
        inspections=inspections,
        brachytherapy=draw(st.integers(0, inspections["radiotherapy"])),
        notices=noticed,
        recommendations=recommended,
        activity={m: draw(st.integers(200_000, 40_000_000)) for m in MODALITIES},
        wrong=draw(st.integers(0, given_wrongly)),
    )


def _split(draw: st.DrawFn, total: int, parts: Sequence[str]) -> list[tuple[str, int]]:
    """``total`` shared out among all ``parts``, some of which get nothing."""
    cuts = sorted(draw(st.integers(0, total)) for _ in parts[1:])
    ends = [0, *cuts, total]
    return [(part, ends[at + 1] - ends[at]) for at, part in enumerate(parts)]


def write(year: DrawnYear, folder: Path) -> None:
    """The year as a folder in the documented format."""
    facts = {
        "label": year.label,
        "start": reporting_year(year.label).start.isoformat(),
        "end": reporting_year(year.label).end.isoformat(),
        "criteria_regime": "SAUE-2023",
        "ionising_examinations": year.activity["diagnostic_imaging"] + year.activity["nuclear_medicine"],
        "radiotherapy_episodes": year.activity["radiotherapy"],
        "wrong_radiopharmaceutical_notifications": year.wrong,
    }
    for what, counted in (
        ("notifications", {m: year.notifications(m) for m in MODALITIES}),
        ("inspections", year.inspections),
        ("notices", _by_modality(year.notices)),
        ("recommendations", _by_modality(year.recommendations)),
    ):
        facts[what] = sum(counted.values())
        facts |= {f"{what}_{m}": counted[m] for m in MODALITIES}
    tier2, tier1 = Counter[tuple[str, str, str]](), Counter[Key]()
    for (modality, first, second, _), count in year.causes.items():
        tier2[modality, first, second] += count
        tier1[modality, first] += count
    why = ("derived", "drawn")
    tables: dict[str, tuple[str, Iterable[Iterable[object]]]] = {
        "year": ("key value basis source", ((key, value, *why) for key, value in facts.items())),
        "causes": ("modality tier1 tier2 tier3 count", ((*path, n) for path, n in year.causes.items())),
        "tier2_totals": ("modality tier1 tier2 count", ((*path, n) for path, n in tier2.items())),
        "tier1_totals": ("modality tier1 count", ((*path, n) for path, n in tier1.items())),
        "submodalities": (
            "modality submodality count percent basis source",
            _shares(year, year.sub_modalities),
        ),
        "sectors": ("modality employer_type count percent basis source", _shares(year, year.sectors)),
        "inspections": (
            "modality count reactive focused brachytherapy basis source",
            (
                (m, n, 0, 0, year.brachytherapy if m == "radiotherapy" else 0, *why)
                for m, n in year.inspections.items()
            ),
        ),
        "recommendations": (
            "modality regulations count basis source",
            ((*key, n, *why) for key, n in (year.recommendations or {(MODALITIES[0], "7"): 0}).items()),
        ),
        "notices": (
            "modality provisions basis source",
            ((*key, *why) for key, n in year.notices.items() for _ in range(n)),
        ),
        "activity": (
            "modality unit count basis source",
            (
                (m, "episodes" if m == "radiotherapy" else "examinations", n, *why)
                for m, n in year.activity.items()
            ),
        ),
    }
    for name, (heading, rows) in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(heading.split())
            writer.writerows(rows)


def _by_modality(counts: Mapping[Key, int]) -> dict[str, int]:
    return {m: sum(n for key, n in counts.items() if key[0] == m) for m in MODALITIES}


def _shares(year: DrawnYear, counts: Mapping[Key, int]) -> list[tuple[object, ...]]:
    return [
        (
            *key,
            n,
            (200 * n + whole) // (2 * whole) if (whole := year.notifications(key[0])) else "",
            "derived",
            "drawn",
        )
        for key, n in counts.items()
    ]


def share(count: int, whole: int) -> int | str:
    """A share as a table shows it: whole per cent, halves up, in integers only."""
    if not whole:
        return "[z]"
    rounded = (200 * count + whole) // (2 * whole)
    return "[low]" if count and not rounded else rounded


Cells = dict[tuple[str, tuple[str, ...], str], int | str]
"""What is expected in a table, a row (its name; of a tree the names from the top down) and a column."""


def expected_cells(year: DrawnYear) -> Cells:
    """Every cell of the tables on notifications, inspections, recommendations and notices that the year
    decides: counts, totals at each level, and shares."""
    cells: Cells = {}
    whole = sum(year.causes.values())
    for modality in MODALITIES:
        label, total = Modality(modality).label, year.notifications(modality)
        _both(cells, "notifications_by_modality", (label,), total, whole)
        cells["notifications_change", (label,), "count"] = total
        cells["inspections_by_modality", (label,), "count"] = year.inspections[modality]
        cells["recommendations_by_modality", (label,), "count"] = _by_modality(year.recommendations)[modality]
        cells["notices_by_type", ("Improvement notice",), modality] = _by_modality(year.notices)[modality]
        _parts(cells, f"notifications_by_sub_modality_{modality}", modality, year.sub_modalities, SubModality)
        _parts(cells, f"notifications_by_employer_type_{modality}", modality, year.sectors, EmployerType)
        _keep_back(cells, modality, year.sectors)
        _tree(cells, year, modality)
        for (where, cited), count in year.recommendations.items():
            if where == modality:
                cells[f"recommendations_by_provision_{modality}", (cited,), "count"] = count
    _both(cells, "notifications_by_modality", (_ALL,), whole, whole)
    cells["notifications_change", (_ALL,), "count"] = whole
    cells["inspections_by_modality", (_ALL,), "count"] = sum(year.inspections.values())
    cells["inspections_by_trigger", ("Radiotherapy",), "brachytherapy"] = year.brachytherapy
    cells["recommendations_by_modality", (_ALL,), "count"] = sum(year.recommendations.values())
    cells["notices_by_type", ("Improvement notice",), "total"] = sum(year.notices.values())
    cells["radiopharmaceuticals", ("A wrong radiopharmaceutical was given",), "count"] = year.wrong
    cells["activity_by_unit", ("Radiotherapy episodes",), "count"] = year.activity["radiotherapy"]
    return cells


def _both(cells: Cells, table: str, row: tuple[str, ...], count: int, whole: int) -> None:
    cells[table, row, "count"] = count
    cells[table, row, "percent"] = share(count, whole)


def _parts(
    cells: Cells,
    table: str,
    modality: str,
    counts: Mapping[Key, int],
    labels: type[SubModality] | type[EmployerType],
) -> None:
    """What counts nothing has no row."""
    whole = sum(n for key, n in counts.items() if key[0] == modality)
    for (where, part), count in counts.items():
        if where == modality and count:
            _both(cells, table, (str(labels(part).label),), count, whole)
    _both(cells, table, (_WHOLE[modality].format("notifications"),), whole, whole)


def _keep_back(cells: Cells, modality: str, sectors: Mapping[Key, int]) -> None:
    """By type of employer small counts, and what would give them away, are marks (decision 38)."""
    counted = {key: count for key, count in sectors.items() if count}
    for (where, part), cell in protected_by_modality(counted).items():
        if where == modality and cell is Mark.CONFIDENTIAL:
            for column in ("count", "percent"):
                row = (str(EmployerType(part).label),)
                cells[f"notifications_by_employer_type_{modality}", row, column] = str(cell)


def _tree(cells: Cells, year: DrawnYear, modality: str) -> None:
    table, whole = f"notifications_by_cause_{modality}", year.notifications(modality)
    nodes = Counter[tuple[str, ...]]()
    for (where, *labels), count in year.causes.items():
        for depth in (1, 2, 3) if where == modality else ():
            nodes[tuple(labels[:depth])] += count
    for path, count in nodes.items():
        _both(cells, table, path, count, whole)
    _both(cells, table, (_WHOLE[modality].format("notifications"),), whole, whole)


def store_plan(plan: YearPlan, year: PublishedYear) -> None:
    """Write the planned year straight into the tables: reference data, employers, cases and activity."""
    employers = stored_employers(plan)
    store_notifications(plan, employers)
    store_findings_and_notices(plan, employers)
    store_activity(plan, employers, year)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def stored_employers(plan: YearPlan) -> dict[str, Employer]:
    made = Employer.objects.bulk_create(
        Employer(key=each.key.lower(), name=each.name, type=each.employer_type) for each in plan.employers
    )
    return {each.key: employer for each, employer in zip(plan.employers, made, strict=True)}


def stored_causes() -> dict[str, Cause]:
    version = TaxonomyVersion.objects.create(key="2023-24", label="2023/24", effective_from=date(2023, 4, 1))
    fields = ("slug", "modality", "tier1", "tier2", "tier3", "rollup_tier2", "rollup")
    made = Cause.objects.bulk_create(
        Cause(version=version, position=place, **{name: getattr(leaf, name) for name in fields})
        for place, leaf in enumerate(read_taxonomy(), start=1)
    )
    return {cause.slug: cause for cause in made}


def store_notifications(plan: YearPlan, employers: Mapping[str, Employer]) -> None:
    causes = stored_causes()
    rows = (
        Row(
            employer=employers[each.employer_key],
            modality=each.modality,
            sub_modality=each.submodality,
            cause=causes[each.cause],
            status="closed",
            opened_at=noon(each.notified_on),
            discovered_on=each.discovered_on,
            wrong_radiopharmaceutical=bool(each.dose.wrong_radiopharmaceutical),
        )
        for each in plan.notifications
    )
    store(rows, coder=UserFactory.create())


def stored_case(kind: str, key: str, employer: Employer, modality: str) -> Case:
    return Case.objects.create(
        kind=kind, reference=f"TEST-{key}", status="closed", employer=employer, modality=modality
    )


def store_inspections(plan: YearPlan, employers: Mapping[str, Employer]) -> dict[str, Inspection]:
    made = {}
    for each in plan.inspections:
        made[each.key] = Inspection.objects.create(
            case=stored_case("inspection", each.key, employers[each.employer_key], each.modality),
            trigger="focused" if each.focused else "reactive" if each.reactive else "planned",
            brachytherapy=each.brachytherapy,
            planned_on=each.inspected_on,
            visited_on=each.inspected_on,
        )
    return made


def stored_provisions(plan: YearPlan) -> dict[str, Provision]:
    named = {reference for one in plan.recommendations for reference in one.regulations} | {
        reference for notice in plan.notices for reference in notice.provisions
    }
    made = Provision.objects.bulk_create(
        Provision(
            instrument="IR(ME)R 2017",
            reference=reference,
            heading="Heading",
            own_words="Words",
            in_force_from=date(2018, 2, 6),
            verified="yes",
            position=place,
        )
        for place, reference in enumerate(sorted(named))
    )
    return {each.reference: each for each in made}


def store_findings_and_notices(plan: YearPlan, employers: Mapping[str, Employer]) -> None:
    inspections = store_inspections(plan, employers)
    provisions = stored_provisions(plan)
    for each in plan.recommendations:
        finding = Finding.objects.create(
            inspection=inspections[each.inspection_key], kind="recommendation", text="Do it."
        )
        finding.provisions.set([provisions[reference] for reference in each.regulations])
    for each_breach in plan.breaches:
        found_at = inspections[each_breach.inspection_key]
        Finding.objects.create(inspection=found_at, kind="breach", text="Breached.")
    for each_notice in plan.notices:
        notice = Notice.objects.create(
            case=stored_case(
                "notice", each_notice.key, employers[each_notice.employer_key], each_notice.modality
            ),
            type="improvement",
            legal_power=next(iter(provisions.values())),
            breach_on=each_notice.breach_on,
            served_on=each_notice.served_on,
        )
        found_at = inspections[each_notice.inspection_key]
        Finding.objects.create(inspection=found_at, kind="breach", text="Breached.")
        for reference in each_notice.provisions:
            notice.breaches.create(provision=provisions[reference])


def store_activity(plan: YearPlan, employers: Mapping[str, Employer], year: PublishedYear) -> None:
    ActivityReturn.objects.bulk_create(
        ActivityReturn(
            employer=employers[each.employer_key],
            modality=each.modality,
            period_start=year.period.start,
            period_end=year.period.end,
            quantity=each.quantity,
            unit=each.unit,
            source="Published year",
            completeness="estimated",
        )
        for each in plan.activity
    )
