"""What is found by what is typed: the same on either database, and nothing that one may not read."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspections.models import Finding
from notifications import services
from notifications.models import Notification
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case, CaseText
from regulator.casework.search.finding import holding
from regulator.casework.search.following import rebuild
from regulator.casework.search.texts import MOST_BYTES
from regulator.casework.services import add_note
from regulator.legislation.services import load_provisions
from regulator.organisations.models import Employer
from tests.enforcement.scene import Scene
from tests.factories import REPORT, Cast, EmployerFactory, SiteFactory, member, notification_in, staff
from tests.search.conftest import Find

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.fixture
def cast() -> Cast:
    return Cast(EmployerFactory.create(name="Königin-Elisabeth Hospital Trust", ods_code="RX7"))


@pytest.fixture
def sent(cast: Cast) -> Notification:
    return notification_in(
        "submitted",
        cast=cast,
        site=SiteFactory.create(employer=cast.employer, name="Northwing Imaging Centre"),
        procedure="Chest and abdomen",
        narrative="The radiographer was reporting on the wrong list; 7.5 mSv was given.",
        immediate_actions="The generator was isolated.",
    )


@pytest.mark.parametrize(
    "typed",
    [
        "isolated", "ISOLATED", "isolat", "generator isolated", "isolated generator",
        '"generator was isolated"', "report wrong", "reporti", "reported", "7.5 mSv", "chest",
        "abdomen isolated", "konigin", "KÖNIGIN trust", "elisabeth hosp", "eth Hosp", "northwing",
        "wing Imag", "RX7", "2026", "irn 2026", "northwing isolated", "(isolated", "isolated)", "iso*",
        "isolated; DROP TABLE x", "isolated'",
    ],
)  # fmt: skip
def test_a_notification_is_found_by_its_words_in_any_order_and_by_parts_of_its_names(
    find: Find, sent: Notification, typed: str
) -> None:
    notification_in("submitted", narrative="Nothing of the kind.", procedure="Pelvis")
    if typed in ("2026", "irn 2026"):  # every reference of the year
        assert find(typed)[0] == sent.case
    elif "DROP" in typed:
        assert find(typed) == []  # all of its words are looked for
    else:
        assert find(typed) == [sent.case]


@pytest.mark.parametrize(
    "typed", ["isolating nothing", '"isolated generator"', "solated", "northwest", "enerat", "8.5 mSv"]
)
def test_what_is_not_there_is_not_found(find: Find, sent: Notification, typed: str) -> None:
    """Parts of words are found in names and references alone, and from their beginning on elsewhere."""
    assert find(typed) == []


def test_a_whole_reference_is_found_before_the_index_knows_of_it(officer: User, sent: Notification) -> None:
    reference = sent.case.reference or ""
    assert CaseText.objects.count() == 0
    for typed in (reference, reference.lower(), reference.replace("-", " ")):
        assert list(Case.objects.for_user(officer).filter(holding(typed))) == [sent.case]


def test_a_part_of_a_reference_is_found(find: Find, sent: Notification) -> None:
    other = notification_in("submitted")
    reference = sent.case.reference or ""
    assert find(reference[:-2]) == [sent.case]
    assert find(reference[6:-1].replace("-", " ")) == [sent.case]
    assert find(reference[:8]) == [sent.case, other.case]


def test_everything_that_is_written_on_a_case_is_found(find: Find, cast: Cast, officer: User) -> None:
    made = notification_in("further_information", cast=cast)
    add_note(case=made.case, text="Rang the quibbleworth desk.", by=officer)
    assert find("quibbleworth") == [made.case]
    assert find("which check") == [made.case]  # the question
    request = made.case.information_requests.get()
    services.answer_request(
        notification=made, by=cast.reporter, version=made.case.version, request=request, answer="Zanthium."
    )
    assert find("zanthium") == [made.case]
    for text in (REPORT.what_happened, REPORT.causes, REPORT.learning, REPORT.corrective_measures):
        assert find(f'"{text}"') == [made.case], text


def test_inspections_and_notices_are_found_by_what_they_say(find: Find) -> None:
    load_provisions()
    scene = Scene()
    inspection = scene.inspection("on_site", scope="The brachytherapy bunkers")
    scene.find(inspection, Finding.Kind.BREACH)
    assert find("bunkers review") == [inspection.case]
    notice = scene.draft(inspection=inspection, reasons="No xylophonic review.")
    assert find("xylophonic") == [notice.case]


def test_an_employers_people_find_only_their_own(find: Find, sent: Notification) -> None:
    theirs = member(Employer.objects.get(pk=sent.case.employer_id))
    stranger = member(EmployerFactory.create())
    assert find("isolated", by=theirs) == [sent.case]
    assert find("isolated", by=stranger) == []
    assert find(sent.case.reference or "", by=stranger) == []
    assert find("isolated", by=staff(Role.ADMINISTRATOR)) == []


HOSTILE = [
    "'", '"', '""', "(", ")", "((((", "))", "*", "a*", "^a", "a NEAR b", "NEAR(a b, 5)", "a:b", "names:a",
    "-a", "a OR", "AND", "NOT", "a AND (b", "{a b}", "a + b", "\\", "\\'", "%", "_", "%%", "a%b", "<->",
    "a & | ! b", "a:*", ":*", "'a':*B", "a\x00b", "\x00",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "é" * 200, "x" * 200, "x " * 100,
    "\N{HOSPITAL}", "ﷺ" * 50, "İSTANBUL", "ß", "\u202e", "1" * 200, "-1", "1e999", "2026-02-30",
    "SELECT 1; --", "<script>", "\r\n", "the", "the a of", "a" * 61, "﷽" * 66,
]  # fmt: skip


def test_nothing_that_is_typed_breaks_the_search(find: Find, sent: Notification) -> None:
    for typed in HOSTILE:
        find(typed)
    assert find("isolated") == [sent.case]


def test_very_long_and_very_odd_texts_can_be_kept_and_found(find: Find, sent: Notification) -> None:
    """PostgreSQL refuses a vector of more than a megabyte: no text may ever stop the index."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = [f"{a}{b}{c}s" for a in letters for b in letters for c in letters]
    for text in (
        " ".join(pairs * 3),
        " ".join(f"{pair}-{pair[::-1]}.{number}" for number, pair in enumerate(pairs)),
        "\u4e00" * 300_000,
        " ".join(chr(0x4E00 + n) for n in range(20_000)) * 4,
        "x" * 500_000,
        "\x01\x7f\u200b\ufeff" * 1000,
        "http://a.example/b?c=d " * 20_000,
    ):
        Notification.objects.filter(pk=sent.pk).update(narrative=text)
        assert sum(rebuild()) == 1
        assert len(CaseText.objects.get().words.encode()) <= MOST_BYTES
        assert find("northwing") == [sent.case]


def test_a_search_takes_one_query(officer: User, sent: Notification, find: Find) -> None:
    find("isolated")
    with CaptureQueriesContext(connection) as captured:
        found = list(Case.objects.for_user(officer).filter(holding("isolated northwing")))
    assert [case.pk for case in found] == [sent.pk]
    assert len(captured) == 1
