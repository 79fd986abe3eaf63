import os
from importlib import import_module

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aqad.settings")
django.setup(set_prefix=False)

_django = import_module("aqad.lib.web.content_type").Handler()  # needs Django set up
import_module(settings.ROOT_URLCONF)  # every view, before processes are forked that then share them
application = import_module("catalog.api.front").Front(_django)
