"""Texts of letters that administrators write: nothing unknown, nothing with a gap, nothing out of reach."""

import pytest
from django.core.exceptions import ValidationError
from jinja2 import UndefinedError

from regulator import clock
from regulator.outbox.letters import LETTERS, Incomplete, render, shipped
from regulator.outbox.payload import DAY, MAYBE_DAY, TEXT, contexts
from regulator.outbox.texts import check, differences, present, whats

CHANGEABLE = sorted(letter.name for letter in LETTERS.values() if letter.payload is not None)
QUESTION = "notifications_question"
ARRIVES = ["As it arrives, with examples", "As it arrives in a mail program that shows HTML"]


def test_every_letter_of_the_portal_says_what_it_may_say() -> None:
    assert sorted(LETTERS) == CHANGEABLE
    assert len(dict(whats())) == len(CHANGEABLE) > 30


@pytest.mark.parametrize("name", CHANGEABLE)
def test_the_shipped_text_comes_out_whole_with_every_example(name: str) -> None:
    """And so would be taken as an edition: what the payload says is what the text needs."""
    letter = LETTERS.get(name)
    subject, body = shipped(letter)
    for context in contexts(letter.payload or {}):
        told = render(letter, context)
        assert "{{" not in " ".join(told)
    assert check(name, clock.today(), {"subject": subject, "body": body})


@pytest.mark.parametrize("name", CHANGEABLE)
def test_a_letter_is_not_written_without_all_of_its_payload(name: str) -> None:
    letter = LETTERS.get(name)
    whole = next(contexts(letter.payload or {}))
    for missing in whole:
        with pytest.raises((Incomplete, UndefinedError), match=missing):
            render(letter, {key: value for key, value in whole.items() if key != missing})


BODY = "Answer by {{ due_on|day }}: {{ case_url }}"
GOOD = [
    BODY,
    "{% if case_summary %}About {{ case_summary }}. {% endif %}" + BODY,
    BODY + "{{ ' (' ~ '' if false else '' }}".replace(" ~ ''", ""),
    BODY + " {{ employer|upper }} {{ portal_url }}",
    "{# a remark #}" + BODY,
]
BAD = {
    "": "Write something",
    "   ": "Write something",
    "x" * 10_001: "10,000 characters",
    BODY + "{{ due_date }}": "No value is called “due_date”",
    BODY + "{{ reference.x.y }}": "could not be written",
    BODY + "{{ due_on": "cannot be read",
    BODY + "{% if employer %}": "cannot be read",
    BODY + "{{ reference|day }}": "could not be written",
    BODY + "{{ case_summary|day }}": "could not be written",
    BODY + "{{ employer|safe }}": "is not among",
    BODY + "{{ employer|attr('x') }}": "is not among",
    BODY + "{{ employer.__class__ }}": "cannot be reached",
    BODY + "{{ ''.__class__.__mro__ }}": "cannot be reached",
    BODY + "{{ employer.upper() }}": "values, conditions and lists only",
    BODY + "{{ range(10) }}": "values, conditions and lists only",
    BODY + "{{ employer * 1000000000 }}": "values, conditions and lists only",
    BODY + "{{ employer ~ employer }}": "values, conditions and lists only",
    BODY + "{% include 'notifications_answer.txt' %}": "values, conditions and lists only",
    BODY + "{% import 'x' as y %}": "values, conditions and lists only",
    BODY + "{% set x = 1 %}": "values, conditions and lists only",
    BODY + "{% macro x() %}{% endmacro %}": "values, conditions and lists only",
    "Answer it: {{ case_url }}": "of no use without “due_on”",
}


@pytest.mark.parametrize("body", GOOD)
def test_a_sound_text_is_taken(body: str) -> None:
    assert (
        check(QUESTION, clock.today(), {"subject": "About {{ reference }}", "body": body})["body"]
        == body.strip()
    )


@pytest.mark.parametrize("body", list(BAD))
def test_an_unsound_text_is_refused_in_words(body: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check(QUESTION, clock.today(), {"subject": "About {{ reference }}", "body": body})
    assert BAD[body] in " ".join(refused.value.error_dict["body"][0].messages)


@pytest.mark.parametrize("subject", ["", "{{ nobody }}", "x" * 301])
def test_so_is_an_unsound_subject(subject: str) -> None:
    with pytest.raises(ValidationError) as refused:
        check(QUESTION, clock.today(), {"subject": subject, "body": BODY})
    assert list(refused.value.error_dict) == ["subject"]


def test_what_may_be_missing_is_asked_for_first() -> None:
    served = "enforcement/notice_served"
    subject, body = shipped(LETTERS.get(served))
    plain = body.replace("{% if compliance_on and suspends %}", "{% if suspends %}")
    with pytest.raises(ValidationError, match="could not be written where “compliance_on” is empty"):
        check(served, clock.today(), {"subject": subject, "body": plain})


@pytest.mark.django_db
def test_a_subject_arrives_on_one_line() -> None:
    texts = check(QUESTION, clock.today(), {"subject": "A {{ reference }}\n B", "body": BODY})
    found = differences(QUESTION, present(QUESTION, clock.today()), texts)
    assert [each.label for each in found] == ["Subject", "Text", *ARRIVES]
    assert found[2].after.splitlines()[0] == "A Example text B"


@pytest.mark.django_db
def test_differences_show_old_beside_new() -> None:
    now = present(QUESTION, clock.today())
    assert differences(QUESTION, now, now) == []
    found = differences(QUESTION, now, {"subject": now["subject"], "body": BODY})
    assert [each.label for each in found] == ["Text", *ARRIVES]
    assert "Wednesday 1 April 2026" in found[1].after


def test_examples_are_combined_and_never_too_many() -> None:
    few = {"a": MAYBE_DAY, "b": MAYBE_DAY, "c": DAY}
    assert len(list(contexts(few))) == 4
    many = {f"v{number}": MAYBE_DAY for number in range(12)} | {"t": TEXT}
    found = list(contexts(many))
    assert len(found) == 14
    assert all(value is None for name, value in found[-1].items() if name != "t")
