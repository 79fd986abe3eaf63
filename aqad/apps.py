from django.apps import AppConfig


class AqadConfig(AppConfig):
    """The project itself: it makes the Celery application the current one in every process."""

    name = "aqad"

    def ready(self) -> None:
        from aqad import celery  # noqa: F401
