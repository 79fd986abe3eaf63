"""What runs since when: written down by whatever starts, where it is not what ran before."""

import hashlib
import platform
import subprocess
from functools import lru_cache

from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from operations import fingerprints
from operations.models import Deployment

LOCK = 2_007_001_002  # any number of our own: of many processes that start at once, one writes


def record_deployment() -> Deployment | None:
    """Write what runs here unless the last row says the same. Safe to repeat; one at a time.

    A way back to an older version is a deployment too, so it is compared with the last row alone.
    """
    new = Deployment(
        version=settings.VERSION,
        commit=commit(),
        host=platform.node(),
        migrations=_fingerprint_of_migrations(),
        settings=fingerprints.of_settings(),
    )
    return _write(new)


@transaction.atomic
def _write(new: Deployment) -> Deployment | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = Deployment.objects.first()
    new.applied = _migrations_since(last)
    if last is not None:
        new.changed = fingerprints.differing(last.settings, new.settings)
        if not new.changed and _code_of(last) == _code_of(new):
            return None
    new.save()
    return new


@lru_cache(maxsize=1)
def commit() -> str:
    """AQAD_COMMIT, or what git says of a checkout; empty where neither knows."""
    if settings.COMMIT or not (settings.BASE_DIR / ".git").exists():
        return str(settings.COMMIT)[:40]
    try:
        asked = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return asked.stdout.strip()


def _code_of(deployment: Deployment) -> tuple[str, str, str]:
    return deployment.version, deployment.commit, deployment.migrations


def _fingerprint_of_migrations() -> str:
    names = sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]


def _migrations_since(last: Deployment | None) -> list[str]:
    applied = MigrationRecorder(connection).migration_qs.order_by("id")
    if last is not None:
        applied = applied.filter(applied__gt=last.at)
    return [f"{app}.{name}" for app, name in applied.values_list("app", "name")]
