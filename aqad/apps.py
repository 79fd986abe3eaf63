from django.apps import AppConfig


class AqadConfig(AppConfig):
    """The project itself: the Celery application, the watch for slow SQL, and the roles of staff."""

    name = "aqad"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from aqad import celery  # noqa: F401
        from aqad.lib import slow_queries
        from aqad.roles import write_roles_at_the_end

        post_migrate.connect(write_roles_at_the_end, dispatch_uid="roles of staff")
        slow_queries.connect()
