"""Form fields that answer nonsense in plain English and keep what was typed.

How a field looks is ``regulator.frontend.forms``; what a value must be beyond that is the services' to say.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES

from regulator import clock
from regulator.frontend.numbers import NotANumber, number_of, plain

PARTS: Final = ("day", "month", "year")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME: Final = re.compile(
    r"jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?"
    r"|nov(ember)?|dec(ember)?",
    re.IGNORECASE,
)
_ONE_OR_TWO_DIGITS: Final = re.compile(r"[0-9]{1,2}")
_FOUR_DIGITS: Final = re.compile(r"[0-9]{4}")


def in_a_sentence(label: str) -> str:
    """A label as the object of "Enter": "Dose" becomes "the dose", "MPE advice" "the MPE advice"."""
    text = label[:1].lower() + label[1:] if label[1:2].islower() else label
    owned = text.split(" ", 1)[0].lower() in ("the", "a", "an", "any", "your", "their", "one", "at")
    return text if owned else f"the {text}"


def decimal_plain(value: Decimal | int | None) -> str:
    """A number without exponent and without trailing noughts: "12.5", "1200"; nothing for ``None``."""
    return "" if value is None else plain(value)


class GovukDateWidget(forms.MultiWidget):
    """Day, month and year as three boxes, named ``<name>_day`` and so on. Shows again what was typed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: date | None) -> list[str]:
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]


class GovukDateField(forms.Field):
    """A date in three boxes; the month may be a number or an English name.

    ``noun`` names the date in errors where the label is a question ("Date of the incident").
    ``not_in_future`` refuses a day after today in Europe/London. A ``ValidationError`` carries the boxes
    at fault in ``params["parts"]``.
    """

    widget = GovukDateWidget

    def __init__(self, *, noun: str = "", not_in_future: bool = False, **options: Any) -> None:
        self.noun = noun
        self.not_in_future = not_in_future
        super().__init__(**options)

    def to_python(self, value: object) -> date | None:
        """The date, or ``None`` for three empty boxes. Raises ``ValidationError`` for anything else."""
        if isinstance(value, date) or value is None:
            return value
        typed = self._typed(value)
        missing = [part for part, text in typed.items() if not text]
        if len(missing) == len(PARTS):
            return None
        if missing:
            raise self._refusal(f"must include a {' and '.join(missing)}", missing)
        return self._real_date(typed)

    def validate(self, value: date | None) -> None:
        if value is None and self.required:
            raise self._refusal("", list(PARTS), code="required")
        if value is not None and self.not_in_future and value > clock.today():
            raise self._refusal("must be today or in the past", list(PARTS), code="future")

    def has_changed(self, initial: object, data: object) -> bool:
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True

    def _typed(self, value: object) -> dict[str, str]:
        boxes = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        filled = [str(box or "").strip() for box in boxes] + [""] * len(PARTS)
        return dict(zip(PARTS, filled, strict=False))

    def _real_date(self, typed: Mapping[str, str]) -> date:
        if not _FOUR_DIGITS.fullmatch(typed["year"]) and re.fullmatch(r"[0-9]+", typed["year"]):
            raise self._refusal("must have a year of 4 digits", ["year"])
        try:
            day = int(typed["day"]) if _ONE_OR_TWO_DIGITS.fullmatch(typed["day"]) else 0
            year = int(typed["year"]) if _FOUR_DIGITS.fullmatch(typed["year"]) else 0
            return date(year, _month(typed["month"]), day)
        except ValueError:
            raise self._refusal("must be a real date", list(PARTS)) from None

    def _refusal(self, predicate: str, parts: list[str], *, code: str = "invalid") -> ValidationError:
        noun = self.noun or str(self.label or "Date")
        text = f"{noun} {predicate}" if predicate else f"Enter {in_a_sentence(noun)}"
        return ValidationError(_unformatted(text), code=code, params={"parts": parts})


def _unformatted(text: str) -> str:
    """``text`` as a message that Django may interpolate: a unit or a label may hold a per cent sign."""
    return text.replace("%", "%%")


def _month(text: str) -> int:
    """A month's number from its number or English name; 0 for anything else."""
    if _MONTH_NAME.fullmatch(text):
        return _MONTHS.index(text[:3].lower()) + 1
    return int(text) if _ONE_OR_TWO_DIGITS.fullmatch(text) else 0


class DecimalField(forms.DecimalField):
    """A decimal number in the notation of ``regulator.frontend.numbers``, with its ``unit`` beside the box.

    "1,200" is read as 1200; "2,5" is refused, not guessed at. ``max_digits`` and ``decimal_places`` (both
    needed) bound what the database column holds.
    """

    widget = forms.TextInput

    def __init__(
        self, *, max_digits: int, decimal_places: int, unit: str = "", noun: str = "", **options: Any
    ) -> None:
        self.unit = unit
        self.noun = noun
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **options)
        self.widget.attrs.setdefault("inputmode", "decimal")
        self.widget.attrs.setdefault("spellcheck", "false")

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override]
        if value in EMPTY_VALUES:
            return None
        try:
            return number_of(str(value))
        except NotANumber as refused:
            number = "written with a point, not a comma" if refused.comma else "a number"
            raise ValidationError(f"{self._noun} must be {number}, like 12.5", code="invalid") from None

    def prepare_value(self, value: object) -> object:
        return decimal_plain(value) if isinstance(value, Decimal) else value

    def run_validators(self, value: Decimal | None) -> None:
        if value not in EMPTY_VALUES:
            self.error_messages |= self._bounds()
        super().run_validators(value)

    @property
    def _noun(self) -> str:
        return self.noun or str(self.label or "The number")

    def _bounds(self) -> dict[str, str]:
        places = self.decimal_places or 0
        whole = (self.max_digits or 0) - places
        too_large = f"{self._noun} must have no more than {whole} digits before the decimal point"
        too_fine = (
            f"{self._noun} must have no more than {places} decimal places"
            if places
            else f"{self._noun} must be a whole number"
        )
        unit = f" {self.unit}" if self.unit else ""
        messages = {
            "max_digits": too_large,
            "max_whole_digits": too_large,
            "max_decimal_places": too_fine,
            "min_value": f"{self._noun} must be {self.min_value}{unit} or more",
            "max_value": f"{self._noun} must be {self.max_value}{unit} or less",
        }
        return {code: _unformatted(message) for code, message in messages.items()}


LOST: Final = (
    "The page lost track of which version you were changing. "
    "What you typed is kept: check it, then send it again"
)
"""What is said of a hidden field: nobody typed into it."""


class RowVersionField(forms.IntegerField):
    """The version of the row that a page was made from, hidden; the service refuses a stale one."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("error_messages", dict.fromkeys(("required", "invalid", "min_value"), LOST))
        super().__init__(min_value=0, max_value=2**31 - 1, **options)
        self.error_messages["max_value"] = LOST


class PlainErrors:
    """A form mixin, before ``forms.Form``: Django's stock messages, in words that name the field.

    A message given on the field itself stands. A field speaks by the label that it has when the form is
    looked through.
    """

    fields: dict[str, forms.Field]

    def full_clean(self) -> None:
        for name, form_field in self.fields.items():
            _speak_plainly(form_field, name)
        super().full_clean()  # type: ignore[misc]


def not_offered(label: str) -> str:
    """What is said of a value that a field does not offer."""
    return f"Choose one of the answers offered for “{label}”"


def _speak_plainly(form_field: forms.Field, name: str) -> None:
    stock = forms.Field.default_error_messages | type(form_field).default_error_messages
    label = str(form_field.label or name.replace("_", " ").capitalize())
    for code, message in _plain_messages(form_field, label).items():
        if form_field.error_messages.get(code) == stock.get(code):
            form_field.error_messages[code] = message


def _plain_messages(form_field: forms.Field, label: str) -> dict[str, str]:
    named = _unformatted(label)
    messages = {
        "required": _asks_for(form_field, label),
        "invalid_choice": not_offered(named),
        "max_length": f"{named} must be %(limit_value)d characters or fewer",
        "min_length": f"{named} must be %(limit_value)d characters or more",
        "min_value": f"{named} must be %(limit_value)s or more",
        "max_value": f"{named} must be %(limit_value)s or less",
        "null_characters_not_allowed": f"{label} must not contain hidden characters",
    }
    if isinstance(form_field, forms.IntegerField) and not isinstance(form_field, forms.DecimalField):
        messages["invalid"] = f"{label} must be a whole number, like 12"
    if isinstance(form_field, forms.EmailField):
        messages["invalid"] = "Enter an email address in the correct format, like name@example.com"
    if form_field.widget.is_hidden:
        messages |= dict.fromkeys(("required", "invalid", "min_value", "max_value"), LOST)
    return messages


_ASKING: Final = frozenset({"what", "why", "who", "whom", "how", "when", "where", "which", "whether"})
_BIDDING: Final = frozenset({"choose", "select", "enter", "say"})
_BEFORE_A_NOUN: Final = frozenset({"at", "before", "by", "for", "from", "on", "to", "under", "until"})


def _asks_for(form_field: forms.Field, label: str) -> str:
    """What to do about an empty field."""
    words = label.lower().split()
    chosen = isinstance(form_field, forms.ChoiceField | forms.ModelChoiceField)
    if isinstance(form_field, forms.BooleanField):
        return f"Tick “{label}” to go on"
    if label.endswith("?"):
        return f"Answer “{label}”"
    if words[0] in _BIDDING:
        return label
    if isinstance(form_field, forms.FileField):
        object_ = in_a_sentence(label)
        return f"Choose {object_}" if "file" in words else f"Choose a file for {object_}"
    if words[0] in _ASKING:
        return f"{'Select' if chosen else 'Say'} {label[:1].lower()}{label[1:]}"
    if wanted := _wanted(form_field, words):
        return f"{wanted} for “{label}”"
    return f"{'Select' if chosen else 'Enter'} {in_a_sentence(label)}"


def _wanted(form_field: forms.Field, words: Sequence[str]) -> str:
    """What to give a field whose label is no noun: "Served on", "To which body"; ``""`` for any other."""
    if not _BEFORE_A_NOUN & {words[0], words[-1]}:
        return ""
    if isinstance(form_field, forms.ChoiceField | forms.ModelChoiceField):
        return "Select an answer"
    if isinstance(form_field, forms.DateField | forms.DateTimeField):
        return "Enter a date"
    return "Enter a time" if isinstance(form_field, forms.TimeField) else ""
