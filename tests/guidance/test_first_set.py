"""The first set: whole, in the project's own words as far as a machine can tell, and brought in once."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from notifications.guidance.models import Theme, Topic, Version
from notifications.guidance.services.loading import FILE, load_first_topics
from regulator.organisations.models import Modality
from tests.guidance.scene import Room

ROWS = json.loads(FILE.read_text(encoding="utf-8"))["topics"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("provisions")]


def test_each_theme_and_each_modality_has_its_topics() -> None:
    assert {row["theme"] for row in ROWS} == set(Theme.values)
    assert {each for row in ROWS for each in row["modalities"]} == set(Modality.values)
    assert len({row["slug"] for row in ROWS}) == len(ROWS)


def test_an_action_is_short_and_most_rest_on_a_regulation() -> None:
    actions = [action for row in ROWS for action in row["actions"]]
    assert all(action["text"].endswith(".") and len(action["text"]) <= 260 for action in actions)
    assert sum(bool(action["regulations"]) for action in actions) > len(actions) / 2


def test_what_two_people_decided_is_left_alone() -> None:
    load_first_topics()
    first = Version.objects.get(topic__slug="carers-and-comforters")
    assert first.shipped
    assert first.drafted_by is None
    room = Room()
    room.approved(room.next(first, title="Changed here"))
    assert load_first_topics() == 0
    titles = Version.objects.filter(topic=first.topic).order_by("number").values_list("title", flat=True)
    assert list(titles) == ["Carers and comforters", "Changed here"]


def test_a_topic_that_could_not_be_shown_stops_the_loading(tmp_path: Path) -> None:
    wrong = ROWS[0] | {"actions": [{"text": "Do it.", "regulations": ["99"]}]}
    file = tmp_path / "topics.json"
    file.write_text(json.dumps({"topics": [ROWS[1], wrong]}), encoding="utf-8")
    with pytest.raises(ValidationError, match="no provision 99"):
        load_first_topics(file)
    assert not Topic.objects.exists()
