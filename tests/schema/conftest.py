from tests.sweep.conftest import _quiet, world

__all__ = ["_quiet", "world"]
