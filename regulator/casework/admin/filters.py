"""The filters of the desk's plain lists. An answer that a filter does not offer is refused: it never reaches
SQL."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest

Choices = list[tuple[str, str]]


class ClosedFilter(admin.SimpleListFilter):
    """A filter with a closed list of answers. Any other answer raises ``IncorrectLookupParameters``."""

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        offered = {str(value) for value, _ in self.lookup_choices}
        if self.value() is not None and self.value() not in offered:
            raise IncorrectLookupParameters

    def has_output(self) -> bool:
        return True
