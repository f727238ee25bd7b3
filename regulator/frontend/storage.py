"""How static files are named and packed for serving."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names throughout, also where one JavaScript module imports another.

    Packed copies (Brotli, gzip) are made where the portal is served over a network. On one machine nobody
    waits for bytes, and packing would be most of the time that the first start spends on static files.
    """

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        return super().compress_files(paths) if settings.HTTPS else iter(())
