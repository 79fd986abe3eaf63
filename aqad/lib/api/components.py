"""What every operation of the OpenAPI schema refers to. Plain data: the settings import it."""

from typing import Any

ERROR: dict[str, Any] = {
    "type": "object",
    "description": "The one error body, from every layer. Some codes carry further members beside `code`.",
    "required": ["success", "message", "code", "request_id"],
    "properties": {
        "success": {"type": "boolean", "enum": [False]},
        "message": {
            "type": "string",
            "description": "One sentence for a person; the first field error, if any.",
        },
        "code": {"type": "string", "description": "A machine word.", "example": "validation_error"},
        "errors": {
            "type": "object",
            "description": "By field; nested fields by dotted path such as `items.0.quantity`.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "more_errors": {
            "type": "integer",
            "description": "How many fields are at fault besides those named.",
        },
        "request_id": {"type": "string"},
    },
}

COMPONENTS: dict[str, Any] = {
    "schemas": {"Error": ERROR},
    "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
}
