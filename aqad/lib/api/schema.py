"""How AQAD's views are described in OpenAPI."""

import re
from typing import Any

from drf_spectacular.openapi import AutoSchema as SpectacularSchema

from aqad.lib.api.permissions import Anyone


class AutoSchema(SpectacularSchema):
    """Tags by app, operation ids by method and path, bearer tokens, and the error body on every operation.

    Views name their request and responses with `extend_schema`.
    """

    def get_tags(self) -> list[str]:
        return [str(self.view.__module__).partition(".")[0]]

    def get_operation_id(self) -> str:
        words = re.sub(r"[{}]", "", self.path.removeprefix("/api/")).replace("/", "_").replace("-", "_")
        return f"{self.method.lower()}_{words}"

    def get_auth(self) -> list[dict[str, list[str]]]:
        open_to_all = all(isinstance(permission, Anyone) for permission in self.view.get_permissions())
        return [{}, {"bearer": []}] if open_to_all else [{"bearer": []}]

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["responses"]["default"] = {
                "description": "Any error",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
            }
        return operation
