"""The desk under the strict content security policy: nothing inline on any of its pages."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from regulator.accounts.roles import Role
from regulator.casework.models import Case


class Inline(HTMLParser):
    """Collects what a policy without ``unsafe-inline`` would block."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and not names.get("src")):
            self.found.append(tag)
        self.found.extend(name for name in names if name == "style" or re.match(r"on[a-z]+$", name))
        self.found.extend(str(value) for value in names.values() if str(value).startswith("javascript:"))


PAGES = [
    (Role.CASE_OFFICER, "/desk/"),
    (Role.CASE_OFFICER, "/desk/casework/case/"),
    (Role.CASE_OFFICER, "/desk/casework/case/?q=nothing"),
    (Role.CASE_OFFICER, "/desk/casework/case/?risk=0&o=due&page=last"),
    (Role.CASE_OFFICER, "/desk/casework/case/kind/notification/"),
    (Role.CASE_OFFICER, "/desk/casework/case/save/?risk=3"),
    (Role.CASE_OFFICER, "/desk/casework/case/views/"),
    (Role.CASE_OFFICER, "/desk/casework/case/together/assign/?case={case}.1"),
    (Role.CASE_OFFICER, "/desk/casework/case/together/triage/?case={case}.1"),
    (Role.CASE_OFFICER, "/desk/casework/case/{case}/"),
    (Role.CASE_OFFICER, "/desk/casework/case/{case}/timeline/"),
    (Role.CASE_OFFICER, "/desk/casework/case/{case}/do/look/"),
    (Role.CASE_OFFICER, "/desk/casework/case/{case}/do/finish/"),
    (Role.CASE_OFFICER, "/desk/casework/case/{case}/do/attach/"),
    (Role.ADMINISTRATOR, "/desk/accounts/user/"),
    (Role.ADMINISTRATOR, "/desk/accounts/user/add/"),
    (Role.ADMINISTRATOR, "/desk/organisations/employer/{employer}/change/"),
    (Role.ADMINISTRATOR, "/desk/organisations/employer/{employer}/history/"),
    (Role.ADMINISTRATOR, "/desk/organisations/membership/add/"),
    (Role.ADMINISTRATOR, "/desk/organisations/"),
]


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_a_page_carries_the_policy_and_nothing_inline(
    signed_in: Callable[[Role], Client], case: Case, role: Role, address: str
) -> None:
    answer = signed_in(role).get(address.format(case=case.pk, employer=case.employer_id))
    assert answer.status_code in (200, 409)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = Inline()
    page.feed(answer.content.decode())
    assert page.found == []


def test_the_sign_in_page_carries_the_policy_too(client: Client, db: None) -> None:
    answer = client.get(reverse("account_login"))
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_a_form_without_its_token_is_refused(signed_in: Callable[[Role], Client], case: Case) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(Role.CASE_OFFICER).cookies
    answer = strict.post(reverse("admin:casework_case_do", args=[case.pk, "note"]), {"text": "x"})
    assert answer.status_code == 403
    assert case.notes.count() == 0
