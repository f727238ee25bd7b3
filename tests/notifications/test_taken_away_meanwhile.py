"""A colleague submits, discards or changes the kind of a draft while somebody writes: nothing is lost."""

from typing import Any

import pytest

from notifications import services
from notifications.models import Notification
from notifications.queries import whole
from tests.factories import Cast, EmployerFactory, member, notification_in
from tests.notifications.pages import boxes, browser, problems, text

pytestmark = pytest.mark.usefixtures("reference")

TYPED = "The list of the morning was mixed up."


@pytest.fixture
def cast() -> Cast:
    return Cast()


def page(draft: Notification, slug: str) -> str:
    return f"/notifications/draft/{draft.pk}/{slug}/"


def test_what_was_typed_stays_when_a_colleague_submits(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(page(draft, "circumstances"))) | {"narrative": [TYPED]}
    sent = services.submit(notification=draft, by=cast.reporter, version=draft.case.version)
    answer: Any = client.post(page(draft, "circumstances"), opened)
    assert (answer.status_code, boxes(answer)["narrative"]) == (409, [TYPED])
    assert any(f"submitted as {sent.case.reference}" in each for each in problems(answer))
    assert Notification.objects.get(pk=draft.pk).narrative != TYPED


def test_what_was_typed_stays_when_a_colleague_discards(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    client = browser(cast.reporter)
    opened = boxes(client.get(page(draft, "circumstances"))) | {"narrative": [TYPED]}
    services.discard(notification=draft, by=cast.reporter, version=draft.case.version)
    answer: Any = client.post(page(draft, "circumstances"), opened)
    assert (answer.status_code, boxes(answer)["narrative"]) == (409, [TYPED])
    assert any("was discarded" in each for each in problems(answer))


@pytest.mark.parametrize(
    ("slug", "typed"),
    [("people", {"number_exposed": "41"}), ("lfpse", {"lfpse_id": "LFPSE-41"}), ("criterion", {})],
)
def test_what_was_typed_stays_when_a_colleague_changes_the_kind(
    cast: Cast, slug: str, typed: dict[str, str]
) -> None:
    draft = notification_in("draft", cast=cast, modality="nuclear_medicine")
    client = browser(cast.reporter)
    opened = boxes(client.get(page(draft, slug))) | {name: [value] for name, value in typed.items()}
    stored = whole().get(pk=draft.pk)
    services.change_kind(
        notification=stored, by=cast.reporter, version=stored.case.version, basis="licence_breach"
    )
    answer: Any = client.post(page(draft, slug), opened)
    assert answer.status_code == 409
    shown = boxes(answer)
    assert {name: shown[name] for name in typed} == {name: [value] for name, value in typed.items()}
    assert any("does not belong to it any more" in each for each in problems(answer))
    assert client.get(page(draft, slug)).status_code == 404


def test_a_section_that_never_was_is_not_found_and_a_stranger_finds_none(cast: Cast) -> None:
    draft = notification_in("draft", cast=cast)
    assert browser(cast.reporter).post(page(draft, "nonsense"), {}).status_code == 404
    stranger = browser(member(EmployerFactory.create()))
    for slug in ("circumstances", "licence", "nonsense"):
        assert stranger.post(page(draft, slug), {"narrative": TYPED}).status_code == 404
    assert TYPED not in text(stranger.get(page(draft, "circumstances")))
