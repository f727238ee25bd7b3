"""The HTML part of a letter: the words of its text and nothing else; what is kept of it once it has left."""

import hashlib
import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils.safestring import SafeString
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from regulator import clock
from regulator.casework.models import Case, Event
from regulator.outbox.delivery import deliver_due
from regulator.outbox.html import LAYOUT, document, fragment
from regulator.outbox.letters import LETTERS, render
from regulator.outbox.models import Message
from regulator.outbox.payload import contexts
from regulator.outbox.services import enqueue
from regulator.outbox.texts import differences, present

HOME = "https://portal.example.invalid"


@pytest.fixture(autouse=True)
def _home(settings: Settings) -> None:
    settings.PORTAL_URL = HOME


class Reader(HTMLParser):
    """What a mail program shows, and of which elements it is made."""

    def __init__(self, part: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.paragraphs: list[str] = []
        self.inside = False
        self.feed(part)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(attrs)))
        if tag == "p":
            self.inside = True
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "p"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.paragraphs[-1] += data


def paragraphs_of(text: str) -> list[str]:
    return re.split(r"\n(?:[ \t]*\n)+", text.replace("\r\n", "\n").strip("\n"))


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)
PIECES = st.lists(
    st.one_of(
        TEXT,
        st.sampled_from(
            [
                "\n",
                "\n\n",
                "&amp;",
                "&#39;",
                "<script>",
                "</p>",
                "<!--",
                "]]>",
                f"{HOME}/a?b=1&c=<d>",
                '"',
                "{{",
            ]
        ),
    ),
    max_size=12,
).map("".join)


@given(PIECES)
@example("<p>&lt;b&gt;</p>\n\n<img src=x onerror=y>")
@example(f'{HOME}/"><script>\n{HOME}.evil.invalid/ {HOME}')
@example("&notin; &copy &#x3C;")
def test_any_text_arrives_whole_and_brings_no_element_of_its_own(text: str) -> None:
    read = Reader(fragment(text, home=HOME))
    assert read.paragraphs == paragraphs_of(text)
    assert {tag for tag, _ in read.elements} <= {"p", "br", "a"}
    for tag, attributes in read.elements:
        assert [name for name, _ in attributes] == (["href"] if tag == "a" else [])
        for _, value in attributes:
            assert str(value) == HOME or str(value).startswith(f"{HOME}/")


@given(PIECES)
def test_any_subject_stays_in_the_title(text: str) -> None:
    part = document(text, "Body.")
    elements = [tag for tag, _ in Reader(part).elements]
    assert elements == ["html", "head", "meta", "title", "body", "p"]
    assert part.count("<title>") == part.count("</title>") == 1


@pytest.mark.parametrize(
    ("text", "links"),
    [
        (f"Open it: {HOME}/a/b/", [f"{HOME}/a/b/"]),
        (f"{HOME}/a/.\n{HOME}", [f"{HOME}/a/", HOME]),
        (f"({HOME}/a/)", []),
        (f"See {HOME}.example/ and https://elsewhere.example/ and javascript:alert(1)", []),
        (f"{HOME}/?a=1&b=2, and so on", [f"{HOME}/?a=1&b=2"]),
    ],
)
def test_only_addresses_of_the_portal_become_links(text: str, links: list[str]) -> None:
    read = Reader(fragment(text))
    assert [dict(attributes)["href"] for tag, attributes in read.elements if tag == "a"] == links
    assert read.paragraphs == [text]


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_every_letter_has_a_part_that_fetches_nothing(name: str) -> None:
    letter = LETTERS.get(name)
    subject, body = render(letter, next(contexts(letter.payload or {})))
    part = document(subject, body)
    assert Reader(part).paragraphs == paragraphs_of(body)
    assert not re.search(r"\b(?:src|style|class|onload)=|<(?:img|script|link|style|iframe)", part)


def _write(case: Case | None, name: str = "deadline-overdue") -> Message:
    context = next(contexts(LETTERS.get(name).payload or {}))
    if "case_summary" in context:
        context |= {"case_summary": "Dose <b>doubled</b> & more", "case_url": f"{HOME}/desk/"}
    return enqueue(letter=name, to="office@example.invalid", context=context, dedupe_key="k", case=case)


@pytest.mark.django_db
def test_a_letter_leaves_as_text_and_as_html_and_the_digests_of_both_are_kept(case: Case) -> None:
    message = _write(case)
    assert (message.body_sha256, message.html_sha256, message.layout) == ("", "", 0)
    deliver_due()
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    ((part, kind),) = [(each[0], each[1]) for each in sent.alternatives]
    assert kind == "text/html"
    assert "Dose <b>doubled</b> & more" in sent.body
    assert "Dose &lt;b&gt;doubled&lt;/b&gt; &amp; more" in str(part)
    assert f'<a href="{HOME}/desk/">' in str(part)
    assert [each.get_content_type() for each in sent.message().walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    message.refresh_from_db()
    assert message.body_sha256 == hashlib.sha256(str(sent.body).encode()).hexdigest()
    assert message.html_sha256 == hashlib.sha256(str(part).encode()).hexdigest()
    assert message.layout == LAYOUT
    told = Event.objects.get(type="outbox.sent").payload
    assert (told["body_sha256"], told["html_sha256"]) == (message.body_sha256, message.html_sha256)
    assert told["version"] == message.template_version


@pytest.fixture
def secret() -> str:
    return next(letter.name for letter in LETTERS.values() if letter.forgotten)


@pytest.mark.django_db
def test_of_a_letter_with_a_secret_no_digest_is_kept(case: Case, secret: str) -> None:
    message = _write(case, secret)
    deliver_due()
    message.refresh_from_db()
    assert len(mail.outbox) == 1
    assert message.sent_at is not None
    assert (message.body_sha256, message.html_sha256) == ("", "")
    assert "body_sha256" not in Event.objects.get(type="outbox.sent").payload


@pytest.mark.django_db
def test_the_preview_of_an_edition_shows_both_parts() -> None:
    before = present("notifications_question", clock.today())
    after = {**before, "body": "By {{ due_on|day }} <b>at</b> the latest:\n{{ case_url }}"}
    shown = {each.label: each.after for each in differences("notifications_question", before, after)}
    part = shown["As it arrives in a mail program that shows HTML"]
    assert isinstance(part, SafeString)
    assert "&lt;b&gt;at&lt;/b&gt; the latest:<br>" in part
    assert '<a href="https://portal.example/a/page/">' in part
    assert "<b>at</b>" in shown["As it arrives, with examples"]
