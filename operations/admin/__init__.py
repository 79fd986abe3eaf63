from operations.admin import deployments, messages

__all__ = ["deployments", "messages"]
