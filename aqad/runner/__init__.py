"""What `make run`, `make test` and `make check` start.

Standard library only and nothing of Django: it must work before anything else does.
"""
