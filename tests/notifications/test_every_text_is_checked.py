"""Every box into which an employer, or who signs for them, writes words is checked for identifiers.

Pages are walked as the URLconf has them and services as they are listed: a new text that is not checked
fails here.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from enforcement.compliance import services as answering
from inspections.plans import services as planning
from notifications import services
from notifications.content import ActionContent, DraftContent, ReportContent, content_of
from notifications.models import Correction, Notification, SignOff
from regulator import clock
from regulator.accounts.roles import Role
from regulator.casework.chain import first_broken_link
from regulator.casework.confirmation import IdentifierConfirmation
from regulator.casework.links import case_path
from regulator.casework.models import Event
from regulator.casework.services import IdentifiersFound
from regulator.deadlines.models import ExtensionRequest
from regulator.organisations.models import Modality
from tests.factories import Cast, member, notification_in, staff
from tests.notifications.addresses import Scene, controls, posted_pages, text_boxes
from tests.notifications.pages import boxes, browser, problems, send, text
from tests.notifications.test_sign_off import link, opened

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "empty_cache")]

NAMED: Final = "Mr Patel"
WHY: Final = "An invented name of the training material."
SOUND: Final = {
    "asked_until_day": "30",
    "asked_until_month": "6",
    "asked_until_year": "2026",
    "role": "mpe",
    "email": "mpe@example.invalid",
    "declaration": "true",
    "strength": "barrier",
    "planned_for_day": "30",
    "planned_for_month": "6",
    "planned_for_year": "2026",
    "owner_role": "Lead radiographer",
}
"""What a form needs beside its texts."""
ASKED_FOR: Final = {"contact_phone", "email"}
"""Boxes that ask for an office's number or a colleague's address, and for nothing else."""
EXPECTED: Final = {
    *("narrative", "how_discovered", "estimation_method", "radiopharmaceutical_given", "lfpse_id"),
    *("what_happened", "corrective_measures", "answer", "reason", "message"),
}


def test_no_box_of_any_page_takes_a_name() -> None:
    """Of each modality. A page that has the very boxes that it had of another is not typed into again."""
    tried: set[tuple[str, ...]] = set()
    found = {modality: names_refused(modality, tried) for modality in Modality}
    of_any: set[str] = set().union(*found.values())
    assert of_any >= EXPECTED
    assert "estimation_method" in found[Modality.DIAGNOSTIC_IMAGING]
    assert "radiopharmaceutical_given" in found[Modality.NUCLEAR_MEDICINE]


def names_refused(modality: Modality, tried: set[tuple[str, ...]]) -> set[str]:
    """The boxes in which a name was refused, on each page with a form that is not among those ``tried``."""
    scene = Scene(modality=modality)
    client = browser(member(scene.cast.employer, Role.EMPLOYER_LEAD))
    found: set[str] = set()
    for route in posted_pages(Role.EMPLOYER_LEAD):
        if route.name.startswith("organisations:"):
            continue  # there an employer names its own people and sites
        for address in scene.addresses(route):
            shown: Any = client.get(address)
            if not str(shown.get("Content-Type")).startswith("text/html"):
                continue
            page = (route.name, address.rpartition("/")[0].rpartition("/")[2], *controls(text(shown)))
            if page in tried:
                continue
            tried.add(page)
            names = [name for name in text_boxes(text(shown)) if name not in ASKED_FOR]
            sound = boxes(shown) | SOUND
            sound |= {
                name: "Words." for name in names if re.search(f'<textarea[^>]* name="{name}"', text(shown))
            }
            for day in ("done_on", "lodged_on"):
                sound |= {f"{day}_{part}": getattr(clock.today(), part) for part in ("day", "month", "year")}
            for name in names:
                with transaction.atomic():
                    answer: Any = client.post(address, sound | {name: NAMED} | a_file(text(shown)))
                    transaction.set_rollback(True)
                assert answer.status_code == 400, f"{address} takes {name}"
                said = problems(answer)
                if any("identify somebody" in each for each in said):
                    found.add(name)
                else:  # a number or a date, which no name is
                    whole = re.sub("_(day|month|year)$", "", name)
                    assert f'href="#id_{whole}' in text(answer), f"{address} {name}: {said}"
    return found


def a_file(shown: str) -> dict[str, Any]:
    """One that nothing is wrong with, for a page that asks for one."""
    return {"file": SimpleUploadedFile("log.txt", b"The log.")} if 'type="file"' in shown else {}


WITHOUT: Final = {
    "change_kind": "a choice",
    "decide_on_pattern": "an identifier is refused outright: on several cases at once",
    "send_code": "a network address",
    "enter_code": "the code",
    "sign": "the digest of what was read",
    "accept_evidence": "a choice",
}


def test_every_service_that_takes_words_checks_them() -> None:
    taken = set()
    every = {name: getattr(services, name) for name in services.__all__}
    for room in (planning, answering):
        every |= {name: getattr(room, name) for name in room.__all__}
    for name, service in every.items():
        given = inspect.signature(service).parameters
        typed = (str, DraftContent, ReportContent, ActionContent)
        words = any(each.annotation in typed for each in given.values())
        if words and "identifies_nobody" not in given:
            taken.add(name)
    assert taken == set(WITHOUT)


Deed = Callable[[Cast, str], object]


def _save_correction(cast: Cast, why: str) -> object:
    made = notification_in("submitted", cast=cast)
    content = replace(content_of(made), narrative=NAMED)
    return services.save_correction(
        notification=made, by=cast.reporter, version=1, content=content, identifies_nobody=why
    )


def _amend(cast: Cast, why: str) -> object:
    made = notification_in("submitted", cast=cast)
    content = replace(content_of(made), immediate_actions="The list was closed.")
    services.save_correction(notification=made, by=cast.reporter, version=1, content=content)
    return services.amend(notification=made, by=cast.reporter, version=2, reason=NAMED, identifies_nobody=why)


def _ask_more_time(cast: Cast, why: str) -> object:
    made = notification_in("awaiting_report", cast=cast)
    return services.ask_more_time(
        notification=made,
        by=cast.reporter,
        version=made.case.version,
        asked_until=date(2026, 6, 30),
        reason=f"{NAMED} is away.",
        identifies_nobody=why,
    )


def _ask_for_sign_off(cast: Cast, why: str) -> object:
    return services.ask_for_sign_off(
        notification=notification_in("draft", cast=cast),
        by=cast.reporter,
        role="mpe",
        email="mpe@example.invalid",
        message=f"It was {NAMED}.",
        identifies_nobody=why,
    )


def _send_back(cast: Cast, why: str) -> object:
    asked = services.ask_for_sign_off(
        notification=notification_in("draft", cast=cast),
        by=cast.reporter,
        role="mpe",
        email="mpe@example.invalid",
    )
    return services.send_back(sign_off=asked, comment=f"It was {NAMED}.", identifies_nobody=why)


def _written() -> tuple[int, ...]:
    return (
        Correction.objects.exclude(content="").filter(content__contains=NAMED).count(),
        ExtensionRequest.objects.count(),
        SignOff.objects.exclude(message="", comment="").count(),
        Event.objects.filter(type="notifications.amended").count(),
        IdentifierConfirmation.objects.count(),
    )


@pytest.mark.parametrize("deed", [_save_correction, _amend, _ask_more_time, _ask_for_sign_off, _send_back])
def test_a_name_is_refused_and_nothing_is_kept_until_there_is_a_reason(deed: Deed) -> None:
    with pytest.raises(IdentifiersFound):
        deed(Cast(), "")
    assert sum(_written()) == 0
    deed(Cast(), WHY)
    assert sum(_written()) == 2
    assert IdentifierConfirmation.objects.get().reason == WHY
    assert first_broken_link() is None


def test_what_cqc_was_told_already_is_not_asked_about_in_a_correction() -> None:
    cast = Cast()
    made = notification_in("submitted", cast=cast)
    Notification.objects.filter(pk=made.pk).update(narrative=NAMED)  # told before texts were checked
    client = browser(cast.reporter)
    page = f"/notifications/{made.case.reference}/amend/circumstances/"
    assert send(client, page, anatomy="Chest").status_code == 302
    refused = send(client, page, immediate_actions=f"{NAMED} and Dr O’Connor were told.")
    assert refused.status_code == 400
    assert Correction.objects.get().version == 2


def test_what_was_confirmed_in_a_section_is_not_asked_about_when_the_correction_is_sent() -> None:
    cast = Cast()
    made = notification_in("submitted", cast=cast)
    client = browser(cast.reporter)
    page = f"/notifications/{made.case.reference}/amend/circumstances/"
    refused: Any = send(client, page, narrative=NAMED)
    assert (refused.status_code, boxes(refused)["narrative"]) == (400, [NAMED])
    assert client.post(page, boxes(refused) | {"identifies_nobody": WHY}).status_code == 302
    whole = f"/notifications/{made.case.reference}/amend/"
    assert send(client, whole, reason="A slip.").status_code == 302
    assert IdentifierConfirmation.objects.count() == 1


def test_an_unchecked_correction_is_asked_about_when_it_is_sent() -> None:
    scene = Scene()
    made = scene.case("correcting")
    held = Correction.objects.get()
    held.content = held.content.replace("The list was closed.", NAMED)
    held.save()
    client = browser(scene.cast.reporter)
    whole = f"/notifications/{made.case.reference}/amend/"
    refused: Any = send(client, whole, reason="A slip.")
    assert refused.status_code == 400
    assert problems(refused)[0].startswith("Immediate actions: This seems to identify somebody")
    assert boxes(refused)["reason"] == ["A slip."]
    assert client.post(whole, boxes(refused) | {"identifies_nobody": WHY}).status_code == 302


def test_who_signs_without_an_account_is_asked_too_and_the_desk_says_so() -> None:
    scene = Scene()
    scene.sign_off()
    path = link("mpe@example.invalid")
    signer = opened(path, "mpe@example.invalid")
    page = f"{path}read/"
    refused: Any = send(signer, page, decision="send_back", comment=f"It was {NAMED}.")
    assert refused.status_code == 400
    assert "This identifies nobody because" in text(refused)
    assert boxes(refused)["comment"] == [f"It was {NAMED}."]
    assert IdentifierConfirmation.objects.count() == 0
    again = boxes(refused) | {"decision": "send_back", "identifies_nobody": WHY}
    assert signer.post(page, again)["Location"] == f"{path}done/"
    assert IdentifierConfirmation.objects.get().confirmed_by is None
    services.cancel_sign_off(
        notification=scene.case("draft"), sign_off=SignOff.objects.get(), by=scene.cast.reporter
    )
    draft = scene.case("draft")
    services.submit(notification=draft, by=scene.cast.reporter, version=draft.case.version)
    shown = text(browser(staff()).get(case_path(draft.case, for_staff=True)))
    assert "Somebody without an account" in shown
    assert first_broken_link() is None


def test_a_comment_is_not_lost_beside_a_signature() -> None:
    scene = Scene()
    scene.sign_off()
    path = link("mpe@example.invalid")
    signer = opened(path, "mpe@example.invalid")
    refused: Any = send(signer, f"{path}read/", decision="sign", comment="The dose is 8 mSv.")
    assert refused.status_code == 400
    assert boxes(refused)["comment"] == ["The dose is 8 mSv."]
    assert SignOff.objects.get().outcome == ""
