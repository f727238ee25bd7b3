"""Keeping secrets that are part of an address out of the logs (``settings.SECRET_PATHS``)."""

import logging
import re
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django_structlog.middlewares import RequestMiddleware


def without_secrets(text: str) -> str:
    """``text`` with what follows any of the secret paths blotted out, up to the next slash or blank."""
    return _secrets().sub(r"\1…", text)


@cache
def _secrets() -> re.Pattern[str]:
    return re.compile(rf"({'|'.join(re.escape(path) for path in settings.SECRET_PATHS)})[^/\s\"']+")


class RequestLogMiddleware(RequestMiddleware):
    """The log lines of each request, without secrets."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return without_secrets(RequestMiddleware.format_request(request))


class SecretPathsFilter(logging.Filter):
    """Django's own log lines, which quote the address of what went wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_secrets(each) if isinstance(each, str) else each for each in record.args
            )
        record.msg = without_secrets(str(record.msg))
        return True
