import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aqad.settings")

_django = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # every view, before processes are forked that then share them
application = import_module("catalog.api.front").Front(_django)  # needs Django set up
