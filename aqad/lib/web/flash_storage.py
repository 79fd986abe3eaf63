"""Django's storage of one-time messages under our cookie's name."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _Cookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class FlashStorage(FallbackStorage):
    """In a signed cookie, and in the session only where that is too small."""

    storage_classes = (_Cookie, SessionStorage)
