"""Each widget as its GOV.UK component: label, hint, error and what was typed."""

from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import cast

import pytest
from django import forms
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.test import RequestFactory
from jinja2 import Environment

from regulator.frontend.fields import DecimalField
from regulator.frontend.forms import errors_of, field
from tests.frontend.sample_forms import GOOD, EveryWidget

HOSTILE = '"><script>alert(1)</script>'


class _Page(HTMLParser):
    """The elements of a fragment, by id."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.ids: dict[str, dict[str, str | None]] = {}
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if found.get("id"):
            assert found["id"] not in self.ids, "an id stands once on a page"
            self.ids[str(found["id"])] = found


def _environment() -> Environment:
    return cast(Jinja2, engines["jinja2"]).env


def _draw(form: forms.Form, name: str, **options: object) -> str:
    return str(field(_environment(), form[name], **options))


def _page(form: forms.Form) -> _Page:
    return _Page("".join(_draw(form, bound.name) for bound in form))


def test_every_box_has_a_label_and_a_name() -> None:
    page = _page(EveryWidget())
    labelled = {found["for"] for tag, found in page.tags if tag == "label"}
    boxes = [found for tag, found in page.tags if tag in ("input", "textarea", "select")]
    visible = [box for box in boxes if box.get("type") != "hidden"]
    assert {box["id"] for box in visible} <= labelled
    assert all(box["name"] for box in boxes)
    attributes = {name for box in boxes for name in box}
    assert "required" not in attributes, "the browser's own checks are not plain English"


def test_every_error_is_beside_its_field_and_tied_to_it() -> None:
    form = EveryWidget({"happened_on_day": "31", "happened_on_month": "2", "happened_on_year": "2024"})
    page = _page(form)
    for name in form.errors:
        if name != "version":
            assert f"id_{name}-error" in page.ids
            describers = [str(found.get("aria-describedby", "")).split() for _, found in page.tags]
            assert any(f"id_{name}-error" in ids for ids in describers), name


def test_the_summary_links_each_error_to_a_box_that_is_there() -> None:
    form = EveryWidget({"happened_on_year": "2024"})
    page = _page(form)
    listed = errors_of(form)
    assert len(listed) == len(form.errors)
    assert {str(item["href"])[1:] for item in listed if "href" in item} <= set(page.ids)
    assert "#id_happened_on_day" in {item.get("href") for item in listed}
    assert "href" not in listed[0], "a hidden field cannot be gone to"


def test_what_was_typed_comes_back_however_silly() -> None:
    form = EveryWidget(
        {
            "title": HOSTILE,
            "happened_on_day": "31st",
            "happened_on_month": HOSTILE,
            "dose": "NaN",
            "people": "1e400",
            "account": HOSTILE,
            "modality": "ir",
            "groups": ["carer"],
            "site": "1",
            "agreed": "true",
            "secret": "hunter2",
        }
    )
    assert not form.is_valid()
    page = _page(form)
    assert page.ids["id_title"]["value"] == HOSTILE
    assert page.ids["id_happened_on_day"]["value"] == "31st"
    assert page.ids["id_happened_on_month"]["value"] == HOSTILE
    assert page.ids["id_dose"]["value"] == "NaN"
    assert page.ids["id_people"]["value"] == "1e400"
    assert "checked" in page.ids["id_modality-2"]
    assert "checked" not in page.ids["id_modality"]
    assert "checked" in page.ids["id_groups-2"]
    assert "checked" in page.ids["id_agreed"]
    assert "&lt;script&gt;" in _draw(form, "account")
    assert "script" not in {tag for tag, _ in page.tags}
    assert "hunter2" not in _draw(form, "secret"), "a password is never sent back"


def test_a_date_marks_only_the_boxes_at_fault() -> None:
    markup = _draw(EveryWidget({"happened_on_day": "3", "happened_on_month": "6"}), "happened_on")
    boxes = _Page(markup).ids
    assert "govuk-input--error" in str(boxes["id_happened_on_year"]["class"])
    assert "govuk-input--error" not in str(boxes["id_happened_on_day"]["class"])


def test_a_date_that_is_known_fills_its_boxes() -> None:
    boxes = _page(EveryWidget(initial={"happened_on": date(2019, 6, 3)})).ids
    assert [boxes[f"id_happened_on_{part}"]["value"] for part in ("day", "month", "year")] == [
        "3",
        "6",
        "2019",
    ]


def test_a_unit_stands_beside_the_box_and_in_the_label_for_those_who_do_not_see_it() -> None:
    markup = _draw(EveryWidget(), "dose")
    assert 'aria-hidden="true">mSv</div>' in markup
    assert '<span class="govuk-visually-hidden">, in mSv</span>' in markup
    assert _Page(markup).ids["id_dose"]["inputmode"] == "decimal"


def test_long_answers_count_only_where_there_is_a_limit() -> None:
    assert 'data-maxlength="4000"' in _draw(EveryWidget(), "account")
    assert "govuk-character-count" not in _draw(EveryWidget(), "remarks")
    assert 'maxlength="' not in _draw(EveryWidget(), "title"), "cutting what is pasted loses words unseen"


def test_choices_can_carry_hints_and_uncover_a_further_question() -> None:
    form = EveryWidget()
    markup = _draw(
        form,
        "modality",
        hints={"ct": "Computed tomography"},
        reveals={"rt": field(_environment(), form["dose"])},
        inline=True,
    )
    assert "Computed tomography" in markup
    assert 'id="conditional-id_modality-3"' in markup
    assert 'id="id_dose"' in markup
    assert "govuk-radios--inline" in markup


def test_a_label_can_be_the_page_s_heading() -> None:
    assert "<h1" in _draw(EveryWidget(), "title", page_heading=True)
    assert "<h1" in _draw(EveryWidget(), "modality", page_heading=True)


def test_the_version_is_hidden_and_sent() -> None:
    box = _Page(_draw(EveryWidget(initial={"version": 3}), "version")).ids["id_version"]
    assert (box["type"], box["value"], box["name"]) == ("hidden", "3", "version")


def test_autocomplete_reaches_the_box() -> None:
    assert _Page(_draw(EveryWidget(), "email")).ids["id_email"]["autocomplete"] == "email"


def test_fields_of_a_prefixed_form_keep_their_own_names() -> None:
    form = EveryWidget(GOOD, prefix="first")
    boxes = _page(form).ids
    assert boxes["id_first-happened_on_day"]["name"] == "first-happened_on_day"


def test_a_widget_without_a_component_is_an_error_not_a_surprise() -> None:
    class Odd(forms.Form):
        when = forms.SplitDateTimeField()

    with pytest.raises(TypeError, match="SplitDateTimeWidget"):
        _draw(Odd(), "when")


def test_a_decimal_from_the_database_is_shown_as_it_would_be_typed() -> None:
    class Dose(forms.Form):
        dose = DecimalField(max_digits=8, decimal_places=3)

    assert _Page(_draw(Dose(initial={"dose": Decimal("12.500")}), "dose")).ids["id_dose"]["value"] == "12.5"


def test_the_form_layout_says_error_in_its_title_and_lists_the_errors() -> None:
    template = engines["jinja2"].from_string(
        '{% extends "layouts/form.html" %}{% block heading %}Tell us of an incident{% endblock %}'
    )
    request = RequestFactory().get("/notify/")
    clean = template.render({"form": EveryWidget()}, request)
    wrong = template.render({"form": EveryWidget({})}, request)
    assert "<title>Tell us of an incident – IR(ME)R portal</title>" in clean
    assert "There is a problem" not in clean
    assert "<title>Error: Tell us of an incident – IR(ME)R portal</title>" in wrong
    assert 'href="#id_title"' in wrong
    assert 'enctype="multipart/form-data"' in wrong
    assert "csrfmiddlewaretoken" in wrong
    assert "novalidate" in wrong
