"""Reading what the API is sent: JSON that this service can also store and send back."""

import json
from collections.abc import Mapping
from typing import IO, Any, Final

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

DEEPEST: Final = 20
"""Levels of nesting; the deepest payload that the API documents has three."""


class StorableJSONParser(JSONParser):
    """JSON as RFC 8259 has it, at most ``DATA_UPLOAD_MAX_MEMORY_SIZE`` bytes and ``DEEPEST`` levels.

    Anything else is a ``ParseError`` (400): also half a surrogate pair, which is no text that could be
    stored or shown again.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        limit = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0)
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise ParseError(f"Send at most {limit:,} bytes.")
        try:
            parsed = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
            json.dumps(parsed, ensure_ascii=False).encode("utf-8")
        except UnicodeError:
            raise ParseError("The text is not valid UTF-8.") from None
        except RecursionError:
            raise ParseError(f"The JSON is nested deeper than {DEEPEST} levels.") from None
        except ValueError as error:
            raise ParseError(f"JSON parse error: {error}") from None
        if _is_deeper(parsed, DEEPEST):
            raise ParseError(f"The JSON is nested deeper than {DEEPEST} levels.")
        return parsed


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _is_deeper(value: object, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_is_deeper(each, levels - 1) for each in inner)
