from accounts.admin import people, records, roles

__all__ = ["people", "records", "roles"]
