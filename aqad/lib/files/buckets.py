"""Storages on S3. Loaded only where a bucket is named: boto3 takes half a second and 20 MiB."""

from functools import cached_property
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage

from aqad.lib.files.clean_file import MIB
from aqad.lib.files.storage import IMMUTABLE, NEVER_CACHED

S3_CONFIG = Config(
    signature_version="s3v4",
    connect_timeout=2,
    read_timeout=10,
    retries={"total_max_attempts": 2, "mode": "standard"},
    request_checksum_calculation="when_required",  # S3-compatible servers need not know the newer ones
    response_checksum_validation="when_required",
)
PROBE_CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})


class BucketStorage(S3Storage):
    """A bucket with short time-outs, whatever files it holds."""

    TROUBLES: tuple[type[Exception], ...] = (OSError, BotoCoreError, ClientError, Boto3Error)

    cache_control: str

    def get_default_settings(self) -> dict[str, Any]:
        return {
            **super().get_default_settings(),
            "client_config": S3_CONFIG,
            "transfer_config": TransferConfig(multipart_threshold=64 * MIB, use_threads=False),
        }

    def get_object_parameters(self, name: str) -> dict[str, Any]:
        return {"CacheControl": self.cache_control, "ContentDisposition": "inline"}

    def probe(self) -> None:
        """Ask for the bucket's head, with time-outs of their own; raises what botocore raises."""
        self._probe_client.head_bucket(Bucket=self.bucket_name)

    @cached_property
    def _probe_client(self) -> Any:
        return self._create_session().client(
            "s3", endpoint_url=self.endpoint_url, config=S3_CONFIG.merge(PROBE_CONFIG)
        )


class PrivateS3Storage(BucketStorage):
    """Reached only by the bucket's own presigned links, for SIGNED_LINK_SECONDS."""

    cache_control = NEVER_CACHED

    def url(
        self,
        name: str,
        parameters: dict[str, Any] | None = None,
        expire: int | None = None,
        http_method: str | None = None,
    ) -> str:
        return str(super().url(name, parameters, expire or settings.SIGNED_LINK_SECONDS, http_method))


class PublicS3Storage(BucketStorage):
    """Read by anyone: the bucket's policy must allow GetObject under this storage's location."""

    cache_control = IMMUTABLE

    def get_default_settings(self) -> dict[str, Any]:
        return {**super().get_default_settings(), "querystring_auth": False}
