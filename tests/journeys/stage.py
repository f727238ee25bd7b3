"""How people act on the pages: signing in, answering questions by their labels, a whole notification."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from regulator.accounts.models import User
from regulator.organisations.models import Modality

WITH_AND_WITHOUT: Final = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
"""A journey that is made twice: with JavaScript, and in a browser that has none."""
PASSWORD: Final = "four quiet grey herons"


DECLARED: Final = "This is true as far as the employer knows today"


class Radio(str):
    """One of the radios of a question, by how its label begins."""


class Option(str):
    """One of the options of a list."""


class Tick(str):
    """One of the boxes of a question, by how its label begins."""


Answers = Mapping[str, str | date | bool]
"""``True`` ticks a box that stands alone, such as a declaration."""


def sign_in(page: Page, user: User) -> None:
    """Through the sign-in page, with a password of their own."""
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    page.goto("/account/login/")
    page.get_by_label("Email address").fill(user.email)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Sign out", exact=True)).to_be_visible()


def enter(page: Page, user: User, portal: str) -> None:
    """Let ``user`` be signed in, as if through the sign-in page: what the session held before stays in it."""
    client = _beside(page, portal)
    client.force_login(user)
    _take_over(page, client, portal)


def confirm(page: Page, password: str, portal: str) -> None:
    """Give the password once more, as sensitive pages ask."""
    client = _beside(page, portal)
    client.post("/account/reauthenticate/", {"password": password})
    _take_over(page, client, portal)


def _beside(page: Page, portal: str) -> Client:
    """A client in the session of the page's browser."""
    client = Client()
    for cookie in page.context.cookies(portal):
        if cookie.get("name") == settings.SESSION_COOKIE_NAME:
            client.cookies[settings.SESSION_COOKIE_NAME] = cookie.get("value", "")
    return client


def _take_over(page: Page, client: Client, portal: str) -> None:
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": portal}])


def answer(page: Page, answers: Answers) -> None:
    """Answer each question, found by its label, in the way that its answer calls for."""
    for question, given in answers.items():
        if given is True:
            page.get_by_label(question).check()
        elif isinstance(given, date):
            for part, number in (("Day", given.day), ("Month", given.month), ("Year", given.year)):
                _question(page, question).get_by_label(part).fill(str(number))
        elif isinstance(given, Radio | Tick):
            role: Literal["radio", "checkbox"] = "radio" if isinstance(given, Radio) else "checkbox"
            _question(page, question).get_by_role(role, name=re.compile(f"^{given}")).check()
        elif isinstance(given, Option):
            page.get_by_label(question).select_option(label=str(given))
        else:
            _box(page, question).fill(str(given))


def _question(page: Page, question: str) -> Locator:
    return page.get_by_role("group", name=question)


def _box(page: Page, question: str) -> Locator:
    """The text box of that label, which says its unit after a comma where it has one."""
    label = re.sub(r"([?().])", r"\\\1", question)
    return page.get_by_role("textbox", name=re.compile(rf"^{label}( ?, in .+)?$"))


def start(page: Page, modality: Modality, kind: str = "Required by regulation 8") -> None:
    """From the employer's home to the sections of a new draft."""
    page.get_by_role("button", name="Notify an incident").click()
    answer(
        page,
        {
            "What are you telling CQC of?": Radio(kind),
            "In which modality did the incident happen?": Radio(modality.label),
        },
    )
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="Change the kind of notification")).to_be_visible()


def save_and_continue(page: Page) -> None:
    page.get_by_role("button", name="Save and continue").click()


def fill_from(page: Page, section: str, sections: Mapping[str, Answers]) -> None:
    """Every section from ``section`` on, each on its page, up to the check page."""
    titles = list(sections)
    for title in titles[titles.index(section) :]:
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        answer(page, sections[title])
        save_and_continue(page)
    expect(page.get_by_role("heading", name="Check your answers")).to_be_visible()


def declare_and_submit(page: Page) -> str:
    """Submit from the check page and go on to the notification; answers its reference."""
    page.get_by_label(DECLARED).check()
    page.get_by_role("button", name="Submit the notification").click()
    expect(page.get_by_role("heading", name="Notification submitted")).to_be_visible()
    page.get_by_role("link", name="the page for this notification").click()
    expect(page.get_by_role("heading", name="What you told CQC")).to_be_visible()
    return page.url.rstrip("/").rpartition("/")[2]


_TITLES: Final = {
    "exposure": "The exposure",
    "course": "The course of treatment",
    "images": "Planning and verification images",
}


def _sections(kind: str, **exposures: Answers) -> dict[str, Answers]:
    return {
        "The incident": {
            "Sub-modality": Radio(kind),
            "What kind of exposure was it?": Radio("Accidental"),
            "When did it happen?": date(2026, 3, 1),
            "When was it discovered?": date(2026, 3, 2),
            "How was it discovered?": "By an operator who compared the request with the images.",
        },
        "Who was exposed": {
            "How many people were exposed?": "1",
            "Who was exposed?": Radio("Adult"),
            "Age band": Radio("40 to 64"),
            "Pregnancy or breastfeeding enquiry": Radio("Not applicable"),
            "Was it clinically significant?": Radio("No"),
        },
        **{_TITLES[name]: answers for name, answers in exposures.items()},
        "Why it is notifiable": {"Which criterion does it meet?": Radio("1: ")},
        "What happened and why": {
            "Examination or treatment": "CT chest, abdomen and pelvis",
            "Part of the body": "Trunk",
            "Side": Radio("Not applicable"),
            "What happened?": "The request was written for another patient of the same ward. Operator A "
            "did not complete the identity check before the scan.",
            "What was done at once?": "The list was stopped and the lead practitioner was told.",
            "What does the preliminary investigation show?": "Two requests lay in one tray.",
            "Who was involved?": Tick("Operator"),
        },
        "Who was told, and whom to contact": {
            "Has the person, or their representative, been told?": Radio("Yes"),
            "Have the referrer and the practitioner been told?": Radio("Yes"),
            "Whom should CQC contact? Give the role": "Radiation protection lead",
        },
        "Learn from patient safety events (LfPSE)": {"Is this incident on LfPSE as well?": Radio("No")},
    }


SECTIONS: Final[dict[Modality, dict[str, Answers]]] = {
    Modality.DIAGNOSTIC_IMAGING: _sections(
        "CT",
        exposure={
            "Intended effective dose": "0",
            "Actual effective dose": "12.4",
            "How was the dose estimated?": "From the dose report of the scanner",
            "Was a medical physics expert involved in the estimate?": Radio("Yes"),
            "Was a tissue reaction observed?": Radio("No"),
        },
    ),
    Modality.RADIOTHERAPY: _sections(
        "External beam therapy",
        course={
            "Prescribed dose": "60",
            "Fractions prescribed": "30",
            "Fractions affected": "1",
            "Delivered dose divided by intended dose, whole course": "1.12",
            "Was there a geographical miss?": Radio("None"),
        },
        images={"Verification images taken over the course": "30"},
    ),
    Modality.NUCLEAR_MEDICINE: _sections(
        "Diagnostic nuclear medicine",
        exposure={
            "Radiopharmaceutical intended": "Tc-99m HDP",
            "Radiopharmaceutical given": "Tc-99m MAA",
            "Activity prescribed": "600",
            "Activity administered": "110",
            "Route of administration": "Intravenous",
            "Effective dose": "3.2",
        },
    ),
}
"""A notification of each modality, as its sections ask for it."""

LICENCE_BREACH: Final[dict[str, Answers]] = {
    "The licence and the breach": {
        "What was wrong with the licence?": Radio("The procedure is not on the licence"),
        "Employer licence number": "INVENTED-0001",
        "ARSAC procedure code": "1a2b",
        "Radiopharmaceutical or source used": "Tc-99m HDP",
    },
    "The administrations": {
        "Sub-modality": Radio("Diagnostic nuclear medicine"),
        "Examination or treatment": "Bone scan",
        "How many administrations?": "4",
        "When was the first?": date(2026, 2, 2),
        "When was the last, if there were several?": date(2026, 2, 20),
        "When was the breach discovered?": date(2026, 3, 2),
    },
    "What happened and why": {
        "What happened?": "Four patients had a bone scan that the licence does not list.",
        "What was done to put it right?": "The licence was amended before the next administration.",
        "Who was involved?": Tick("Practitioner"),
    },
    "Who was told, and whom to contact": {
        "When was the ARSAC Support Unit told?": date(2026, 3, 3),
        "Whom should CQC contact? Give the role": "Lead practitioner",
    },
}
"""A breach of a licence, as its sections ask for it."""
