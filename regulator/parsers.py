"""Reading what the API is sent: JSON that this service can store and send back, and forms with a file."""

import json
from collections.abc import Mapping
from math import isinf
from typing import IO, Any, Final

from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser

DEEPEST: Final = 20
"""Levels of nesting; the deepest payload that the API documents has three."""
MOST_VALUES: Final = 5_000
"""Values in one payload; the largest that the API documents has a thousand and some."""
LARGEST_FORM: Final = 26 * 1024 * 1024
"""Bytes of a form with its file, which may have 25 MB."""


class StorableJSONParser(JSONParser):
    """JSON as RFC 8259 has it, at most ``DEEPEST`` levels and ``MOST_VALUES`` values.

    Anything else is a ``ParseError`` (400): also half a surrogate pair, which is no text that could be
    stored or shown again. More bytes than ``DATA_UPLOAD_MAX_MEMORY_SIZE`` are refused before (413), unread.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            text = stream.read().decode("utf-8")
            parsed = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
            json.dumps(parsed, ensure_ascii=False).encode("utf-8")
        except UnicodeError:
            raise ParseError("The text is not valid UTF-8.") from None
        except RecursionError:
            raise ParseError(f"The JSON is nested deeper than {DEEPEST} levels.") from None
        except ValueError as error:
            raise ParseError(f"JSON parse error: {error}") from None
        if _is_deeper(parsed, DEEPEST):
            raise ParseError(f"The JSON is nested deeper than {DEEPEST} levels.")
        if _values(parsed) > MOST_VALUES:
            raise ParseError(f"The JSON holds more than {MOST_VALUES:,} values.")
        return parsed


class FormParser(MultiPartParser):
    """A form with a file, of at most ``LARGEST_FORM`` bytes: a larger one is refused unread (413)."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> "DataAndFiles[Any, Any]":
        sent = (parser_context or {})["request"].META.get("CONTENT_LENGTH")
        if int(sent or 0) > LARGEST_FORM:
            raise RequestDataTooBig(f"A form of {sent} bytes was sent.")
        return super().parse(stream, media_type, parser_context)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        raise ValueError("a number is too large")
    return number


def _inside(value: object) -> list[object]:
    """What a value holds; nothing unless it is an object or a list."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in _inside(value))


def _values(value: object) -> int:
    return 1 + sum(map(_values, _inside(value)))
