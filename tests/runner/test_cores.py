"""Web processes keep to one core each where cores are few, and to none where they are plenty."""

import os
from types import SimpleNamespace
from typing import Any

import pytest

from aqad.runner import cores

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="this system keeps nobody to a core"
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {4, 7})
    return SimpleNamespace(WORKERS={}, num_workers=2)


def fork(server: Any, number: int) -> Any:
    worker = SimpleNamespace()
    cores.give_core(server, worker)
    server.WORKERS[number] = worker
    return worker


def test_each_process_has_a_core_that_it_may_use(server: Any) -> None:
    assert [fork(server, number).core for number in (1, 2)] == [4, 7]


def test_who_replaces_a_dead_process_has_its_core(server: Any) -> None:
    first, _second = fork(server, 1), fork(server, 2)
    del server.WORKERS[1]
    assert fork(server, 3).core == first.core


def test_nobody_is_kept_where_cores_are_plenty_or_one(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for available in ({0}, {0, 1, 2}):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _process, available=available: available)
        assert fork(server, 1).core is None


def test_a_process_keeps_to_its_core() -> None:
    before = os.sched_getaffinity(0)
    core = min(before)
    try:
        cores.keep_to_core(SimpleNamespace(core=None))
        assert os.sched_getaffinity(0) == before
        cores.keep_to_core(SimpleNamespace(core=core))
        assert os.sched_getaffinity(0) == {core}
    finally:
        os.sched_setaffinity(0, before)
