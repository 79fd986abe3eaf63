"""What production insists on, and where files are kept: settings that depend on other settings."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

REQUIRED = (
    "SECRET_KEY",
    "AQAD_JWT_SIGNING_KEY",
    "AQAD_PUBLIC_URL",
    "ALLOWED_HOSTS",
    "DATABASE_URL",
    "REDIS_URL",
    "CELERY_BROKER_URL",
    "EMAIL_URL",
    "AQAD_S3_BUCKET",
)


def refuse_insecure_environment(env: environ.Env) -> None:
    """Raise ImproperlyConfigured with every reason at once why this environment may not serve."""
    reasons = [f"{name} is missing" for name in REQUIRED if not env.str(name, default="")]
    reasons += [
        f"{name} is shorter than 50 characters"
        for name in ("SECRET_KEY", "AQAD_JWT_SIGNING_KEY")
        if 0 < len(env.str(name, default="")) < 50
    ]
    if env.str("SECRET_KEY", default="1") == env.str("AQAD_JWT_SIGNING_KEY", default="2"):
        reasons.append("AQAD_JWT_SIGNING_KEY must differ from SECRET_KEY")
    if not env.str("AQAD_PUBLIC_URL", default="https://").startswith("https://"):
        reasons.append("AQAD_PUBLIC_URL must be https")
    if "*" in env.list("ALLOWED_HOSTS", default=[]):
        reasons.append("ALLOWED_HOSTS may not be *")
    if env.bool("AQAD_DEMO", default=False):
        reasons.append("AQAD_DEMO would load demo data")
    if env.str("AQAD_GATEWAY", default="") == "sandbox":
        reasons.append("AQAD_GATEWAY=sandbox takes no real money")
    if env.str("AQAD_STAFF_OTP", default="required") != "required":
        reasons.append("AQAD_STAFF_OTP must be required")
    if reasons:
        raise ImproperlyConfigured("Production refuses to start: " + "; ".join(reasons) + ".")


def staff_otp(env: environ.Env) -> str:
    """Whether staff must have a second factor: `required`, always so in production, or `offered`."""
    is_production = env.str("AQAD_ENV", default="development") == "production"
    value = env.str("AQAD_STAFF_OTP", default="required" if is_production else "offered")
    if value not in ("required", "offered"):
        raise ImproperlyConfigured(f"AQAD_STAFF_OTP is {value!r}; it can be required or offered.")
    return value


def file_storages(env: environ.Env, data_dir: Path, public_url: str) -> dict[str, Any]:
    """Django STORAGES for `default` (private: documents, proofs) and `public` (images).

    On S3 when AQAD_S3_BUCKET is set, else in folders under the data directory behind the same doors.
    """
    bucket = env.str("AQAD_S3_BUCKET", default="")
    if not bucket:
        return {
            "default": {
                "BACKEND": "aqad.lib.files.storage.PrivateFolderStorage",
                "OPTIONS": {"location": data_dir / "files" / "private"},
            },
            "public": {
                "BACKEND": "aqad.lib.files.storage.PublicFolderStorage",
                "OPTIONS": {"location": data_dir / "files" / "public", "base_url": f"{public_url}/media/"},
            },
        }
    options = {
        "bucket_name": bucket,
        "endpoint_url": env.str("AQAD_S3_ENDPOINT", default="") or None,
        "file_overwrite": True,
        "default_acl": None,
    }
    return {
        "default": {
            "BACKEND": "aqad.lib.files.buckets.PrivateS3Storage",
            "OPTIONS": {**options, "location": "private"},
        },
        "public": {
            "BACKEND": "aqad.lib.files.buckets.PublicS3Storage",
            "OPTIONS": {**options, "location": "public"},
        },
    }


def media_origins(env: environ.Env) -> list[str]:
    """Origins that images may come from besides AQAD's own, for the Content-Security-Policy."""
    endpoint = urlsplit(env.str("AQAD_S3_ENDPOINT", default=""))
    if endpoint.netloc:
        return [f"{endpoint.scheme}://{endpoint.netloc}"]
    return ["https://*.amazonaws.com"] if env.str("AQAD_S3_BUCKET", default="") else []
