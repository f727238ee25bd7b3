"""Loading entries that CQC published."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils.text import slugify

from enforcement.register.importing import PUBLISHED
from enforcement.register.models import RegisterEntry
from enforcement.register.published import COLUMNS, MAY_BE_LEFT_OUT, employer_type_of, modality_in
from regulator import clock

pytestmark = pytest.mark.usefixtures("provisions")

GOOD = {
    "employer": "Alder Trust",
    "location": "North Wing",
    "notice_type": "Improvement Notice",
    "legal_power": "HSWA s21",
    "served": "2023-06-28",
    "breach_observed_on_or_before": "2023-06-22",
    "regulations_as_published": "8(4)iii, 6(5)b, Regulations 17(1) & 17(4)",
    "inspection_context": "proactive; radiotherapy",
    "published_deadline": "2023-08-11",
    "complied_on": "2023-08-11",
    "how_closed": "evidence submitted",
    "source_url": "https://example.invalid/alder",
}


STANDS = {"complied_on": "", "how_closed": ""}


def _write(folder: Path, *changes: dict[str, str]) -> Path:
    path = folder / "entries.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*COLUMNS, *MAY_BE_LEFT_OUT))
        writer.writeheader()
        writer.writerows(GOOD | change for change in changes)
    return path


def _run(*arguments: object) -> tuple[str, str, str]:
    """What the command printed, complained of, and ended with."""
    out, err, end = StringIO(), StringIO(), ""
    try:
        call_command("import_register", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        end = str(error) if error.returncode == 1 else f"ended with {error.returncode}"
    return out.getvalue(), err.getvalue(), end


def test_the_projects_own_file_goes_in_whole_and_once() -> None:
    assert _run()[0] == "8 added, 0 changed, 0 unchanged, 0 refused.\n"
    assert _run()[0] == "0 added, 0 changed, 8 unchanged, 0 refused.\n"
    assert (
        RegisterEntry.objects.filter(version=1, origin="published_by_cqc", employer_is_invented=False).count()
        == 8
    )
    lincoln = RegisterEntry.objects.get(location="Lincoln County Hospital")
    references = [provision.reference for provision in lincoln.citations.all()]
    assert references == ["6(1)(a)", "6(5)(a)", "6(5)(b)", "7", "8(3)", "17(4)"]
    assert PUBLISHED.exists()


def test_each_of_them_is_found_by_employer_site_regulation_and_year(client: Client) -> None:
    _run()
    for made in RegisterEntry.objects.prefetch_related("citations"):
        asked: list[dict[str, Any]] = [
            {"q": made.employer_name},
            {"q": made.location},
            {"q": made.postcode},
            {"q": f"{made.location} {made.served_on.year}"},
            {"year": made.served_on.year, "region": slugify(made.region), "employer_type": "nhs-acute-trust"},
            *({"q": each.citation} for each in made.citations.all()),
            *({"regulation": each.reference} for each in made.citations.all()),
        ]
        for each in asked:
            html = client.get("/register/", each).content.decode()
            assert f'href="/register/{made.slug}/"' in html, each


def test_each_has_a_source_an_employer_type_and_a_region() -> None:
    _run()
    told = RegisterEntry.objects.values_list("location", "region", "employer_type")
    assert {kind for _, _, kind in told} == {"NHS acute trust"}
    assert {location: region for location, region, _ in told} == {
        "The Princess Alexandra Hospital": "East of England",
        "Lincoln County Hospital": "East Midlands",
        "Royal Free Hospital": "London",
        "Cheltenham General Hospital": "South West",
        "St James's University Hospital": "Yorkshire and The Humber",
        "The York Hospital": "Yorkshire and The Humber",
        "Sunderland Royal Hospital": "North East",
        "Tameside General Hospital": "North West",
    }
    assert not RegisterEntry.objects.filter(source_url="").exists()


def test_a_name_as_titled_loses_the_mark_and_says_so(tmp_path: Path) -> None:
    _run(_write(tmp_path, {"employer": "Alder Trust (as titled)"}))
    made = RegisterEntry.objects.get()
    assert made.employer_name == "Alder Trust"
    assert "as-titled" not in made.slug
    assert made.description.endswith("The employer is named as in the title of CQC's page.")
    assert not RegisterEntry.objects.exclude(region="").exists()


@pytest.mark.parametrize(
    ("employer", "location", "kind"),
    [
        ("Alder Hospitals NHS Trust", "", "NHS acute trust"),
        ("Alder NHS Foundation Trust", "Alder General Hospital", "NHS acute trust"),
        ("Alder NHS Trust", "North Wing", ""),
        ("Alder Hospital Ltd", "Alder Hospital", ""),
    ],
)
def test_an_employer_type_is_told_only_where_it_follows(employer: str, location: str, kind: str) -> None:
    assert employer_type_of(employer, location) == kind


def test_mixed_citations_become_provisions(tmp_path: Path) -> None:
    _run(_write(tmp_path, {}))
    made = RegisterEntry.objects.get()
    assert [each.reference for each in made.citations.all()] == ["6(5)(b)", "8(4)(iii)", "17(1)", "17(4)"]
    assert (made.modality, made.status, made.how_closed) == ("radiotherapy", "complied", "Evidence submitted")
    assert made.legal_power == "HSWA 1974 section 21"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"regulations_as_published": "6(5)(a and b"}, "Cannot read"),
        ({"regulations_as_published": ""}, "no provision is cited"),
        ({"regulations_as_published": "99(1)"}, "had no 99(1) in force on 2023-06-22"),
        ({"regulations_as_published": "7, 6A"}, "had no 6A in force on 2023-06-22"),
        ({"served": "2023-06-21"}, "is before the breach"),
        ({"complied_on": "2023-06-27"}, "is before the day of service"),
        ({"published_deadline": "2023-06-27"}, "is before the day of service"),
        ({"served": "28/06/2023"}, "is not a date"),
        ({"served": ""}, "is not a date"),
        ({"complied_on": "2023-02-30"}, "is not a date"),
        (
            {"served": "2999-06-28", "published_deadline": "", **STANDS},
            "served, 2999-06-28, lies in the future",
        ),
        ({"complied_on": "2999-08-11"}, "complied_on, 2999-08-11, lies in the future"),
        ({"notice_type": "Caution"}, "notice_type is not known"),
        ({"legal_power": "HSWA s22"}, "legal_power of this type is HSWA s21"),
        ({"how_closed": "forgotten"}, "how_closed is not known"),
        ({"complied_on": ""}, "how_closed is given"),
        ({"employer": " "}, "employer is empty"),
        ({"postcode": "LE1"}, "not a full postcode"),
        ({"postcode": "LE1 5WW; x"}, "not a full postcode"),
        ({"employer": "x" * 251}, "longer than 250"),
        ({"source_url": "javascript:alert(1)"}, "not a web address"),
        ({"source_url": "https://" + "x" * 500}, "not a web address"),
        ({"source_url": "https://[broken"}, "not a web address"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_and_leaves_nothing(
    tmp_path: Path, change: dict[str, str], reason: str
) -> None:
    other = {"employer": "Birch Trust", "source_url": "https://example.invalid/birch"}
    _, complaints, end = _run(_write(tmp_path, change, other))
    assert complaints.startswith("Row 2 refused: ")
    assert reason in complaints
    assert end == "1 added, 0 changed, 0 unchanged, 1 refused."
    assert RegisterEntry.objects.get().employer_name == "Birch Trust"


def test_an_entry_is_known_again_by_its_address_and_else_by_what_it_is(tmp_path: Path) -> None:
    for address in ("https://example.invalid/a", ""):
        RegisterEntry.objects.all().delete()
        _run(_write(tmp_path, {"source_url": address}))
        changed = _run(_write(tmp_path, {"source_url": address, "inspection_context": "brachytherapy"}))
        assert changed[0] == "0 added, 1 changed, 0 unchanged, 0 refused.\n"
        assert RegisterEntry.objects.get().version == 2


def test_two_notices_of_one_day_and_place_are_two_entries(tmp_path: Path) -> None:
    rows = _write(tmp_path, {}, {"source_url": "https://example.invalid/alder-2"})
    assert _run(rows)[0] == "2 added, 0 changed, 0 unchanged, 0 refused.\n"
    assert _run(rows)[0] == "0 added, 0 changed, 2 unchanged, 0 refused.\n"
    first, second = RegisterEntry.objects.order_by("pk")
    assert second.slug == f"{first.slug}-2"


def test_a_row_of_today_is_taken_and_one_of_tomorrow_is_not(tmp_path: Path) -> None:
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    rows = [
        {
            "served": served.isoformat(),
            "published_deadline": "",
            **STANDS,
            "source_url": f"https://example.invalid/{served}",
        }
        for served in (today, tomorrow)
    ]
    _, complaints, end = _run(_write(tmp_path, *rows))
    assert complaints == f"Row 3 refused: served, {tomorrow}, lies in the future\n"
    assert end == "1 added, 0 changed, 0 unchanged, 1 refused."


def test_a_repeated_row_is_refused(tmp_path: Path) -> None:
    _, complaints, end = _run(_write(tmp_path, {}, {}))
    assert "Row 3 refused: it repeats the entry of row 2" in complaints
    assert end.startswith("1 added")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", b'employer,location\n"open'])
def test_a_file_that_is_no_such_table_is_refused_whole(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "entries.csv"
    path.write_bytes(content)
    assert _run(path)[2]
    assert _run(tmp_path / "missing.csv")[2]
    assert not RegisterEntry.objects.exists()


@pytest.mark.parametrize(
    ("context", "modality"),
    [
        ("brachytherapy", "radiotherapy"),
        ("nuclear medicine", "nuclear_medicine"),
        ("CT department", "diagnostic_imaging"),
        ("announced; radiotherapy and radiology 6-9 July 2021", ""),
        ("", ""),
    ],
)
def test_a_modality_is_taken_only_where_one_is_named(context: str, modality: str) -> None:
    assert modality_in(context) == modality
