"""Renders Django's bound fields with the GOV.UK macros: which component, its label, hint, error and value.

``field`` is what templates call. What a field accepts is ``regulator.frontend.fields``.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from jinja2 import Environment
from markupsafe import Markup, escape

from regulator.frontend.fields import PARTS, DecimalField, GovukDateWidget

LONG_ANSWER: Final = 200
_MACROS: Final = "govuk_frontend_jinja/components/{component}/macro.html"
_OWN_ATTRIBUTES: Final = {
    "class", "id", "name", "type", "value", "required", "maxlength", "minlength", "cols", "rows", "step",
    "autocomplete", "inputmode", "spellcheck", "pattern", "autocapitalize", "placeholder",
    "aria-describedby", "aria-invalid",
}  # fmt: skip

Params = dict[str, Any]


def field(environment: Environment, bound: BoundField, **options: Any) -> Markup:
    """The GOV.UK component for a form's field, escaped and complete.

    Options, all optional: ``label`` and ``hint`` replace the form's own; ``page_heading=True`` makes the
    label the page's h1; ``label_size`` is one of s, m, l, xl; ``width`` is 2, 3, 4, 5, 10, 20 or 30
    characters; ``suffix`` a unit; ``rows`` of a textarea; ``inline=True`` sets radios side by side;
    ``hints`` and ``reveals`` map a choice's value to its hint or to what choosing it uncovers.

    A widget that has no component raises ``TypeError``.
    """
    if bound.is_hidden:
        return escape(bound.as_hidden())
    component, macro, params = _component(bound, options)
    module: Any = environment.get_template(_MACROS.format(component=component)).module
    return escape(getattr(module, macro)(params))  # already markup: this only says so


def errors_of(form: forms.BaseForm) -> list[Params]:
    """The error summary's list: each error's ``text`` and, where a box can be gone to, its ``href``."""
    found: list[Params] = [{"text": text} for text in form.non_field_errors()]
    for bound in form:
        place = {} if bound.is_hidden else {"href": f"#{_first_box(bound)}"}
        found += [{"text": text} | place for text in bound.errors]
    return found


def _component(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    widget = bound.field.widget
    for kind, make in _BY_WIDGET:
        if isinstance(widget, kind):
            return make(bound, options)
    raise TypeError(f"no GOV.UK component for {type(widget).__name__} (field {bound.name!r})")


def _id(bound: BoundField) -> str:
    return str(bound.auto_id or bound.html_name)


def _first_box(bound: BoundField) -> str:
    if isinstance(bound.field.widget, GovukDateWidget):
        return f"{_id(bound)}_{_parts_at_fault(bound)[0]}"
    return _id(bound)


def _parts_at_fault(bound: BoundField) -> list[str]:
    """The boxes of a date that its error speaks of; all three where it does not say."""
    for error in bound.form.errors.as_data().get(bound.name, []):
        params = error.params
        if isinstance(params, Mapping) and params.get("parts"):
            return list(params["parts"])
    return list(PARTS)


def _described(bound: BoundField, options: Params) -> Params:
    """Hint and error, under the names that every macro takes."""
    params: Params = {}
    hint = options.get("hint", bound.help_text)
    if hint:
        params["hint"] = {"text": hint}
    if bound.errors:
        params["errorMessage"] = {"text": " ".join(str(error) for error in bound.errors)}
    return params


def _label(bound: BoundField, options: Params, kind: str) -> Params:
    heading = bool(options.get("page_heading"))
    size = options.get("label_size", "l" if heading else "")
    params: Params = {"text": options.get("label", bound.label), "isPageHeading": heading}
    if size:
        params["classes"] = f"govuk-{kind}--{size}"
    return params


def _box(bound: BoundField, options: Params) -> Params:
    """What every single box takes: id, name, label, hint, error and the widget's further attributes."""
    attributes = bound.field.widget.attrs
    further = {
        name: "" if value is True else value
        for name, value in attributes.items()
        if name not in _OWN_ATTRIBUTES and value not in (False, None)
    }
    params: Params = {"id": _id(bound), "name": bound.html_name, "label": _label(bound, options, "label")}
    params |= _described(bound, options)
    if further:
        params["attributes"] = further
    if bound.field.disabled:
        params["disabled"] = True
    if "autocomplete" in attributes:
        params["autocomplete"] = attributes["autocomplete"]
    return params


def _text_value(bound: BoundField) -> str:
    value = bound.field.widget.format_value(bound.value())
    return "" if value is None else str(value)


def _input(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    attributes = bound.field.widget.attrs
    params = _box(bound, options) | {"type": _input_type(bound), "value": _text_value(bound)}
    for name in ("inputmode", "pattern", "autocapitalize"):
        if name in attributes:
            params[name] = attributes[name]
    if isinstance(bound.field, forms.IntegerField) and "inputmode" not in attributes:
        params["inputmode"] = "numeric"
    if attributes.get("spellcheck") == "false" or params["type"] == "email":
        params["spellcheck"] = False
    number = isinstance(bound.field, forms.IntegerField | DecimalField)
    width = options.get("width") or ("10" if number else "")
    if width:
        params["classes"] = f"govuk-input--width-{width}"
    suffix = options.get("suffix") or getattr(bound.field, "unit", "")
    if suffix:
        params["suffix"] = {"text": suffix}
        params["label"] |= {"html": _label_with_unit(params["label"].pop("text"), suffix)}
    return "input", "govukInput", params


def _label_with_unit(label: str, unit: str) -> Markup:
    """The suffix is hidden from screen readers, so the label says the unit to them."""
    return Markup('{}<span class="govuk-visually-hidden">, in {}</span>').format(label, unit)


def _input_type(bound: BoundField) -> str:
    """GOV.UK asks for text boxes even for numbers: a browser's spinner drops what it cannot read."""
    kind = str(getattr(bound.field.widget, "input_type", "text"))
    return kind if kind in ("email", "tel", "url", "search") else "text"


def _password(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    return "password-input", "govukPasswordInput", _box(bound, options)


def _textarea(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    params = _box(bound, options) | {"value": _text_value(bound), "rows": options.get("rows", 5)}
    limit = getattr(bound.field, "max_length", None)
    if limit is None:
        return "textarea", "govukTextarea", params
    params |= {"maxlength": limit}
    if limit > LONG_ANSWER:
        params["threshold"] = 75  # the count appears when three quarters are used
    return "character-count", "govukCharacterCount", params


def _file(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    params = _box(bound, options)
    if getattr(bound.field.widget, "allow_multiple_selected", False):
        params["multiple"] = True
    return "file-upload", "govukFileUpload", params


def _choices(bound: BoundField, options: Params) -> list[Params]:
    hints: Mapping[str, str] = options.get("hints", {})
    reveals: Mapping[str, Markup] = options.get("reveals", {})
    items: list[Params] = []
    for choice in bound.subwidgets:
        value = "" if choice.data["value"] is None else str(choice.data["value"])
        if not value and not isinstance(bound.field.widget, forms.Select):
            continue  # an empty radio says nothing that leaving the question does not
        item: Params = {"value": value, "text": str(choice.choice_label), "checked": choice.data["selected"]}
        if value in hints:
            item["hint"] = {"text": hints[value]}
        if value in reveals:
            item["conditional"] = {"html": reveals[value]}
        items.append(item)
    return items


def _group(bound: BoundField, options: Params) -> Params:
    """What radios, checkboxes and dates take: a fieldset whose legend is the question."""
    legend = _label(bound, options, "fieldset__legend")
    return {"fieldset": {"legend": legend}, "name": bound.html_name, **_described(bound, options)}


def _radios(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    params = _group(bound, options) | {"idPrefix": _id(bound), "items": _choices(bound, options)}
    if options.get("inline"):
        params["classes"] = "govuk-radios--inline"
    return "radios", "govukRadios", params


def _checkboxes(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    params = _group(bound, options) | {"idPrefix": _id(bound), "items": _choices(bound, options)}
    return "checkboxes", "govukCheckboxes", params


def _checkbox(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    """One box to tick: the label is the statement agreed to, and there is no question above it."""
    item: Params = {
        "value": "true",
        "text": options.get("label", bound.label),
        "checked": bound.field.widget.check_test(bound.value()),
    }
    params: Params = {"idPrefix": _id(bound), "name": bound.html_name, "items": [item]}
    return "checkboxes", "govukCheckboxes", params | _described(bound, options)


def _select(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    items = [
        {"value": item["value"], "text": item["text"], "selected": item["checked"]}
        for item in _choices(bound, options)
    ]
    return "select", "govukSelect", _box(bound, options) | {"items": items}


def _date(bound: BoundField, options: Params) -> tuple[str, str, Params]:
    value = bound.value()
    boxes = value if isinstance(value, list) else bound.field.widget.decompress(value)
    at_fault = _parts_at_fault(bound) if bound.errors else []
    items = [
        {
            "id": f"{_id(bound)}_{part}",
            "name": f"{bound.html_name}_{part}",
            "label": part.capitalize(),
            "value": "" if typed is None else str(typed),
            "classes": f"govuk-input--width-{4 if part == 'year' else 2}"
            + (" govuk-input--error" if part in at_fault else ""),
        }
        for part, typed in zip(PARTS, boxes, strict=True)
    ]
    params = _group(bound, options)
    del params["name"]
    return "date-input", "govukDateInput", params | {"id": _id(bound), "items": items}


_BY_WIDGET: Final[tuple[tuple[type[forms.Widget], Callable[..., tuple[str, str, Params]]], ...]] = (
    (GovukDateWidget, _date),
    (forms.CheckboxSelectMultiple, _checkboxes),
    (forms.RadioSelect, _radios),
    (forms.SelectMultiple, _checkboxes),
    (forms.Select, _select),
    (forms.CheckboxInput, _checkbox),
    (forms.FileInput, _file),
    (forms.PasswordInput, _password),
    (forms.Textarea, _textarea),
    (Input, _input),
)
