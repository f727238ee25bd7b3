"""Any text in any box of any of the employer's pages: answered, kept on the page, and nothing half done."""

import re
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import Correction, Notification, SignOff
from regulator.accounts.roles import Role
from regulator.casework.models import Case, Event
from regulator.deadlines.models import ExtensionRequest
from regulator.organisations.models import Modality
from tests.factories import member
from tests.notifications.addresses import BY_NAME, Route, Scene, posted_pages, text_boxes
from tests.notifications.pages import boxes, browser, problems, text

pytestmark = pytest.mark.usefixtures("reference", "empty_cache")

PAGES: Final = [route.name for route in posted_pages(Role.EMPLOYER_LEAD)]
ANY_TEXT: Final = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(
        ["", " ", "\x00", "0", "-1", "1e999", "NaN", "x" * 100_001, "</textarea><b>", "{{ 7*7 }}"]
    ),
    st.integers().map(str),
    st.decimals().map(str),
)
QUIET: Final = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def stored() -> tuple[Any, ...]:
    """Everything that a page may write, as it stands."""
    tables = (Case, Notification, Correction, SignOff, ExtensionRequest)
    return (Event.objects.count(), *(list(table.objects.order_by("pk").values()) for table in tables))


def same(typed: str, shown: str) -> bool:
    """As a browser would send it again: how it is indented in the page's source is not looked at."""
    return typed.split() == shown.split()


@pytest.mark.parametrize("name", PAGES)
def test_whatever_is_typed_is_answered_and_kept_and_nothing_is_half_done(name: str) -> None:
    scene = Scene(modality=Modality.NUCLEAR_MEDICINE)
    client = browser(member(scene.cast.employer, Role.EMPLOYER_LEAD))
    for address in scene.addresses(BY_NAME[name]):
        shown: Any = client.get(address)
        if str(shown.get("Content-Type")).startswith("text/html") and (names := text_boxes(text(shown))):
            hammer(client, BY_NAME[name], address, names)


def hammer(client: Any, route: Route, address: str, names: list[str]) -> None:
    sound = boxes(client.get(address))
    before = stored()

    @QUIET
    @given(st.dictionaries(st.sampled_from(names), ANY_TEXT, min_size=1))
    def sent(typed: dict[str, str]) -> None:
        cache.clear()
        with transaction.atomic():
            answer = client.post(address, sound | typed)
            after = stored() if answer.status_code != 302 else before
            transaction.set_rollback(True)
        assert answer.status_code in (302, 400, 409), address
        if answer.status_code == 302:
            return
        assert after == before, address
        assert problems(answer), address
        kept = boxes(answer)
        lost = [each for each, value in typed.items() if not same(value, kept[each][0])]
        assert not lost, f"{address}: {lost}"

    sent()


def test_the_walk_types_into_every_kind_of_page() -> None:
    assert {"start", "edit", "check", "sign-off", "amend", "amend_section", "more_time", "report"} <= {
        re.sub("^notifications:", "", name) for name in PAGES
    }
