"""What a form says of an empty box: in plain English, and naming it; never in the framework's own words."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory
from django.urls import get_resolver, reverse

from regulator.accounts.roles import Role
from regulator.casework.desk import ReasonForm
from regulator.frontend.fields import LOST, PlainErrors
from tests.factories import EmployerFactory, staff
from tests.notifications.addresses import walk
from tests.notifications.pages import browser, text

OURS: Final = ("enforcement", "inspections", "notifications", "regulator")
STOCK: Final = str(forms.Field.default_error_messages["required"])


def kinds_of_form(of: type = forms.BaseForm) -> Iterator[type[forms.BaseForm]]:
    """Every form of ours, once the addresses have loaded the pages that have them."""
    assert sum(1 for _ in walk(get_resolver())) > 300
    for kind in of.__subclasses__():
        if kind.__module__.startswith(OURS):
            yield kind
        yield from kinds_of_form(kind)


def asks(kind: Any) -> bool:
    fields = kind.base_fields.values()
    return any(each.required and each.error_messages["required"] == STOCK for each in fields)


def is_plain(kind: type[forms.BaseForm]) -> bool:
    """In itself, or as a part of forms that all are."""
    parts = kind.__subclasses__()
    return issubclass(kind, PlainErrors) or (bool(parts) and all(map(is_plain, parts)))


def test_no_form_asks_in_the_framework_s_words() -> None:
    kinds = set(kinds_of_form())
    assert ReasonForm in kinds
    assert len(kinds) > 200
    stock = {f"{kind.__module__}.{kind.__qualname__}" for kind in kinds if asks(kind) and not is_plain(kind)}
    assert stock == set()


@pytest.mark.django_db
def test_no_table_of_the_desk_that_can_be_changed_asks_in_the_framework_s_words() -> None:
    request = RequestFactory().get("/")
    request.user = staff(Role.ADMINISTRATOR)
    changed = [each for each in admin.site._registry.values() if each.has_change_permission(request)]
    assert len(changed) >= 3
    for table in changed:
        assert issubclass(table.get_form(request), PlainErrors), table
        for inline in table.get_inline_instances(request):
            assert issubclass(inline.get_formset(request).form, PlainErrors), inline


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("table", "sent", "said"),
    [
        ("employer", {}, ["Enter the key", "Enter the name", "Select the type"]),
        ("membership", {}, ["Select the user", "Select the employer"]),
        ("activityreturn", {}, ["Enter the period start", "Enter the quantity"]),
    ],
)
def test_an_empty_row_of_a_table_says_what_to_enter(
    table: str, sent: dict[str, str], said: list[str]
) -> None:
    EmployerFactory.create()
    address = reverse(f"admin:organisations_{table}_add")
    client: Any = browser(staff(Role.ADMINISTRATOR))
    management = {"sites-TOTAL_FORMS": "1", "sites-INITIAL_FORMS": "0", "sites-0-name": "A site"}
    page = text(client.post(address, management | sent))
    assert STOCK not in page
    for words in said:
        assert words in page, words


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        (forms.CharField(label="Reason"), "Enter the reason"),
        (forms.CharField(label="What is to be done"), "Say what is to be done"),
        (forms.CharField(label="Why"), "Say why"),
        (
            forms.CharField(label="Reference of the one that goes on"),
            "Enter the reference of the one that goes on",
        ),
        (forms.CharField(label="Choose a password"), "Choose a password"),
        (forms.ChoiceField(label="How it was sent"), "Select how it was sent"),
        (forms.ChoiceField(label="To which body"), "Select an answer for “To which body”"),
        (forms.DateField(label="Served on"), "Enter a date for “Served on”"),
        (forms.DateField(label="Until"), "Enter a date for “Until”"),
        (forms.DateField(label="New date"), "Enter the new date"),
        (forms.TimeField(label="At"), "Enter a time for “At”"),
        (forms.FileField(label="File"), "Choose the file"),
        (forms.FileField(label="Evidence"), "Choose a file for the evidence"),
        (forms.BooleanField(label="I read it"), "Tick “I read it” to go on"),
        (forms.IntegerField(widget=forms.HiddenInput), LOST),
        (forms.CharField(label="Reason", error_messages={"required": "Say it."}), "Say it."),
    ],
)
def test_a_box_is_asked_for_by_its_label(field: forms.Field, asked: str) -> None:
    class Asked(PlainErrors, forms.Form):
        box = field

    assert Asked({}).errors["box"] == [asked]


def test_a_box_that_was_relabelled_is_asked_for_by_the_name_that_it_has() -> None:
    class Asked(PlainErrors, forms.Form):
        box = forms.CharField(label="Reason")

        def __init__(self, *args: Any) -> None:
            super().__init__(*args)
            self.fields["box"].label = "Points"

    assert Asked({}).errors["box"] == ["Enter the points"]
