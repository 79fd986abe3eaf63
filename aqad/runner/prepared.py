"""`aqad.wsgi` for `make run`: the process prepares what it serves before it loads what serves it.

One process for both, because starting Django once more costs two seconds. In this order, because WhiteNoise
looks once, when it is loaded, which static files there are.
"""

from aqad.runner import prepare

prepare.main()

from aqad.wsgi import application  # noqa: E402

__all__ = ["application"]
