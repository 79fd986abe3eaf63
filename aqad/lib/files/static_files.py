"""Static files whose names carry their content, also where one script imports another."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(ManifestStaticFilesStorage):
    support_js_module_import_aggregation = True


class CompressedStaticFiles(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
