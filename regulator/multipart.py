"""File names as they were sent: Django keeps only the last part of a path and says nothing, so that nobody
could be told. Here a file whose name had path parts is marked, and whoever takes files refuses it in words.
"""

import html
from typing import Any, Final

from django.core.files.uploadhandler import FileUploadHandler
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

NAMED_WITH_PATH: Final = "named_with_path"
"""Set to true on an uploaded file that came in a request with such a name."""


class _Watchful(MultiPartParser):
    """Django's parser, remembering whether any file's name had path parts."""

    saw_path = False

    def sanitize_file_name(self, file_name: str) -> str | None:
        """The last part of the name. A file that is called nothing but dots stays, to be refused: Django
        would drop it, and whoever sent it on a page that can do without would not be told."""
        plain = html.unescape(file_name)
        self.saw_path = self.saw_path or "/" in plain or "\\" in plain or plain in (".", "..")
        return super().sanitize_file_name(file_name) or ("unnamed" if plain in (".", "..") else None)


class PathHandler(FileUploadHandler):
    """Stands first among the upload handlers: lets the others read the request, then marks what they read."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803 (Django's own name for it)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> "tuple[QueryDict, MultiValueDict[str, Any]] | None":
        assert self.request is not None  # noqa: S101 (Django gives every handler its request)
        others = [each for each in self.request.upload_handlers if each is not self]
        parser = _Watchful(META, input_data, others, encoding)
        data, files = parser.parse()
        if parser.saw_path:
            for _, sent in files.lists():
                for file in sent:
                    vars(file)[NAMED_WITH_PATH] = True
        return data, files

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
