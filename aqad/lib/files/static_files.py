"""Static files whose names carry their content, also where one of our scripts imports another."""

from django.contrib.staticfiles.storage import HashedFilesMixin, ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own switch for imports would also rewrite those of packages, some of which name no file.
PATTERNS = (
    *HashedFilesMixin.patterns,
    ("js/*.js", (("""(?P<matched>from "(?P<url>\\./[^"]+)")""", 'from "%(url)s"'),)),
)


class StaticFiles(ManifestStaticFilesStorage):
    patterns = PATTERNS


class CompressedStaticFiles(CompressedManifestStaticFilesStorage):
    patterns = PATTERNS
