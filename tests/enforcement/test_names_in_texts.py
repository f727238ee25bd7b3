"""A notice identifies no patient; the employer on whom it is served may be a person, and is named."""

from typing import Any

import pytest

from enforcement import services
from enforcement.models import Notice
from regulator.casework.chain import first_broken_link
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.models import EventText
from regulator.casework.services import IdentifiersFound
from regulator.organisations.models import Employer
from tests.enforcement.scene import MORNING, PORTAL, Scene
from tests.factories import SiteFactory
from tests.notifications.pages import browser

NAMED = "Keep the records of Mr Patel."
WHY = "An invented name of the training material."


@pytest.mark.parametrize(
    "text",
    [
        "Mr Patel Dental Care must review its procedures.",
        "MR  PATEL\nDENTAL CARE’S procedures must be reviewed.",
        "At Dr Shah & Partners, review the procedures.",
    ],
)
def test_the_employer_and_its_sites_are_named_as_cqc_holds_them(scene: Scene, text: str) -> None:
    Employer.objects.filter(pk=scene.employer.pk).update(name="Mr Patel Dental Care")
    SiteFactory.create(employer=scene.employer, name="Dr Shah & Partners")
    scene.employer.refresh_from_db()
    made = scene.notice("served", required_action=text, opinion=text)
    assert made.required_action == text
    assert not IdentifierConfirmation.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "Mr Patel was exposed at Mr Patel Dental Care.",
        "Mr Patel Dental was told.",
        "Mr Patel Dental Careful",
        "Mr Patel Dental Care: 943 476 5919",
        "Mrs Patel Dental Care",
    ],
)
def test_the_name_of_a_practice_covers_nobody_else(scene: Scene, text: str) -> None:
    Employer.objects.filter(pk=scene.employer.pk).update(name="Mr Patel Dental Care")
    scene.employer.refresh_from_db()
    with pytest.raises(IdentifiersFound) as raised:
        scene.draft(required_action=text)
    assert len(raised.value.found) == 1


def test_another_employers_name_is_a_name(scene: Scene) -> None:
    Employer.objects.exclude(pk=scene.employer.pk).delete()
    other = Scene()
    Employer.objects.filter(pk=other.employer.pk).update(name="Mr Patel Dental Care")
    with pytest.raises(IdentifiersFound):
        scene.draft(reasons="As at Mr Patel Dental Care.")


@pytest.mark.parametrize(
    ("method", "address", "taken"),
    [
        ("email", "The company secretary, secretary@trust.example", True),
        ("by_hand", "The company secretary, secretary@trust.example", False),
        ("email", "Mr Patel, secretary@trust.example", False),
        ("email", "secretary@trust.example, 0161 496 0000", False),
        ("recorded_delivery", "The registered manager, 1 High Street, Leeds LS1 4AP", True),
    ],
)
def test_an_address_of_service_is_an_office_and_by_email_its_address(
    scene: Scene, method: str, address: str, taken: bool
) -> None:
    notice = scene.notice("approved")
    if taken:
        scene.serve(notice, method=method, address=address)
        assert Notice.objects.get().served_to_address == address
        return
    with pytest.raises(IdentifiersFound) as raised:
        scene.serve(notice, method=method, address=address)
    assert set(raised.value.message_dict) == {"address"}
    assert Notice.objects.get().served_on is None
    scene.serve(notice, method=method, address=address, identifies_nobody=WHY)
    assert IdentifierConfirmation.objects.get().field == "address"


def _page(notice: Notice, deed: str) -> str:
    return f"/desk/casework/case/{notice.pk}/do/{deed}/"


def _send(client: Any, notice: Notice, deed: str, **typed: str) -> Any:
    read = client.get(_page(notice, deed)).context["read"]
    hidden = {read.add_prefix(box.name): box.value() for box in read}
    return client.post(_page(notice, deed), hidden | typed)


def test_a_draft_from_before_texts_were_checked_is_asked_about_when_it_is_proposed(scene: Scene) -> None:
    notice = scene.draft()
    Notice.objects.filter(pk=notice.pk).update(opinion=NAMED)
    client = browser(scene.inspector)
    refused = _send(client, notice, "propose")
    assert refused.status_code == 400
    said = str(refused.context["form"].errors["__all__"])
    assert "Opinion: This seems to identify somebody: a person’s name on line 1" in said
    assert "This identifies nobody because" in refused.content.decode()
    assert Notice.objects.get().case.status == "draft"
    assert _send(client, notice, "propose", identifies_nobody=WHY).status_code == 302
    assert IdentifierConfirmation.objects.get().confirmed_by == scene.inspector
    assert first_broken_link() is None


def test_a_draft_that_is_edited_elsewhere_is_not_asked_about_again(scene: Scene) -> None:
    notice = scene.draft()
    Notice.objects.filter(pk=notice.pk).update(opinion=NAMED)
    kept: dict[str, Any] = {
        "provisions": [each.provision for each in notice.breaches.all()],
        "breach_on": notice.breach_on,
        "opinion": NAMED,
        "reasons": "Nothing was reviewed.",
        "required_action": notice.required_action,
        "compliance_days": 42,
    }
    scene.do(notice, services.edit_notice, scene.inspector, **kept)
    with pytest.raises(IdentifiersFound):
        scene.do(notice, services.edit_notice, scene.inspector, **kept | {"reasons": NAMED})


def test_nothing_that_names_somebody_becomes_public_unasked(scene: Scene, travel: Any) -> None:
    notice = scene.notice("served")
    Notice.objects.filter(pk=notice.pk).update(required_action=NAMED)
    travel.move_to(MORNING.replace(month=4, day=20))
    services.propose_publication(notice=notice, by=PORTAL)
    client = browser(scene.manager)
    read = {"entry_read": "on"}
    refused = _send(client, notice, "approve_entry", **read)
    assert refused.status_code == 400
    assert "Required action: This seems to identify somebody" in str(
        refused.context["form"].errors["__all__"]
    )
    assert Notice.objects.get().published_on is None
    assert _send(client, notice, "approve_entry", identifies_nobody=WHY, **read).status_code == 302
    assert Notice.objects.get().published_on is not None


def test_what_a_tribunal_left_unchanged_is_not_asked_about(scene: Scene) -> None:
    notice = scene.notice("under_appeal")
    Notice.objects.filter(pk=notice.pk).update(required_action=NAMED)
    decided = {"outcome": "modified", "on": MORNING.date(), "changes": "More time, for Mr Khan."}
    later = MORNING.date().replace(month=9)
    with pytest.raises(IdentifiersFound) as raised:
        scene.do(notice, services.dispose_appeal, compliance_on=later, **decided)
    assert set(raised.value.message_dict) == {"changes"}
    scene.do(notice, services.dispose_appeal, compliance_on=later, **decided | {"changes": "More time."})
    assert Notice.objects.get().required_action == NAMED


def test_a_refused_reason_leaves_no_text_behind(scene: Scene) -> None:
    notice = scene.notice("served")
    before = EventText.objects.count()
    with pytest.raises(IdentifiersFound):
        scene.do(notice, services.withdraw, reason="Served on Mr Patel.")
    assert (EventText.objects.count(), Notice.objects.get().withdrawn_on) == (before, None)
