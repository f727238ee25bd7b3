"""Tabulation on the desk: who gets in, what the pages say, nonsense, files, and what it costs."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import Basis, Notification
from regulator.accounts.roles import EMPLOYER_ROLES, Role
from regulator.casework.models import Case
from regulator.casework.services import restrict
from regulator.organisations.models import Employer
from regulator.periods import Period
from regulator.statistics.tabulation import releasing, views
from regulator.statistics.tabulation.registries import POPULATIONS, QUALITY
from tests.factories import EmployerFactory, person, staff
from tests.notifications.pages import browser
from tests.statistics.rows import Row, store
from tests.tabulation.conftest import fill

pytestmark = pytest.mark.django_db
CROSS = "/desk/tabulation/crosstable/"
QUALITY_PAGE = "/desk/tabulation/datafault/"
READERS = {Role.CASE_OFFICER, Role.INSPECTOR, Role.ENFORCEMENT_MANAGER, Role.ANALYST, Role.AUDITOR}
ASKED = {"rows": "modality", "columns": "employer_type", "year": "2023/24"}


def at(**asked: str) -> str:
    return f"{CROSS}?{urlencode({**ASKED, **asked})}"


def file_at(form: str, **asked: str) -> str:
    return f"{CROSS}file/{form}/?{urlencode({**ASKED, **asked})}"


def text(answer: Any) -> str:
    """A page as people read it: without its tags, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.content.decode())).split())


def content(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200
    return b"".join(answer)


@pytest.fixture
def analyst() -> Client:
    return browser(staff(Role.ANALYST))


@pytest.mark.parametrize("role", list(Role))
def test_readers_of_cases_tabulate_and_nobody_else_does(role: Role) -> None:
    client = browser(person(role, EmployerFactory.create()))
    allowed = 200 if role in READERS else 403
    for address in (at(), f"{CROSS}file/csv/?{urlencode(ASKED)}", QUALITY_PAGE, f"{QUALITY_PAGE}uncoded/"):
        assert client.get(address).status_code == allowed, address
    home = client.get("/desk/")
    if role not in EMPLOYER_ROLES:
        assert (CROSS in home.content.decode()) == (role in READERS)


def test_a_visitor_signs_in() -> None:
    for address in (at(), QUALITY_PAGE):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "/account/" in answer["Location"]


def test_nothing_is_written(analyst: Client) -> None:
    assert analyst.post(CROSS, ASKED).status_code == 405
    assert analyst.post(QUALITY_PAGE).status_code == 405


def test_the_table_its_warning_and_its_sum(analyst: Client, employers: list[Employer]) -> None:
    store([Row(employers[0]) for _ in range(3)] + [Row(employers[2], modality="") for _ in range(40)])
    page = text(analyst.get(at()))
    assert "Notifications received by modality and type of employer, 2023/24" in page
    assert views.INTERNAL in page
    assert "43 in all, as the figure counts." in page
    assert "Not stated 0 40 40" in page
    assert "do not agree" not in page


def test_the_version_for_release_keeps_small_counts_back(analyst: Client, employers: list[Employer]) -> None:
    store([Row(employers[0]) for _ in range(3)] + [Row(employers[2]) for _ in range(40)])
    internal = analyst.get(at())
    assert "release=on" in internal.content.decode()
    page = text(analyst.get(at(release="on")))
    assert views.RELEASED in page
    assert views.INTERNAL not in page
    assert "[c]: kept back so that nobody can be recognised." in page
    assert "Radiotherapy [c] [c] 43" in page


def test_a_table_that_does_not_agree_with_its_figure_says_so(
    analyst: Client, employers: list[Employer], monkeypatch: pytest.MonkeyPatch
) -> None:
    store([Row(employers[0])])
    wrong = replace(POPULATIONS.get("notifications"), total=lambda period: 2)
    monkeypatch.setitem(POPULATIONS._items, "notifications", wrong)
    page = text(analyst.get(at()))
    assert "This table and the figure do not agree" in page
    assert "It counts 1, and the figure 2." in page


def test_the_file_is_the_table_with_its_notes(analyst: Client, employers: list[Employer]) -> None:
    store([Row(employers[0]) for _ in range(3)] + [Row(employers[2]) for _ in range(40)])
    raw = content(analyst, file_at("csv"))
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0] == ["Modality", "NHS acute trust", "Independent healthcare provider", "All"]
    assert rows[1] == ["Radiotherapy", "3", "40", "43"]
    assert [views.INTERNAL] in rows
    released = content(analyst, file_at("csv", release="on")).decode("utf-8-sig")
    assert "Radiotherapy,[c],[c],43" in released
    assert views.RELEASED in released
    sheet = zipfile.ZipFile(io.BytesIO(content(analyst, file_at("ods", share="row")))).read("content.xml")
    assert b'office:value="93.0"' in sheet
    assert b"Percentages of each row" in sheet


def test_a_file_says_in_its_name_what_it_is(analyst: Client) -> None:
    for asked, end in (({}, "internal"), ({"release": "on"}, "release")):
        answer = analyst.get(file_at("csv", **asked))
        name = f"notifications-by-modality-and-employer-type-2023-04-01-2024-03-31-{end}.csv"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_every_population_opens_with_its_own_fields(analyst: Client) -> None:
    for name, population in POPULATIONS.items():
        page = analyst.get(f"{CROSS}?of={name}")
        assert page.status_code == 200
        assert population.label in page.content.decode()
        assert analyst.get(at(of=name, rows="modality", columns="employer_type")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        ({"columns": "modality"}, 400, "Choose another field than for the rows."),
        ({"rows": "shoe_size"}, 400, "Rows"),
        ({"year": "2023/25"}, 400, "the second year follows the first"),
        ({"year": ""}, 400, "Enter a day, or give a reporting year instead."),
        ({"year": "", "start": "2023-04-02", "end": "2023-04-01"}, 400, "The last day is before the first."),
        ({"year": "", "start": "1066-10-14", "end": "2023-04-01"}, 400, "Enter a day from 2000 to 2099."),
        ({"start": "2023-04-02", "end": "2023-04-05"}, 400, "not both"),
        ({"year": "", "start": "2023-04-02", "end": "2023-04-05"}, 200, "2 April 2023 to 5 April 2023"),
        ({"year": "", "start": "2023-04-01", "end": "2024-03-31"}, 200, "type of employer, 2023/24"),
        ({"share": "many"}, 400, "Show"),
        ({"of": "shoes"}, 404, ""),
    ],
)
def test_what_makes_no_sense_is_said_beside_it(
    analyst: Client, asked: dict[str, str], status: int, said: str
) -> None:
    answer = analyst.get(at(**asked))
    assert answer.status_code == status
    assert said in text(answer)
    as_file = analyst.get(file_at("csv", **asked))
    assert as_file.status_code == status
    assert analyst.get(file_at("exe")).status_code == 404


junk = st.one_of(
    st.text(max_size=30), st.sampled_from(["2023/24", "modality", "tier1", "2024-01-01", "\x00", "on"])
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.dictionaries(
        st.sampled_from(["of", "rows", "columns", "year", "start", "end", "share", "release", "page"]), junk
    )
)
def test_no_address_breaks_a_page(analyst: Client, asked: dict[str, str]) -> None:
    query = urlencode(asked, errors="replace")
    for path in (CROSS, f"{CROSS}file/csv/", f"{CROSS}file/ods/", QUALITY_PAGE, f"{QUALITY_PAGE}uncoded/"):
        assert analyst.get(f"{path}?{query}").status_code in (200, 400, 404), path


def test_the_pages_take_as_many_queries_at_any_size(analyst: Client, employers: list[Employer]) -> None:
    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            assert analyst.get(address).status_code == 200
        return len(taken)

    pages = [at(), at(release="on"), QUALITY_PAGE]
    pages += [f"{QUALITY_PAGE}{name}/" for name in QUALITY]
    fill(employers, 90)
    store(Row(each) for each in employers)
    few = [cost(address) for address in pages]
    for number in range(2, 6):
        fill(employers, 60, seed=number)
    assert [cost(address) for address in pages] == few
    session = 2
    assert few[0] <= session + 2
    assert few[1] <= session + 4
    assert few[2] <= session + len(QUALITY)
    assert max(few[3:]) <= session + 3


def test_each_check_counts_what_it_lists(
    analyst: Client, employers: list[Employer], year: Period, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 7)
    fill(employers, 60)
    overview = text(analyst.get(f"{QUALITY_PAGE}?year=2023/24"))
    for name, check in QUALITY.items():
        number = check.found(year).count()
        assert f"{check.title} {number} {check.consequence}" in overview
        listed: set[str] = set()
        for page in range(1, number // 7 + 2):
            html = analyst.get(f"{QUALITY_PAGE}{name}/?year=2023/24&page={page}").content.decode()
            assert f"{number} found" in html
            for each in check.found(year):
                link = (
                    f"/desk/casework/case/{each.pk}/"
                    if check.of == "cases"
                    else f"/desk/organisations/employer/{each.pk}/"
                )
                if f'href="{link}' in html:
                    listed.add(link)
        assert len(listed) == number, name


def test_a_restricted_case_is_counted_and_not_told(employers: list[Employer]) -> None:
    store([Row(employers[0]), Row(employers[0])])
    hidden, told = Case.objects.order_by("pk")
    manager, officer = staff(Role.ENFORCEMENT_MANAGER), staff(Role.CASE_OFFICER)
    restrict(case=hidden, by=manager, version=hidden.version, people=[manager], reason="A named person.")
    address = f"{QUALITY_PAGE}uncoded/?year=2023/24"
    for_the_officer = text(browser(officer).get(address))
    assert "2 found" in for_the_officer
    assert "Among them 1 restricted case that you may not open." in for_the_officer
    assert str(told.reference) in for_the_officer
    assert str(hidden.reference) not in for_the_officer
    assert str(hidden.reference) in text(browser(manager).get(address))


def test_an_employer_of_restricted_cases_alone_is_counted_and_not_named(employers: list[Employer]) -> None:
    store([Row(employers[0]), Row(employers[1]), Row(employers[2]), Row(employers[2])])
    cases = list(Case.objects.order_by("pk"))
    manager, officer = staff(Role.ENFORCEMENT_MANAGER), staff(Role.CASE_OFFICER)
    for hidden in (cases[0], cases[2]):
        restrict(case=hidden, by=manager, version=hidden.version, people=[manager], reason="A named person.")
    address = f"{QUALITY_PAGE}notified_without_activity/?start=2023-09-01&end=2023-09-01"
    for_the_officer = text(browser(officer).get(address))
    assert "3 found" in for_the_officer
    assert "Among them 1 employer found by restricted cases alone, which you may not open." in for_the_officer
    assert employers[0].name not in for_the_officer
    for_the_manager = text(browser(manager).get(address))
    assert "Among them" not in for_the_manager
    for named in employers[:3]:
        assert named.name in for_the_manager
        assert (named.name in for_the_officer) == (named != employers[0])


def test_a_table_too_large_to_protect_is_refused_and_shown_to_staff(
    analyst: Client, employers: list[Employer], monkeypatch: pytest.MonkeyPatch
) -> None:
    store([Row(employers[0]), Row(employers[1])])
    monkeypatch.setattr(releasing, "MOST_PROTECTED", 5)
    for address in (at(release="on"), file_at("csv", release="on")):
        answer = analyst.get(address)
        assert answer.status_code == 400
        assert "more cells than can be protected while you wait" in text(answer)
    assert analyst.get(at()).status_code == 200
    monkeypatch.setattr(releasing, "MOST_PROTECTED", 6)
    assert analyst.get(at(release="on")).status_code == 200


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"year": "", "start": "2023-04-01", "end": "2023-06-30"}, "Ask for 2023/24"),
        ({"year": "2024/25"}, "2024/25 is not over."),
        ({"rows": "sub_modality"}, "Sub-modality is public by modality already"),
    ],
)
def test_a_release_that_would_give_public_counts_away_is_refused_beside_its_box(
    analyst: Client, employers: list[Employer], asked: dict[str, str], said: str
) -> None:
    store([Row(employers[0]) for _ in range(30)])
    for address in (at(release="on", **asked), file_at("csv", release="on", **asked)):
        answer = analyst.get(address)
        assert answer.status_code == 400
        page = unescape(answer.content.decode())
        assert said in text(answer)
        box = next(tag for tag in re.findall(r"<input[^>]*>", page) if 'id="id_release"' in tag)
        assert re.search(r'aria-describedby="[^"]*id_release_error', box)
        assert 'id="id_release_error"' in page
        assert "<table" not in page
    assert analyst.get(at(**asked)).status_code == 200  # for staff it is counted


@pytest.mark.parametrize("field", ["equipment_type", "equipment_manufacturer"])
@pytest.mark.parametrize("place", ["rows", "columns"])
@pytest.mark.parametrize("of", ["notifications", "notifications_apart"])
def test_what_employers_typed_stands_in_no_release(
    analyst: Client, employers: list[Employer], field: str, place: str, of: str
) -> None:
    basis = Basis.STATUTORY if of == "notifications" else Basis.VOLUNTARY
    store([Row(employers[0], basis=basis) for _ in range(30)])
    Notification.objects.update(**{field: "Scanner of Northern Infirmary"})
    other = "columns" if place == "rows" else "rows"
    asked = {"of": of, place: field, other: "status"}
    assert "Northern Infirmary" in text(analyst.get(at(**asked)))  # for staff it is counted
    for address in (at(release="on", **asked), file_at("csv", release="on", **asked)):
        answer = analyst.get(address)
        assert answer.status_code == 400
        assert "is what employers typed, and may name a place" in text(answer)
        assert "Northern Infirmary" not in text(answer)


def test_an_unknown_check_is_not_there(analyst: Client) -> None:
    assert analyst.get(f"{QUALITY_PAGE}nothing/").status_code == 404


def test_without_a_period_the_last_year_is_looked_at(analyst: Client) -> None:
    assert "2023/24" in text(analyst.get(QUALITY_PAGE))
    assert 'value="2023/24"' in analyst.get(CROSS).content.decode()
