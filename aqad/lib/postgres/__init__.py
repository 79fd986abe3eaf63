"""Django's PostgreSQL backend with two additions, both in `base.py`."""
