"""AQAD's database and apps without anything that AQAD does around a request."""

from aqad.settings import *  # noqa: F403

ROOT_URLCONF = "bench.references.django_app"
MIDDLEWARE: list[str] = []
REST_FRAMEWORK = {"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]}
LOGGING_CONFIG = None
