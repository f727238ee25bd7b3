"""No employer learns that a concern exists: not on its pages, through the API, in letters, from a bundle or
from what another body is sent."""

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from inspections.concerns import services
from inspections.correspondence.models import Correspondence
from inspections.models import Inspection
from regulator.accounts.roles import EMPLOYER_ROLES, STAFF_ROLES, Role, roles_with
from regulator.casework.evidence.bundles import ask_bundle, make_due
from regulator.casework.evidence.confidence import WITHHELD
from regulator.casework.kinds import EMPLOYER_EVENTS, KINDS
from regulator.casework.models import Case, DisclosureBundle
from regulator.casework.referral_desk import EVERYTHING, sections_of
from regulator.casework.services import link_cases
from regulator.casework.visibility import may_see
from regulator.deadlines.kinds import DEADLINES
from regulator.outbox.models import Message
from tests.enforcement.scene import Scene
from tests.factories import person
from tests.inspections.concerns.making import STATES, TEXT, concern_in, do, inspect
from tests.inspections.letters import Kind, send_letter
from tests.notifications.pages import browser

THEIR_PAGES = (
    "notifications:home",
    "front:home",
    "organisations:people",
    "organisations:sites",
    "risk:own_rate",
)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", sorted(EMPLOYER_ROLES))
def test_in_no_state_does_anybody_of_the_employer_see_one(scene: Scene, state: str, role: Role) -> None:
    case, theirs = concern_in(state, scene).case, person(role, scene.employer)
    assert not may_see(case, theirs)
    assert not Case.objects.for_user(theirs).exists()
    client = browser(theirs)
    tried = [
        f"/inspections/{case.reference}/",
        f"/notifications/{case.reference}/",
        f"/desk/casework/case/{case.pk}/",
    ]
    for address in (*tried, "/desk/concerns/concern/", f"/desk/concerns/concern/{scene.employer.pk}/record/"):
        assert client.get(address).status_code in (302, 403, 404), address
        assert str(case.reference) not in client.get(address).content.decode().replace(address, "")
    for address in ("/", "/notifications/", "/api/v1/notifications/", "/inspections/"):
        answer = client.get(address, follow=True)
        said = answer.content.decode().casefold()
        assert str(case.reference).casefold() not in said, address
        assert "cyclotron" not in said


def test_nothing_of_a_concern_is_declared_for_employers() -> None:
    kind = KINDS.get("concern")
    assert kind.hidden_from_employer == set(kind.lifecycle.states)
    assert not roles_with(kind.follow) & EMPLOYER_ROLES
    assert kind.in_confidence
    assert not [name for name in EMPLOYER_EVENTS if name.startswith("concerns.")]
    clocks = [each for each in DEADLINES.values() if each.name.startswith("concern_")]
    assert len(clocks) == 2
    assert not any(each.for_employer or each.extendable for each in clocks)
    assert roles_with("concerns.decide") | roles_with("concerns.record") <= STAFF_ROLES


def announced(scene: Scene) -> Inspection:
    """The inspection that arose from a concern, announced, and linked with it by hand as well."""
    concern = concern_in("immediate", scene)
    inspection = inspect(concern, scene.inspector, site=scene.site)
    link_cases(
        case=inspection.case, reference=str(concern), by=scene.inspector, reason="The cyclotron again."
    )
    send_letter(inspection, Kind.ANNOUNCEMENT, by=scene.inspector, second=scene.manager)
    return Inspection.objects.select_related("case__employer").get(pk=inspection.pk)


def test_the_inspection_that_arose_says_nothing_of_it_to_the_employer(scene: Scene) -> None:
    inspection = announced(scene)
    reference = str(inspection.arose_from)
    client = browser(scene.lead)
    page = client.get(f"/inspections/{inspection.case.reference}/")
    assert page.status_code == 200
    letters = Message.objects.filter(to=scene.lead.email)
    [sent] = Correspondence.objects.filter(inspection=inspection)
    said = [page.content.decode(), *(each.subject + each.body for each in letters), json.dumps(sent.facts)]
    assert len(letters) == 1
    for words in (reference, "cyclotron", "oncern", "histle"):
        assert not any(words in each for each in said), words


def bundle(case: Case, scene: Scene, folder: Path) -> tuple[dict[str, Any], str, bytes]:
    asked = ask_bundle(case=case, by=scene.inspector, reason="The tribunal asked for it.")
    make_due()
    asked = DisclosureBundle.objects.get(pk=asked.pk)
    with ZipFile(asked.file) as archive:
        archive.extractall(folder)
    [paper] = folder.glob("*.pdf")
    told = (folder / "case.json").read_bytes()
    return json.loads(told), "\n".join(each.extract_text() for each in PdfReader(paper).pages), told


def test_the_bundle_of_the_inspection_does_not_say_that_there_was_a_concern(
    scene: Scene, tmp_path: Path
) -> None:
    inspection = announced(scene)
    told, paper, whole = bundle(inspection.case, scene, tmp_path)
    assert told["inspection"]["arose_from"] is None
    assert told["links"] == []
    assert told["inspection"]["trigger"] == "reactive"
    for words in (str(inspection.arose_from), "IRC-", "yclotron", "Linked with another case"):
        assert words not in paper, words
        assert words.encode() not in whole
    assert "Announced to the employer" in paper


def test_another_link_stays_in_the_bundle(scene: Scene, tmp_path: Path) -> None:
    inspection, other = announced(scene), scene.inspection()
    link_cases(case=inspection.case, reference=str(other), by=scene.inspector, reason="One scanner.")
    told, paper, _ = bundle(inspection.case, scene, tmp_path)
    assert [each["with_case"] for each in told["links"]] == [other.pk]
    assert str(other) in paper
    assert "One scanner." in paper


def test_its_own_bundle_withholds_from_which_side_it_came(scene: Scene, tmp_path: Path) -> None:
    concern = concern_in("closed", scene)
    told, paper, whole = bundle(concern.case, scene, tmp_path)
    assert told["concern"]["source"] == told["concern"]["way"] == {"gap": WITHHELD}
    assert told["concern"]["text"] == TEXT
    assert b"histle" not in whole
    assert b"telephone" not in whole
    assert "histle" not in paper
    assert "Withheld from bundles" in " ".join(paper.split())


def test_a_packet_about_the_inspection_does_not_name_the_concern(scene: Scene) -> None:
    inspection = announced(scene)
    sent = sections_of(inspection.case, [EVERYTHING])
    assert str(inspection.arose_from) not in str(sent)
    assert "IRC-" not in str(sent)


def test_a_visitor_meets_nothing(scene: Scene) -> None:
    case = concern_in("received", scene).case
    for address in (
        reverse("admin:casework_case_change", args=[case.pk]),
        reverse("admin:concerns_concern_changelist"),
        reverse("admin:concerns_concern_record", args=[scene.employer.pk]),
    ):
        answer = Client().get(address)
        assert answer.status_code == 302
        assert "login" in answer.headers["Location"]


def test_marking_and_closing_write_to_nobody(scene: Scene) -> None:
    do(concern_in("assessed", scene), services.mark_in_error, scene.inspector)
    concern_in("closed", scene)
    assert not Message.objects.exists()
