from pathlib import Path

from django.apps import AppConfig, apps
from django.conf import settings


class AqadConfig(AppConfig):
    """The project itself: Celery, the watch for slow SQL, the roles of staff, the names of what is kept."""

    name = "aqad"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from aqad import celery  # noqa: F401
        from aqad.checks import register_checks
        from aqad.lib import slow_queries
        from aqad.lib.naming import translate_names
        from aqad.roles import write_roles_at_the_end

        post_migrate.connect(write_roles_at_the_end, dispatch_uid="roles of staff")
        slow_queries.connect()
        register_checks()
        ours = [each for each in apps.get_app_configs() if Path(each.path).parent == settings.BASE_DIR]
        translate_names(model for each in ours for model in each.get_models())
