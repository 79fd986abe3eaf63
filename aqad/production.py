"""Where files are kept and pictures come from: settings that depend on other settings."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ


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
