"""The register's pages, for anybody, without sign-in: the list, an entry, and the index."""

from enforcement.register.views.entry import notice_document, register_entry
from enforcement.register.views.index import employers, places, regions, regulations, standing
from enforcement.register.views.listing import register_list

__all__ = [
    "employers",
    "notice_document",
    "places",
    "regions",
    "register_entry",
    "register_list",
    "regulations",
    "standing",
]
