"""What would settle an answer, and what was answered: each is one click away, whatever else is not known."""

import re
from collections.abc import Callable, Iterable
from functools import cache
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notifications.criteria.check import check
from notifications.criteria.facts import FACTS
from notifications.criteria.incident import Incident
from tests.notifications.criteria.drawn import partly_known, said
from tests.notifications.criteria.golden import READ_ON, GoldenCase, cases, told

pytestmark = pytest.mark.django_db  # which editions hold is asked; none does here
SHARES = 4


@cache
def kinds() -> list[GoldenCase]:
    """One line of the golden file for each combination of what is answered and what is missing."""
    found = {(frozenset(case.facts), check(told(case.facts)).missing): case for case in cases()}
    return list(found.values())


def links(page: str) -> list[str]:
    """The addresses behind “What would settle it” and “Change”."""
    return [unescape(href) for href in re.findall(r'href="(/check/[a-z-]+/\?[^"]*#id_[a-z_]+)"', page)]


SEEN: set[tuple[str, frozenset[str]]] = set()
"""What was asked with what answered, over all tests here: such a page is looked at once."""


def lead_somewhere(client: Client, facts: dict[str, str], seen: set[tuple[str, frozenset[str]]]) -> int:
    """Follow each link of the answer; how many there were. The page behind it asks that very question."""
    answer = client.get(reverse("criteria:answer"), facts)
    assert answer.status_code == 200
    page = answer.content.decode()
    found = links(page)
    for href in found:
        address, _, box = href.partition("#")
        asked = (box, frozenset(name for name, _ in parse_qsl(urlsplit(address).query)))
        if asked in seen:
            continue
        seen.add(asked)
        shown: Any = client.get(address)
        assert shown.status_code == 200, (href, facts)
        assert f'id="{box}"' in shown.content.decode(), (href, facts)
    missing = check(told(facts)).missing
    assert {name for name in missing if FACTS[name].question in unescape(page)} == set(missing)
    return len(found)


@pytest.mark.parametrize("share", range(SHARES))
def test_every_question_that_would_settle_a_line_can_be_answered(share: int, client: Client) -> None:
    followed = [lead_somewhere(client, case.facts, SEEN) for case in kinds()[share::SHARES]]
    assert sum(followed) > len(followed)


EVERYTHING = {
    "country": "england",
    "event": "exposure",
    "occurred_on": "2023-03-31",
    "occurred_until": "2023-05-02",
    "modality": "radiotherapy",
    "exposure_kind": "unintended",
    "number_exposed": "1",
    "person": "adult",
    "clinically_significant": "no",
    "planning_scan_affected": "yes",
    "verification_affected": "no",
    "treatment_affected": "no",
}


def of_each(names: Iterable[str]) -> Callable[[Any], Any]:
    """Examples that are always tried: each of ``names`` alone."""

    def with_examples(test: Any) -> Any:
        for name in names:
            test = example({name})(test)
        return test

    return with_examples


@settings(deadline=None, max_examples=8)
@given(st.sets(st.sampled_from(sorted(EVERYTHING)), min_size=2, max_size=5))
@of_each(EVERYTHING)
def test_i_do_not_know_is_never_a_dead_end(unknown: set[str]) -> None:
    """Whatever is answered “I do not know”, each question on the answer page leads to a page that asks it."""
    facts = EVERYTHING | {
        name: "unknown" for name in unknown if name not in ("occurred_on", "occurred_until")
    }
    if "occurred_on" in unknown:
        facts = {name: said for name, said in facts.items() if not name.startswith("occurred")}
    lead_somewhere(Client(), facts, set())


@settings(deadline=None, max_examples=12)
@given(partly_known().filter(lambda one: (one.occurred_until or READ_ON) <= READ_ON))
def test_whatever_is_answered_every_page_is_shown_and_every_link_leads_on(incident: Incident) -> None:
    facts = said(incident)
    assert told(facts) == incident
    lead_somewhere(Client(), facts, set())


@pytest.mark.parametrize("lost", ["country", "event", "modality"])
def test_the_questions_go_on_after_i_do_not_know(lost: str, client: Client) -> None:
    known = {"country": "england", "event": "exposure", "modality": "diagnostic_imaging"}
    address = reverse("criteria:questions", args=["where"])
    answers = {"country": known["country"], "event": known["event"]} | {lost: "unknown", "go": "1"}
    answers.pop("modality", None)
    shown: Any = client.get(address, answers)
    assert "/check/when/" in shown["Location"]
    boxes = {f"occurred_on_{part}": value for part, value in (("day", "5"), ("month", "1"), ("year", "2026"))}
    earlier = dict(parse_qsl(urlsplit(shown["Location"]).query))
    modality = "unknown" if lost == "modality" else known["modality"]
    shown = client.get("/check/when/", earlier | boxes | {"modality": modality, "go": "1"})
    assert "/check/who/" in shown["Location"]
    who = client.get(shown["Location"]).content.decode()
    assert all(f'name="{name}"' in who for name in ("exposure_kind", "number_exposed", "person"))


def test_several_people_need_no_modality(client: Client) -> None:
    facts = {"country": "england", "event": "exposure", "occurred_on": "2026-01-05", "number_exposed": "4"}
    page = client.get(reverse("criteria:answer"), facts).content.decode()
    assert "This is notifiable to CQC" in page
    assert "4 people were exposed" in page
    assert "Multiple individuals" in page


def test_without_country_or_event_nothing_is_for_cqc(client: Client) -> None:
    facts = EVERYTHING | {"intended_effective_dose": "3 mSv", "total_effective_dose": "40 mSv"}
    for lost in ("country", "event"):
        less = {name: said for name, said in facts.items() if name != lost}
        page = client.get(reverse("criteria:answer"), less).content.decode()
        assert "We cannot tell from these answers" in page
        assert "Give code" not in page
        assert "Make a draft" not in page
        assert FACTS[lost].question in unescape(page)
