"""The provisions that a published entry cites were wrong: corrected by two people, and at once everywhere."""

from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from enforcement import services
from enforcement.gate import services as gate
from enforcement.gate.models import Proposal
from enforcement.models import Notice
from enforcement.register.importing import PUBLISHED, import_entries
from enforcement.register.models import Change, IndexLine, RegisterEntry
from regulator import clock
from regulator.casework.chain import first_broken_link
from regulator.casework.errors import NotAllowedNow
from regulator.casework.models import Event
from regulator.legislation.models import Provision
from tests.enforcement.gate.stage import entry_of, open_of, published
from tests.enforcement.gate.test_pages import _page
from tests.enforcement.scene import Scene, provisions
from tests.notifications.pages import browser

Travel = time_machine.Traveller
WHY = "The notice was about training, not about quality assurance."
BEFORE_OCTOBER = date(2024, 9, 30)
UPDATED = "{http://www.w3.org/2005/Atom}updated"


def _correct(scene: Scene, notice: Notice, *references: str, **changes: Any) -> Proposal:
    cited = provisions(*references) if references else []
    made: Proposal = scene.do(
        notice, gate.correct_entry, scene.inspector, why=WHY, changes={"citations": cited, **changes}
    )
    return made


def _cited(entry: RegisterEntry | None) -> list[str]:
    assert entry is not None
    return [each.reference for each in entry.citations.all()]


def _updated(client: Client, query: str = "") -> list[str | None]:
    tree = ElementTree.fromstring(client.get(f"/register/feed.atom?{query}").content)  # noqa: S314
    return [each.findtext(UPDATED) for each in tree.iter("{http://www.w3.org/2005/Atom}entry")]


def test_what_an_entry_cites_is_corrected_and_found_by_that_at_once(
    scene: Scene, travel: Travel, client: Client
) -> None:
    notice = published(scene, travel)
    before = _updated(client)
    travel.shift(60)
    made = _correct(scene, notice, "15(2)", "17(4)")
    assert (made.kind, made.cause) == ("change", "correction")
    assert _cited(entry_of(notice)) == ["6(5)(b)", "17(4)"]
    said = _page(browser(scene.second), made)
    assert [line.label for line in said.context["changed"]] == ["Provisions"]
    page = " ".join(said.content.decode().split())
    assert "15(2)" in page
    assert "<del>" in page
    scene.publish(notice)
    entry = entry_of(notice)
    assert _cited(entry) == ["15(2)", "17(4)"]
    assert entry is not None
    assert entry.version == 2
    change = Change.objects.latest("number")
    assert (change.kind, "citations" in change.fields) == ("changed", True)
    address = entry.get_absolute_url()
    assert address not in client.get("/register/", {"regulation": "6(5)(b)"}).content.decode()
    assert address in client.get("/register/", {"regulation": "15(2)"}).content.decode()
    assert not IndexLine.objects.filter(kind="provision", key="6(5)(b)").exists()
    assert entry.employer_name in client.get("/register/regulations/15(2)/").content.decode()
    assert _updated(client, "regulation=15(2)") > before
    assert _updated(client, "regulation=6(5)(b)") == []
    assert {each.provision.reference for each in notice.breaches.all()} == {"6(5)(b)", "17(4)"}
    assert first_broken_link() is None


def test_a_correction_of_provisions_outlives_what_changes_beside_it_and_follows_their_words(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    _correct(scene, notice, "15(2)")
    scene.publish(notice)
    Provision.objects.filter(reference="15(2)").update(own_words="The same, said better.")
    Provision.objects.filter(reference="6(5)(b)").update(own_words="This too.")
    scene.do(notice, services.record_compliance, complied_on=clock.today(), how="evidence")
    (stands,) = open_of(notice).content["citations"]
    assert (stands["reference"], stands["own_words"]) == ("15(2)", "The same, said better.")


def test_once_the_tribunal_changes_the_provisions_the_correction_no_longer_holds(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    _correct(scene, notice, "15(2)")
    scene.publish(notice)
    scene.do(notice, services.record_appeal, lodged_on=clock.today(), late_with_leave=True)
    changed = {"changes": "One provision less.", "provisions": provisions("17(4)")}
    scene.do(notice, services.dispose_appeal, outcome="modified", on=clock.today(), **changed)
    assert [each["reference"] for each in open_of(notice).content["citations"]] == ["17(4)"]


def test_a_provision_is_cited_as_it_stood_on_the_day_of_the_breach(scene: Scene, travel: Travel) -> None:
    notice = published(scene, travel)
    old = Provision.objects.in_force_on(BEFORE_OCTOBER).get(reference="15(2)")
    with pytest.raises(ValidationError, match="was not in force on 3 March 2025") as refused:
        _correct(scene, notice, citations=[old])
    assert set(refused.value.message_dict) == {"citations"}
    made = _correct(scene, notice, citations=[old], breach_on=BEFORE_OCTOBER)
    assert made.content["citations"][0]["in_force_to"] == "2024-09-30"


def test_another_day_of_the_breach_alone_must_fit_the_provisions_that_stand(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel, provisions=provisions("15(2)"))
    with pytest.raises(ValidationError, match="was not in force on") as refused:
        scene.do(notice, gate.correct_entry, scene.inspector, why=WHY, changes={"breach_on": BEFORE_OCTOBER})
    assert set(refused.value.message_dict) == {"citations"}


def test_an_improvement_notice_names_a_provision_and_the_same_again_is_nothing_new(
    scene: Scene, travel: Travel
) -> None:
    notice = published(scene, travel)
    events = Event.objects.count()
    with pytest.raises(ValidationError, match="at least one provision"):
        _correct(scene, notice)
    Provision.objects.filter(reference="17(4)").update(own_words="Said better.")
    with pytest.raises(NotAllowedNow, match="already"):
        gate.correct_imported(
            slug=_imported().slug,
            by=scene.inspector,
            version=1,
            why=WHY,
            changes={"citations": list(_catalogued(_imported()))},
        )
    assert (Event.objects.count(), Proposal.objects.count()) == (events, 1)


def _imported() -> RegisterEntry:
    list(import_entries(PUBLISHED))
    return RegisterEntry.objects.filter(origin="published_by_cqc").earliest("pk")


def _catalogued(entry: RegisterEntry) -> Any:
    for each in entry.citations.all():
        yield Provision.objects.get(
            instrument=each.instrument, reference=each.reference, in_force_from=each.in_force_from
        )


def test_an_imported_entry_cites_what_two_people_made_of_it(scene: Scene) -> None:
    entry = _imported()
    (wanted,) = provisions("17(1)", on=entry.breach_on)
    changes = {"citations": [wanted]}
    made = gate.correct_imported(slug=entry.slug, by=scene.inspector, version=1, why=WHY, changes=changes)
    gate.approve_imported(proposal=made, by=scene.manager)
    entry.refresh_from_db()
    assert (_cited(entry), entry.version) == (["17(1)"], 2)
    assert entry.provisions_in_words == str(wanted)


def test_the_box_offers_what_was_in_force_on_the_day_of_the_breach(scene: Scene, travel: Travel) -> None:
    entry = _imported()
    page = reverse("admin:gate_proposal_correct", args=[entry.slug])
    inspector = browser(scene.inspector)
    form = inspector.get(page).context["form"]
    box = form.fields["citations"]
    assert set(box.queryset) == set(
        Provision.objects.in_force_on(entry.breach_on).exclude(instrument__startswith="HSWA")
    )
    assert set(box.initial) == {each.pk for each in _catalogued(entry)}
    typed = {each.name: each.value() or "" for each in form} | {"why": WHY}
    assert inspector.post(page, typed).status_code == 409
    today = Provision.objects.in_force_on(clock.today()).get(reference="15(2)")
    wrong = inspector.post(page, typed | {"citations": [today.pk]})
    assert wrong.status_code == 400
    assert "Choose from those that were" in wrong.content.decode()
    assert inspector.post(page, typed | {"citations": ["9" * 40]}).status_code == 400
    (other,) = provisions("17(1)", on=entry.breach_on)
    assert inspector.post(page, typed | {"citations": [other.pk]}).status_code == 302
