"""Which tests one pytest worker must run alone, because they share what is costly to start.

`--dist loadgroup` was made for this, but its groups travel in the names of tests, which pytest 9.2 no
longer lets anyone change: pytest-xdist 3.8 then spreads them like all others, and says nothing
(pytest-dev/pytest-xdist#1386).
"""

from xdist.scheduler import LoadScopeScheduling

TOGETHER = ("tests/browser/", "tests/runner/", "tests/story/")


class SharedInstallations(LoadScopeScheduling):
    """The folders in TOGETHER as wholes, the largest first; each other test where a worker is free."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)
