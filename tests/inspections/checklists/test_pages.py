"""Checklists on the desk: answered as a plain form and by a script, a finding from an item, notes; what each
page costs; and that the employer sees none of it."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections import services as inspecting
from inspections.checklists.models import Checklist, ChecklistAnswer, InspectionNote, ItemFinding
from inspections.checklists.ready import IN_ORDER
from inspections.checklists.search import found_by
from inspections.checklists.services import open_checklist, record_note
from inspections.models import Finding
from regulator import clock
from regulator.accounts.models import User
from regulator.accounts.roles import Role
from regulator.casework.models import Case
from tests.enforcement.scene import Scene
from tests.factories import staff
from tests.inspections.checklists.conftest import answer, given, opened

NUMBER = "943 476 5919"


def browser(user: User, **options: Any) -> Client:
    client = Client(**options)
    client.force_login(user)
    return client


def url(name: str, *parts: Any) -> str:
    return reverse(f"admin:checklists_{name}", args=parts)


@pytest.fixture
def client(scene: Scene) -> Client:
    return browser(scene.inspector)


def page_of(checklist: Checklist) -> str:
    return url("checklist_change", checklist.pk)


def boxes(client: Client, checklist: Checklist) -> dict[str, str]:
    """What the form would send as it stands."""
    shown: Any = client.get(page_of(checklist))
    found: dict[str, str] = {}
    for _, section in shown.context["sections"]:
        for box in section:
            key = box.row.item.key
            found |= {f"id-{key}": str(box.client_id), f"seen-{key}": str(box.seen or "")}
            found |= {f"verdict-{key}": box.verdict, f"note-{key}": box.note}
    return found


def send(client: Client, checklist: Checklist, **batch: Any) -> Any:
    person = client.session["_auth_user_id"]
    body = {"person": int(person), "answers": [], "notes": [], **batch}
    return client.post(url("sync", checklist.pk), json.dumps(body), content_type="application/json")


def one(item: str = "list", **said: Any) -> dict[str, Any]:
    return {"item": item, "verdict": "met", "note": "", "client_id": str(uuid4()), "seen": "", **said}


def test_a_checklist_is_opened_and_answered_without_a_script(scene: Scene, client: Client) -> None:
    inspection = scene.inspection("on_site")
    lists = client.get(url("of_case", inspection.pk))
    assert "None is open yet." in lists.content.decode()
    made = client.post(url("of_case", inspection.pk), {"key": "training"})
    checklist = Checklist.objects.get()
    assert made.headers["Location"] == page_of(checklist)
    filled = boxes(client, checklist)
    filled |= {"verdict-list": "met", "verdict-cpd": "not_met", "note-cpd": "No check this year."}
    saved = client.post(page_of(checklist), filled, follow=True)
    assert "Saved: 2 answers." in saved.content.decode()
    assert {(each.item, each.verdict) for each in ChecklistAnswer.objects.all()} == {
        ("list", "met"),
        ("cpd", "not_met"),
    }
    client.post(page_of(checklist), filled)
    assert ChecklistAnswer.objects.count() == 2
    untouched = client.post(page_of(checklist), boxes(client, checklist), follow=True)
    assert "Nothing was changed" in untouched.content.decode()
    assert ChecklistAnswer.objects.count() == 2
    assert "2 of 12 answered, 1 not met" in client.get(url("of_case", inspection.pk)).content.decode()
    case = client.get(reverse("admin:casework_case_change", args=[inspection.pk])).content.decode()
    assert "2 of 12 answered, 1 not met" in case
    assert page_of(checklist) in case


def test_a_section_is_saved_alone(client: Client, checklist: Checklist) -> None:
    filled = boxes(client, checklist) | {"verdict-list": "met", "verdict-cpd": "met"}
    client.post(page_of(checklist), filled | {"only": "6"})
    assert [each.item for each in ChecklistAnswer.objects.all()] == ["cpd"]


def test_what_is_wrong_stands_beside_its_item_and_the_rest_is_saved(
    client: Client, checklist: Checklist
) -> None:
    filled = boxes(client, checklist) | {"verdict-list": "met", "note-cpd": "A note alone."}
    filled |= {"verdict-sample": "not_met", "note-sample": f"It was about {NUMBER}."}
    refused = client.post(page_of(checklist), filled)
    text = refused.content.decode()
    assert refused.status_code == 400
    assert "Choose one of the answers." in text
    assert f"It was about {NUMBER}." in text
    assert "A note alone." in text
    assert [each.item for each in ChecklistAnswer.objects.all()] == ["list"]
    again: Any = client.post(page_of(checklist), filled | {"why-sample": "Invented.", "note-cpd": ""})
    assert again.status_code == 302
    assert {each.item for each in ChecklistAnswer.objects.all()} == {"list", "sample"}


def test_what_was_typed_before_the_visit_is_shown_again(scene: Scene, client: Client) -> None:
    prepared = opened(scene, "announced")
    filled = boxes(client, prepared) | {"verdict-list": "met", "note-list": "Typed too early."}
    refused = client.post(page_of(prepared), filled)
    assert refused.status_code == 409
    assert "Typed too early." in refused.content.decode()
    assert "Record the visit first" in refused.content.decode()


def test_what_two_people_said_is_shown_side_by_side(
    scene: Scene, client: Client, checklist: Checklist
) -> None:
    filled = boxes(client, checklist) | {"verdict-list": "met"}
    answer(checklist, staff(Role.INSPECTOR), given(verdict="not_met", note="Two are not on it."))
    told = client.post(page_of(checklist), filled, follow=True).content.decode()
    assert "Somebody else had answered 1 of these meanwhile" in told
    assert "Changed meanwhile." in told
    assert "Two are not on it." in told


def test_a_script_sends_what_waited_and_hears_what_became_of_each(
    client: Client, checklist: Checklist
) -> None:
    fine, wrong = one(), one("sample", note=f"About {NUMBER}.")
    note = {"kind": "observation", "role": "", "text": "The door stood open.", "client_id": str(uuid4())}
    visit = checklist.inspection.visits.get()
    notes = [{**note, "visit": str(visit.pk)}, {**note, "text": ""}, {**note, "visit": "9" * 5000}]
    batch = {"answers": [fine, wrong, {"item": "cpd"}, 7], "notes": notes}
    told = send(client, checklist, **batch).json()
    assert [each["kept"] for each in told["answers"]] == [True, False, False, False]
    assert [each["asks_why"] for each in told["answers"]] == [False, True, False, False]
    assert [each["kept"] for each in told["notes"]] == [True, False, False]
    assert InspectionNote.objects.get().visit == visit
    assert told["items"]["list"]["holding"]["id"] == fine["client_id"]
    again = send(client, checklist, **batch).json()
    assert again["answers"][0]["kept"]
    assert (ChecklistAnswer.objects.count(), InspectionNote.objects.count()) == (1, 1)
    why = send(client, checklist, answers=[{**wrong, "identifies_nobody": "The invented number."}]).json()
    assert why["answers"][0]["kept"]


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", '{"person": true}', '{"person": 1, "answers": 1}', '{"answers": []}', "[" * 50_000],
)
def test_what_no_page_sends_is_refused(client: Client, checklist: Checklist, body: str) -> None:
    refused = client.post(url("sync", checklist.pk), body, content_type="application/json")
    assert refused.status_code == 400
    assert refused.json()["refused"]


def test_another_person_s_answers_are_never_sent_as_mine(
    scene: Scene, client: Client, checklist: Checklist
) -> None:
    other = staff(Role.INSPECTOR)
    refused = send(browser(other), checklist, person=scene.inspector.pk, answers=[one()])
    assert (refused.status_code, refused.json()["other"]) == (403, True)
    assert not ChecklistAnswer.objects.exists()


def test_without_a_token_or_a_session_nothing_is_taken(scene: Scene, checklist: Checklist) -> None:
    strict = browser(scene.inspector, enforce_csrf_checks=True)
    assert send(strict, checklist, answers=[one()]).status_code == 403
    token = strict.get(url("sync", checklist.pk)).json()["token"]
    sent = strict.post(
        url("sync", checklist.pk),
        json.dumps({"person": scene.inspector.pk, "answers": [one()]}),
        content_type="application/json",
        headers={"x-csrftoken": token},
    )
    assert sent.json()["answers"][0]["kept"]
    assert Client().post(url("sync", checklist.pk)).status_code == 302
    assert ChecklistAnswer.objects.count() == 1


def test_what_may_not_be_answered_is_refused_whole(scene: Scene, client: Client) -> None:
    prepared = opened(scene, "announced")
    refused = send(client, prepared, answers=[one()])
    assert refused.status_code == 409
    assert "Record the visit first" in refused.json()["refused"]
    reader = send(browser(staff(Role.ANALYST)), prepared, answers=[one()])
    assert reader.status_code == 403


def test_a_finding_is_recorded_from_an_item(scene: Scene, client: Client, checklist: Checklist) -> None:
    page = url("item_finding", checklist.pk, "sample")
    assert client.get(page).status_code == 404
    answer(checklist, scene.inspector, given("sample", "not_met", "Two of three had none."))
    shown: Any = client.get(page)
    form = shown.context["form"]
    assert form.initial["kind"] == Finding.Kind.BREACH
    assert form.initial["text"] == "Two of three had none."
    [cited] = form.fields["provisions"].queryset
    assert (cited.reference, form["provisions"].value()) == ("17(4)", [cited.pk])
    assert cited not in form.fields["further"].queryset
    filled = {**{name: form.initial[name] for name in ("kind", "version")}, "provisions": [cited.pk]}
    none = client.post(page, {**filled, "provisions": [], "text": "Records of two were missing."})
    assert "Choose at least one provision." in none.content.decode()
    further = form.fields["further"].queryset.get(reference="17(1)")
    filled["further"] = [further.pk]
    text = f"Records were missing for {NUMBER}."
    refused = client.post(page, filled | {"text": text})
    assert refused.status_code == 400
    assert text in refused.content.decode()
    done = client.post(page, filled | {"text": "Records of two were missing."})
    assert done.headers["Location"] == page_of(checklist)
    finding = Finding.objects.get()
    assert (finding.kind, [str(each) for each in finding.provisions.all()]) == (
        "breach",
        ["IR(ME)R 2017 regulation 17(1)", "IR(ME)R 2017 regulation 17(4)"],
    )
    assert ItemFinding.objects.get().answer.item == "sample"
    twice = client.post(page, filled | {"text": "Records of two were missing."})
    assert twice.status_code == 409
    assert Finding.objects.count() == 1
    assert "Breach recorded" in client.get(page_of(checklist)).content.decode()


def test_a_finding_comes_only_from_what_was_looked_at(
    scene: Scene, client: Client, checklist: Checklist
) -> None:
    answer(checklist, scene.inspector, given("sample", "not_seen"))
    page = url("item_finding", checklist.pk, "sample")
    assert client.get(page).status_code == 409
    version = checklist.inspection.case.version
    sent = {"kind": "good_practice", "text": "All there.", "version": version}
    assert client.post(page, sent).status_code == 409
    assert not Finding.objects.exists()
    assert browser(staff(Role.CASE_OFFICER)).get(page).status_code == 403


def test_notes_are_written_and_corrected_on_their_page(
    scene: Scene, client: Client, checklist: Checklist
) -> None:
    notes = url("notes", checklist.inspection_id)
    sent = {"kind": "interview", "role": "operator", "text": "I was shown once.", "client_id": str(uuid4())}
    back = client.post(f"{notes}?checklist={checklist.pk}", sent)
    assert back.headers["Location"] == page_of(checklist)
    kept = InspectionNote.objects.get()
    shown: Any = client.get(f"{notes}?replaces={kept.pk}")
    assert shown.context["form"].initial["text"] == "I was shown once."
    assert client.post(f"{notes}?replaces={kept.pk}", {**sent, "text": "Twice."}).status_code == 302
    page = client.get(notes).content.decode()
    assert "I was shown once." in page
    assert "a later note takes its place" in page
    assert client.post(f"{notes}?replaces={kept.pk}", {**sent, "text": "Thrice."}).status_code == 409
    refused = client.post(notes, {**sent, "text": f"Of {NUMBER}."})
    assert refused.status_code == 400
    assert "This identifies nobody because" in refused.content.decode()
    for nonsense in ("x", "0", "9" * 19, "9" * 5000, "-1", "²", ""):
        assert client.get(f"{notes}?replaces={nonsense}").status_code == 404
    other = record_note(
        inspection=scene.inspection("on_site"), by=scene.inspector, kind="observation", text="Elsewhere."
    )
    assert client.get(f"{notes}?replaces={other.pk}").status_code == 404


def test_the_deeds_of_the_case_s_page_open_and_note(scene: Scene, client: Client) -> None:
    inspection = scene.inspection("on_site")
    for name, said in (
        ("open_checklist", {"key": "drls"}),
        ("record_note", {"kind": "observation", "text": "The door stood open."}),
    ):
        page = reverse("admin:casework_case_do", args=[inspection.pk, name])
        read = client.get(page).context["read"]
        carried = {read.add_prefix(box.name): box.value() for box in read}
        assert client.post(page, {**carried, **said}).status_code == 302
    assert Checklist.objects.get().key == "drls"
    assert InspectionNote.objects.get().text == "The door stood open."


def test_the_employer_sees_none_of_it(scene: Scene, checklist: Checklist) -> None:
    note = "SECRET: nobody had looked."
    answer(checklist, scene.inspector, given(verdict="not_met", note=note))
    record_note(
        inspection=checklist.inspection, by=scene.inspector, kind="observation", text="SECRET: the door."
    )
    reference = checklist.inspection.case.reference
    for person in (scene.lead, scene.reporter):
        employer = browser(person)
        told = employer.get(reverse("inspections:detail", args=[reference])).content.decode()
        assert "SECRET" not in told
        assert "hecklist" not in told
        pages = [page_of(checklist), url("sync", checklist.pk), url("of_case", checklist.inspection_id)]
        for address in (*pages, url("notes", checklist.inspection_id), url("worker")):
            assert employer.get(address).status_code == 403


def test_a_restricted_case_and_one_of_another_kind_are_not_found(
    scene: Scene, client: Client, checklist: Checklist
) -> None:
    notice = scene.notice("draft")
    pages = [url("of_case", notice.pk), url("notes", notice.pk), url("checklist_change", 10**9)]
    Case.objects.filter(pk=checklist.inspection_id).update(is_restricted=True)
    pages += [page_of(checklist), url("sync", checklist.pk), url("item_finding", checklist.pk, "list")]
    for address in (*pages, url("notes", checklist.inspection_id)):
        assert client.get(address).status_code == 404, address
    assert send(client, checklist, answers=[one()]).status_code == 404
    assert not ChecklistAnswer.objects.exists()


def test_the_ready_lists_are_there_to_read(client: Client) -> None:
    page: Any = client.get(url("checklist_changelist"))
    assert [each.key for each, _ in page.context["lists"]] == list(IN_ORDER)
    assert "The equipment inventory" not in page.content.decode()
    assert "Equipment inventory" in page.content.decode()


def test_the_worker_reaches_no_further_than_the_checklists(client: Client) -> None:
    script = client.get(url("worker"))
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Service-Worker-Allowed" not in script.headers
    assert url("checklist_change", 1).startswith(url("worker").rpartition("/")[0])


def test_signing_out_has_the_browser_empty_what_it_kept(client: Client) -> None:
    assert "Clear-Site-Data" not in client.get("/account/logout/").headers
    assert client.post("/account/logout/").headers["Clear-Site-Data"] == '"storage"'


def test_pages_take_as_many_queries_for_much_as_for_little(scene: Scene, client: Client) -> None:
    inspection = scene.inspection("on_site")
    by = scene.inspector
    first = open_checklist(inspection=inspection, by=by, key="training")

    def fill(times: int) -> None:
        for _ in range(times):
            seen = ChecklistAnswer.objects.filter(item="sample").last()
            answers = [given("sample", "not_met", seen=seen.client_id if seen else None), given("list")]
            answer(first, staff(Role.INSPECTOR), *answers)
            record_note(inspection=inspection, by=by, kind="observation", text="Seen.")
            held = ChecklistAnswer.objects.filter(item="sample").latest("pk")
            finding = scene.find(inspection)
            ItemFinding.objects.create(answer=held, finding=finding)

    pages = {
        page_of(first): 20,
        url("sync", first.pk): 16,
        url("of_case", inspection.pk): 20,
        url("notes", inspection.pk): 16,
    }

    def cost() -> dict[str, int]:
        found = {}
        for address in pages:
            with CaptureQueriesContext(
                connection,
            ) as taken:
                assert client.get(address).status_code == 200
            found[address] = len(taken)
        return found

    fill(1)
    few = cost()
    fill(6)
    for key in IN_ORDER:
        open_checklist(inspection=inspection, by=by, key=key)
    assert cost() == few
    assert {address: taken for address, taken in few.items() if taken > pages[address]} == {}


def test_what_holds_is_found_and_what_was_corrected_is_not(scene: Scene, checklist: Checklist) -> None:
    first = given(note="The first words.")
    answer(checklist, scene.inspector, first)
    answer(checklist, scene.inspector, given(note="The second words.", seen=first.client_id))
    case = checklist.inspection
    noted = record_note(inspection=case, by=scene.inspector, kind="observation", text="A first note.")
    record_note(
        inspection=case, by=scene.inspector, kind="observation", text="A second note.", replaces=noted
    )
    assert {text for _, text in found_by([case.pk])} == {"The second words.", "A second note."}


def test_a_closed_inspection_is_read_and_not_answered(scene: Scene, client: Client) -> None:
    checklist = opened(scene, "action_plan")
    answer(checklist, scene.inspector, given(note="As it stood."))
    scene.inspect(checklist.inspection, inspecting.close)
    page = client.get(page_of(checklist)).content.decode()
    assert "As it stood." in page
    assert "Save the whole page" not in page
    assert client.get(url("sync", checklist.pk)).json()["over"] is True


def test_what_was_typed_when_the_session_had_ended_is_there_after_signing_in(
    scene: Scene, client: Client, checklist: Checklist
) -> None:
    filled = boxes(client, checklist) | {"verdict-list": "met", "note-list": "Typed before signing in."}
    stranger = Client()
    assert stranger.post(page_of(checklist), filled).status_code == 302
    stranger.force_login(scene.inspector)
    assert "Typed before signing in." in stranger.get(page_of(checklist)).content.decode()
    assert not ChecklistAnswer.objects.exists()


def test_an_answer_that_was_given_before_the_day_was_known_stays_readable(
    scene: Scene, client: Client, travel: Any
) -> None:
    """The first visit turns out to have been on a day on which the provision did not stand yet."""
    travel.move_to(datetime(2024, 9, 30, 9, tzinfo=UTC))
    inspection = scene.inspection("announced")
    travel.move_to(datetime(2024, 10, 1, 9, tzinfo=UTC))
    scene.inspect(inspection, inspecting.visit, visited_on=clock.today())
    checklist = open_checklist(inspection=inspection, by=scene.inspector, key="on_site")
    answer(checklist, scene.inspector, given("other-employers", "partly", "Half of it is agreed."))
    earlier = clock.today() - timedelta(days=1)
    scene.inspect(inspection, inspecting.visit_again, visited_on=earlier)
    assert "Half of it is agreed." in client.get(page_of(checklist)).content.decode()
    [refused] = answer(checklist, scene.inspector, given("other-employers", "met"))
    assert list(refused.errors) == ["item"]
