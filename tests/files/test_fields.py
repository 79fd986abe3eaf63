"""The serializer fields: a CleanFile in, a sentence under the field out."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers

from aqad.lib.files.antivirus import ScannerUnavailable
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.fields import CleanDocumentField, CleanImageField


class Papers(serializers.Serializer):
    licence = CleanDocumentField()
    logo = CleanImageField(required=False)


def papers(**files: bytes) -> Papers:
    return Papers(
        data={field: SimpleUploadedFile(f"{field}.bin", content) for field, content in files.items()}
    )


def test_good_files_arrive_clean(picture: Callable[..., bytes]) -> None:
    sent = papers(licence=picture("JPEG"), logo=picture("WEBP"))
    assert sent.is_valid(), sent.errors
    assert isinstance(sent.validated_data["licence"], CleanFile)
    assert sent.validated_data["logo"].content_type == "image/webp"


def test_each_bad_file_is_named_by_its_field(picture: Callable[..., bytes]) -> None:
    sent = papers(licence=b"MZ", logo=b"<svg/>")
    assert not sent.is_valid()
    assert sent.errors == {
        "licence": ["This is not a PDF, PNG or JPEG file. Send one of these."],
        "logo": ["This is not an image of a known kind. Send one of: PNG, JPEG, WebP."],
    }


def test_a_missing_empty_or_textual_file_is_refused(picture: Callable[..., bytes]) -> None:
    for sent in (papers(logo=picture("PNG")), papers(licence=b""), Papers(data={"licence": "licence.pdf"})):
        assert not sent.is_valid()
        assert set(sent.errors) == {"licence"}


def test_a_scanner_that_is_down_is_no_fault_of_the_field(picture: Callable[..., bytes]) -> None:
    with override_settings(CLAMD_URL="tcp://127.0.0.1:1"), pytest.raises(ScannerUnavailable):
        papers(licence=picture("PNG")).is_valid()


def test_the_schema_says_binary() -> None:
    schema = AutoSchema()._map_serializer_field(CleanImageField(), "request")
    assert (schema["type"], schema["format"]) == ("string", "binary")
