"""The pages' environment. (The front-end branch replaces this file.)"""

from django.http import HttpRequest, HttpResponse
from jinja2 import Environment


def environment(**options: object) -> Environment:
    return Environment(**options)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return HttpResponse(status=403)
