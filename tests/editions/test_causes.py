"""Editions of the taxonomy: new cases are coded by it, earlier codings stay."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError

from notifications.editions.causes import as_table
from notifications.models import Cause
from notifications.queries import causes_on, taxonomy_on
from notifications.services import load_reference
from notifications.taxonomy import TAXONOMY
from regulator import clock
from regulator.editions.kinds import KINDS
from tests.editions.scene import Two, in_days
from tests.factories import notification_in
from tests.reference import ship_reference

pytestmark = pytest.mark.django_db


@pytest.fixture
def two() -> Two:
    ship_reference()
    return Two()


def edition(key: str = "2026-27", *, without: str = "") -> dict[str, Any]:
    """What holds now, under another key, with one cause more and maybe one less."""
    content = dict(KINDS.get("causes").present("", clock.today()))
    causes = [each for each in content["causes"] if each["slug"] not in (without, "di-employer-new")]
    new = causes[0] | {"slug": "di-employer-new", "tier3": "Something new", "rollup": "Something new"}
    return content | {"key": key, "label": f"Edition {key}", "causes": [*causes, new]}


def test_cases_are_coded_by_it_from_its_day_and_earlier_codings_stay(two: Two) -> None:
    coded = notification_in("ready_to_close")
    assert coded.cqc_cause is not None
    gone = coded.cqc_cause.slug
    uncoded = notification_in("under_review")
    content = edition(without=gone)
    preview = KINDS.get("causes").touched("", in_days(2), content)
    assert [row[0] for row in preview.rows] == [str(coded.case)]
    assert preview.notes[0].startswith("1 open case is not coded yet")
    two.hold("causes", "", content, in_days(2))
    assert not Cause.objects.filter(
        slug="di-employer-new", pk__in=causes_on(clock.today(), "diagnostic_imaging")
    )
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        offered = causes_on(clock.today(), uncoded.case.modality)
        assert offered.filter(slug="di-employer-new").exists()
        assert not offered.filter(slug=gone).exists()
        version = taxonomy_on(clock.today())
        assert version is not None
        assert version.key == "2026-27"
    coded.refresh_from_db()
    assert coded.cqc_cause is not None
    assert coded.cqc_cause.slug == gone


def test_of_two_that_begin_on_one_day_the_later_holds(two: Two) -> None:
    two.hold("causes", "", edition("one"))
    two.hold("causes", "", edition("two", without="di-referrer-wrong-patient"))
    version = taxonomy_on(clock.today())
    assert version is not None
    assert version.key == "two"
    assert (
        not causes_on(clock.today(), "diagnostic_imaging").filter(slug="di-referrer-wrong-patient").exists()
    )
    assert set(load_reference().values()) == {0}


def test_the_differences_name_each_cause(two: Two) -> None:
    kind = KINDS.get("causes")
    found = kind.differences(
        "", kind.present("", clock.today()), edition(without="di-referrer-wrong-patient")
    )
    assert {(each.label, bool(each.before), bool(each.after)) for each in found} == {
        ("di-employer-new", False, True),
        ("di-referrer-wrong-patient", True, False),
    }


def test_the_table_is_that_of_the_projects_file(two: Two) -> None:
    assert as_table(KINDS.get("causes").present("", clock.today())) == TAXONOMY.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"causes": []}, "no cause"),
        ({"causes": [{"slug": "x"}]}, "columns"),
        ({"causes": "text"}, "cannot be read"),
        ({"key": "2023-24"}, "already"),
        ({"key": "not a key"}, "slug"),
    ],
)
def test_nonsense_is_no_taxonomy(two: Two, change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        two.propose("causes", "", edition() | change, in_days(1))
    assert said in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ({"tier1": ""}, "empty"),
        ({"modality": "dentistry"}, "not a modality"),
        ({"slug": "di-referrer-wrong-patient"}, "listed twice"),
        ({"tier3": "x" * 151}, "at most 150"),
        ({"slug": 5}, "text"),
        ({"slug": "not a slug"}, "slug"),
    ],
)
def test_a_cause_that_is_none_is_refused_by_name(two: Two, cell: dict[str, Any], said: str) -> None:
    content = edition()
    content["causes"] = [*content["causes"][:-1], content["causes"][-1] | cell]
    with pytest.raises(ValidationError) as refused:
        two.propose("causes", "", content, in_days(1))
    assert said in " ".join(refused.value.messages)


def test_a_cause_cannot_begin_to_be_offered_in_the_past(two: Two) -> None:
    with pytest.raises(ValidationError, match="today or later"):
        two.propose("causes", "", edition(), in_days(-1))
