"""What a caller asks of the register: the filters of the pages, and the entries that fit them."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

from enforcement.register.filters import RegisterFilter
from enforcement.register.models import RegisterEntry


def every_entry() -> QuerySet[RegisterEntry]:
    """The whole register, the latest service first, with nothing else fetched."""
    return RegisterEntry.objects.order_by("-served_on", "-pk")


def asked_of(request: HttpRequest) -> RegisterFilter:
    """The filters of a request, which ``is_valid`` reads; ``qs`` are the entries that fit."""
    return RegisterFilter(request.GET, queryset=every_entry())


def filter_query(data: QueryDict) -> str:
    """The filters alone, in one fixed order, as a query string: the same filters are the same text."""
    wanted = QueryDict(mutable=True)
    for name in sorted(set(filter_names()) & set(data)):
        if values := [value for value in data.getlist(name) if value.strip("\x00 ")]:
            wanted.setlist(name, values)
    return wanted.urlencode()


def filter_names() -> Iterable[str]:
    """What the filters are called in an address."""
    return list(RegisterFilter(QueryDict(), queryset=every_entry()).form.fields)
