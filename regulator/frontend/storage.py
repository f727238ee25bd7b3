"""How static files are named and packed for serving."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashed names throughout, also inside JavaScript modules: one module imports another by its hashed name."""

    support_js_module_import_aggregation = True
