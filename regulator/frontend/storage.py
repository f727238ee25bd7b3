"""How static files are named and packed for serving."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names throughout, also where one JavaScript module imports another."""

    support_js_module_import_aggregation = True
