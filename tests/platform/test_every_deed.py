"""Each deed of the desk, with every box of its page: words and files are checked for identifiers, and on a
case that was redacted meanwhile it does nothing."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
import time_machine
from django import forms
from django.db import transaction
from django.urls import reverse

from regulator.casework.chain import first_broken_link
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.desk import DESK_PAGES, EVERYDAY, DeskAction, actions_for
from regulator.casework.models import Event
from regulator.casework.queue.registries import BULK_DEEDS
from regulator.casework.queue.together import tick
from tests.enforcement.scene import MORNING
from tests.notifications.pages import browser, text
from tests.platform.deeds import EACH_DEED, World, everything, file_of, sound, takes_words
from tests.redaction.emptied import marked
from tests.reference import ship_provisions, ship_reference

pytestmark = pytest.mark.django_db
NUMBER: Final = "943 476 5919"
TYPED: Final = f"It was about\n{NUMBER}, they say."
WHY: Final = "The invented number of the guidance."


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Every case once, for all tests of the module; the database forgets them afterwards."""
    standing_still = time_machine.travel(MORNING, tick=False)
    with django_db_blocker.unblock(), standing_still as travel, transaction.atomic():
        ship_reference()
        ship_provisions()
        yield World(travel)
        transaction.set_rollback(True)


@pytest.mark.parametrize(("kind", "action"), EACH_DEED)
def test_no_box_of_a_deed_takes_an_nhs_number_without_a_reason(
    kind: str, action: DeskAction, world: World
) -> None:
    case, person = world.doable(kind, action)
    client = browser(person)
    page = reverse("admin:casework_case_do", args=[case.pk, action.name])
    shown: Any = client.get(page)
    assert shown.status_code == 200
    form, read = shown.context["form"], shown.context["read"]
    filled = {box.name: sound(action, box) for box in form if box.name != "identifies_nobody"}
    filled |= {read.add_prefix(box.name): box.value() for box in read}
    words = [name for name in filled if name in form.fields and takes_words(form.fields[name])]
    before = everything() if words else {}
    for name in words:
        is_file = isinstance(form.fields[name], forms.FileField)

        def sent(name: str = name, is_file: bool = is_file, **more: str) -> Any:
            typed = {name: file_of(TYPED) if is_file else TYPED}
            afresh = {key: file_of("The log.") for key, value in filled.items() if hasattr(value, "read")}
            others = {key: value for key, value in filled.items() if value}
            return client.post(page, others | afresh | typed | more)

        refused = sent()
        assert refused.status_code == 400, f"{name} takes an NHS number"
        said = refused.context["form"].errors
        assert list(said) == [name], said
        assert f"an NHS number on line 2: “It was about {NUMBER}, they say.”" in said[name][0]
        again = refused.content.decode()
        assert "This identifies nobody because" in again
        assert ("Choose the file again" in again) if is_file else (TYPED in again)
        with transaction.atomic():
            taken = sent(identifies_nobody=WHY)
            assert taken.status_code == 302, taken.context["form"].errors
            kept = IdentifierConfirmation.objects.get()
            assert (kept.field, kept.kind, kept.reason) == (name, "nhs_number", WHY)
            assert kept.confirmed_by == person
            event = Event.objects.get(type="casework.identifiers_confirmed")
            assert (event.case, event.actor) == (kept.case, person)
            assert event.payload["confirmed"] == [{"field": name, "kind": kept.kind, "digest": kept.digest}]
            if name == words[-1]:
                assert first_broken_link() is None
            transaction.set_rollback(True)
    assert not words or everything() == before, "a refusal wrote something"


@pytest.mark.parametrize(("kind", "action"), EACH_DEED)
def test_each_deed_whose_page_was_open_meanwhile_is_refused_and_does_nothing(
    kind: str, action: DeskAction, world: World
) -> None:
    case, person = world.doable(kind, action)
    client, page = browser(person), reverse("admin:casework_case_do", args=[case.pk, action.name])
    shown: Any = client.get(page)
    form, read = shown.context["form"], shown.context["read"]
    filled = {box.name: sound(action, box) for box in form if box.name != "identifies_nobody"}
    filled |= {read.add_prefix(box.name): box.value() for box in read}
    marked(case)
    before = everything()
    answer = client.post(page, {key: value for key, value in filled.items() if value})
    if action.reads:
        assert answer.status_code == 302
        return
    assert answer.status_code == 409, answer
    assert "under the retention policy." in text(answer)
    assert everything() == before
    again = client.get(page)
    assert again.status_code == 409
    assert "under the retention policy" in text(again)


@pytest.mark.parametrize(("kind", "action"), EACH_DEED)
def test_each_deed_that_is_sent_empty_is_refused_in_words_that_name_the_boxes(
    kind: str, action: DeskAction, world: World
) -> None:
    case, person = world.doable(kind, action)
    client, page = browser(person), reverse("admin:casework_case_do", args=[case.pk, action.name])
    shown: Any = client.get(page)
    read = {shown.context["read"].add_prefix(box.name): box.value() for box in shown.context["read"]}
    needed = {box.name for box in shown.context["form"] if box.field.required}
    if not needed:
        return
    before = everything()
    refused: Any = client.post(page, {key: value for key, value in read.items() if value != ""})
    assert refused.status_code == 400
    assert needed <= set(refused.context["form"].errors)
    assert "This field is required" not in text(refused)
    assert everything() == before


@pytest.mark.parametrize("name", list(BULK_DEEDS))
def test_no_box_of_a_deed_on_many_cases_takes_an_nhs_number_without_a_reason(name: str, world: World) -> None:
    deed = BULK_DEEDS.get(name)
    case, person = world.doable(deed.kind or "notification", deed.action)
    client = browser(person)
    page = reverse("admin:casework_case_together", args=[name])
    shown: Any = client.get(page, {"case": tick(case)})
    form = shown.context["form"]
    filled = {box.name: sound(deed.action, box) for box in form if box.name != "identifies_nobody"}
    before = everything()
    for box in (each for each in filled if takes_words(form.fields[each])):
        data = {**filled, "case": tick(case), box: TYPED}
        refused: Any = client.post(page, data)
        assert refused.status_code == 400, f"{box} takes an NHS number"
        assert list(refused.context["form"].errors) == [box]
        again = refused.content.decode()
        assert "This identifies nobody because" in again
        assert TYPED in again
        assert everything() == before
        with transaction.atomic():
            taken: Any = client.post(page, {**data, "identifies_nobody": WHY})
            assert [(each.case, each.why) for each in taken.context["outcomes"]] == [(case, "")]
            kept = IdentifierConfirmation.objects.get()
            assert (kept.field, kept.reason, kept.confirmed_by) == (box, WHY, person)
            transaction.set_rollback(True)


def test_the_walk_finds_the_words_of_every_room() -> None:
    """A walk that took no box for one would pass without having tried any."""
    found = {
        (kind, action.name, name)
        for kind in DESK_PAGES
        for action in (*actions_for(kind), *EVERYDAY.values())
        for name, field in action.form.base_fields.items()
        if takes_words(field) and name != "identifies_nobody"
    }
    assert {
        ("notification", "triage", "comment"),
        ("notification", "attach", "file"),
        ("notification", "open_inspection", "scope"),
        ("inspection", "note", "text"),
        ("inspection", "refer", "gateway_text"),
        ("notice", "correct_referral", "summary"),
        ("inspection", "record_finding", "text"),
        ("inspection", "return_plan", "reason"),
        ("inspection", "return_questionnaire", "reason"),
        ("inspection", "draft_improvement", "opinion"),
        ("notice", "serve", "address"),
        ("notice", "serve", "office"),
        ("notice", "add_proof", "file"),
        ("notice", "fail_review", "reason"),
        ("notice", "fail_service", "reason"),
        ("inspection", "draft_prohibition", "directions"),
        ("concern", "assess", "reason"),
        ("concern", "open_inspection", "scope"),
        ("notice", "return_evidence", "reason"),
        ("notice", "reinspect", "scope"),
        ("notice", "record_appeal", "case_number"),
        ("notice", "dispose_appeal", "required_action"),
    } <= found
    assert takes_words(BULK_DEEDS.get("triage").action.form.base_fields["reason"])
