"""The documents of a notice: none of them is a page."""

from typing import Final

NO_PAGE: Final = {
    "papers:document": "a PDF, handed over",
    "papers:leaflet": "a PDF, handed over",
}
