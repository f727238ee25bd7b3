"""Any text in any box of any page that takes a form: answered, kept on the page, and nothing half done.

The pages are those of the URLconf: an employer's, the checker's, and those behind a link in a letter.
"""

from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import SignOff
from regulator.accounts.models import User
from regulator.organisations.models import ApiKey, Employer, Invitation, Membership, Modality, Site
from tests.notifications import programs
from tests.notifications.addresses import ROUTES, Route, Scene, controls, text_boxes
from tests.notifications.pages import boxes, browser, problems, text
from tests.notifications.test_sign_off import link, opened
from tests.organisations.test_invitations import link as link_of_invitation

pytestmark = pytest.mark.usefixtures("reference", "empty_cache")

PAGES: Final = {route.name: route for route in ROUTES if not route.of_api}
COUNTS_WHAT_IS_WRONG: Final = {"sign_off:code"}
"""Pages that note a refusal: after so many wrong codes there is no more asking."""
ANSWERS_AT_ONCE: Final = {"digest:stop"}
"""Pages without a box: the one click by which a mail program ends letters is done, not sent on (RFC 8058)."""
ANY_TEXT: Final = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.sampled_from(
        ["", " ", "\x00", "0", "-1", "1e999", "NaN", "x" * 100_001, "</textarea><b>", "{{ 7*7 }}"]
    ),
    st.integers().map(str),
    st.decimals().map(str),
)
QUIET: Final = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)


def stored() -> tuple[Any, ...]:
    """Everything that a page may write, as it stands."""
    tables: tuple[Any, ...] = (SignOff, Employer, Site, Membership, ApiKey, Invitation, User)
    return (programs.stored(), *(list(table.objects.order_by("pk").values()) for table in tables))


def same(typed: str, shown: str) -> bool:
    """As a browser would send it again: how it is indented in the page's source is not looked at."""
    return typed.split() == shown.split()


def there(scene: Scene, route: Route) -> tuple[Client, list[str]]:
    """A browser of somebody who may use the page, and the addresses of it."""
    if route.name.startswith("sign_off:"):
        scene.sign_off()
        path = link("mpe@example.invalid")
        client = browser() if route.name == "sign_off:start" else opened(path, "mpe@example.invalid")
        return client, [path + route.pattern.partition("<str:token>/")[2]]
    if route.name == "invitation:open":
        scene.invitation()
        return browser(), [link_of_invitation()]
    return browser(scene.lead()), scene.addresses(route)


def main_part(client: Client, address: str) -> str:
    """What a page shows below its header; nothing of a file."""
    shown: Any = client.get(address)
    is_page = str(shown.get("Content-Type")).startswith("text/html")
    return text(shown).partition("<main")[2].partition("</main>")[0] if is_page else ""


def takes_a_form(client: Client, address: str) -> bool:
    with transaction.atomic():
        answer = client.post(address)
        transaction.set_rollback(True)
    return answer.status_code != 405


@pytest.mark.parametrize("name", PAGES)
def test_whatever_is_sent_is_answered_and_kept_and_nothing_is_half_done(name: str) -> None:
    scene = Scene(modality=Modality.NUCLEAR_MEDICINE)
    client, addresses = there(scene, PAGES[name])
    for address in addresses:
        if takes_a_form(client, address):
            hammer(client, name, address)
        else:
            assert 'method="post"' not in main_part(client, address), address


def hammer(client: Client, name: str, address: str) -> None:
    """Change boxes that people type into; and whatever else the form sends, and what no form has."""
    shown: Any = client.get(address)
    sound, typed_into = boxes(shown), text_boxes(text(shown))
    others = sorted({*controls(text(shown)), "nonsense"} - set(typed_into))
    before = stored()

    # Each text that must not be taken is sent to every box in test_pages_nonsense: what is drawn here are
    # words beside it, and boxes that do not go together. The pages have one engine, so a few of each do.
    @settings(QUIET, max_examples=6 if typed_into else 3)
    @given(
        st.dictionaries(st.sampled_from(typed_into), ANY_TEXT, min_size=1) if typed_into else st.just({}),
        st.dictionaries(st.sampled_from(others), ANY_TEXT, max_size=2),
    )
    def sent(typed: dict[str, str], changed: dict[str, str]) -> None:
        cache.clear()
        with transaction.atomic():
            answer = client.post(address, sound | changed | typed)
            after = stored() if answer.status_code != 302 else before
            transaction.set_rollback(True)
        if name in ANSWERS_AT_ONCE:
            assert answer.status_code == 200, address
            return
        assert answer.status_code in (302, 400, 409), address
        if answer.status_code == 302:
            return
        assert after == before or name in COUNTS_WHAT_IS_WRONG, address
        assert problems(answer), address
        kept = boxes(answer)
        lost = [each for each, value in typed.items() if not same(value, kept[each][0])]
        assert not lost, f"{address}: {lost}"

    sent()


@pytest.mark.parametrize(
    "name",
    [
        *("notifications:start", "notifications:edit", "notifications:check", "notifications:sign-off"),
        *("notifications:amend_section", "notifications:more_time", "notifications:report_section"),
        *("notifications:discard", "criteria:draft", "organisations:invite", "organisations:role"),
        *("sign_off:start", "sign_off:code", "sign_off:read", "invitation:open"),
    ],
)
def test_the_walk_reaches_every_kind_of_form(name: str) -> None:
    client, [address, *_] = there(Scene(), PAGES[name])
    assert takes_a_form(client, address)
    assert 'method="post"' in main_part(client, address)
