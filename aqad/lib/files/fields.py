"""Serializer fields that take a file and hand on a CleanFile. They are write-only."""

from typing import Any

from rest_framework import serializers

from aqad.lib.files.clean_file import BadFile, CleanFile, Upload
from aqad.lib.files.documents import clean_document
from aqad.lib.files.images import PHOTO, PictureRules, clean_image


class CleanFileField(serializers.FileField):
    """A bad file is an error of this field; a scanner that is down (503) is not and passes through."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"write_only": True, **kwargs})

    def to_internal_value(self, data: Any) -> CleanFile:  # type: ignore[override] # what the caller shall get
        file = super().to_internal_value(data)
        try:
            return self.clean(file)
        except BadFile as error:
            raise serializers.ValidationError(error.message, code=error.code) from error

    def clean(self, file: Upload) -> CleanFile:
        raise NotImplementedError


class CleanImageField(CleanFileField):
    """A PNG, JPEG or WebP up to 5 MiB and 40 megapixels. For people who are signed in."""

    def __init__(self, rules: PictureRules = PHOTO, **kwargs: Any) -> None:
        self._rules = rules
        super().__init__(**kwargs)

    def clean(self, file: Upload) -> CleanFile:
        return clean_image(file, self._rules)


class CleanDocumentField(CleanFileField):
    """A PDF, PNG or JPEG up to 10 MiB. For people who are signed in."""

    def clean(self, file: Upload) -> CleanFile:
        return clean_document(file)
