"""The pages of the API's list of entries as they are sent, and as the description tells of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from enforcement.register import licence
from enforcement.register.paging import Wanted
from enforcement.register.reading import Unreadable, page_at

CURSOR: Final = "cursor"


class RegisterPages(BasePagination):
    """50 entries a page. A cursor that this API did not give out is answered 404, not an error."""

    def answer(
        self, request: Request, wanted: Wanted | None, order: str, names: Sequence[str], revision: int
    ) -> Response:
        """The page that the request's cursor names, or the first (five queries). Raises ``NotFound``."""
        try:
            page = page_at(wanted, order, request.query_params.get(CURSOR, ""), names)
        except Unreadable as error:
            raise NotFound(str(error)) from error
        here = remove_query_param(request.build_absolute_uri(), CURSOR)
        return Response(
            {
                "next": replace_query_param(here, CURSOR, page.next) if page.next else None,
                "previous": replace_query_param(here, CURSOR, page.previous) if page.previous else None,
                "revision": revision,
                "licence": licence.SPDX,
                "results": page.results,
            }
        )

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        number = {"type": "integer", "description": "The number of the register's last change.", "example": 8}
        return {
            "type": "object",
            "required": ["next", "previous", "revision", "licence", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "revision": number,
                "licence": {
                    "type": "string",
                    "description": f"{licence.NAME}: {licence.ADDRESS}",
                    "example": licence.SPDX,
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: object) -> list[dict[str, Any]]:
        return [
            {
                "name": CURSOR,
                "in": "query",
                "required": False,
                "description": "Where the page begins, as `next` and `previous` give it.",
                "schema": {"type": "string"},
            }
        ]
