"""A job on hostile bytes ends within its limits, whatever it does."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from aqad.lib.limited_process import turns
from aqad.lib.limited_process.running import JobFailed, Limits, Result, TooCostly, run_limited
from aqad.lib.limited_process.turns import Busy, Lane, take_turn

MIB = 1024 * 1024
LIMITS = Limits(memory=256 * MIB, processor=5, wall=10, output=2 * MIB)
LANE = Lane("tests", at_once=2)


@pytest.fixture(autouse=True)
def own_turns(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def run(job: str, source: Any = b"", *, limits: Limits = LIMITS, lane: Lane = LANE, **options: Any) -> Result:
    return run_limited(f"tests.limited_process.jobs:{job}", source, limits=limits, lanes=[lane], **options)


def limits(**changed: int) -> Limits:
    return Limits(**{**vars(LIMITS), **changed})


def test_a_job_takes_bytes_and_options_and_answers_with_facts_and_parts() -> None:
    done = run("describe_process", b"content", words="\N{ARABIC LETTER ALEF}\0", count=3)
    assert done.parts == [b"content", b"tnetnoc", b""]
    assert done.facts["options"] == {"words": "\N{ARABIC LETTER ALEF}\0", "count": 3}
    assert done.facts["again"]


def test_a_job_reads_a_file_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "sheet").write_bytes(b"rows")
    assert run("describe_process", tmp_path / "sheet").parts[0] == b"rows"


def test_the_child_has_no_secrets_stands_back_and_loads_no_framework() -> None:
    facts = run("describe_process").facts
    assert not {"SECRET_KEY", "DATABASE_URL", "PATH", "HOME"} & set(facts["environment"])
    assert facts["niceness"] >= 5
    assert not facts["django"]


@pytest.mark.parametrize(
    ("job", "changed", "options"),
    [
        pytest.param("use_memory", {}, {"mib": 512}, id="memory"),
        pytest.param("use_processor", {"processor": 1}, {}, id="processor"),
        pytest.param("write_much", {}, {"mib": 8}, id="result"),
    ],
)
def test_a_job_beyond_a_limit_is_stopped(job: str, changed: dict[str, int], options: dict[str, Any]) -> None:
    with pytest.raises(TooCostly):
        run(job, limits=limits(**changed), **options)


@pytest.mark.parametrize("job", ["wait", "close_and_stay"])
def test_a_job_that_only_takes_long_is_the_machine_s_fault(job: str) -> None:
    with pytest.raises(Busy):
        run(job, limits=limits(wall=1))


def test_within_its_limits_the_same_job_is_done() -> None:
    assert run("use_memory", mib=64).facts == {"bytes": 64 * MIB}
    assert len(run("write_much", mib=1).parts[0]) == MIB


def test_a_job_that_raises_or_crashes_is_told_from_a_costly_one() -> None:
    with pytest.raises(JobFailed, match="ValueError: what was wrong"):
        run("fail", words="what was wrong")
    with pytest.raises(JobFailed):
        run("crash")
    with pytest.raises(JobFailed, match="ModuleNotFoundError"):
        run_limited("tests.no_such:job", b"", limits=LIMITS, lanes=[LANE])


def test_a_job_writes_no_files(tmp_path: Path) -> None:
    with pytest.raises(JobFailed):
        run("write_file", path=str(tmp_path / "written"))
    assert not (tmp_path / "written").stat().st_size


def test_a_turn_is_waited_for_no_longer_than_the_setting_says(settings: Settings) -> None:
    settings.LIMITED_WAIT_SECONDS = 0
    with take_turn(LANE, within=0), take_turn(LANE, within=0):
        with pytest.raises(Busy) as refusal:
            run("describe_process")
        assert (refusal.value.status, refusal.value.code) == (503, "unavailable")
        assert refusal.value.retry_after > 0
    assert run("describe_process").facts


def test_who_waits_gets_the_turn_that_is_given_back(settings: Settings) -> None:
    settings.LIMITED_WAIT_SECONDS = 60
    one = Lane("one", at_once=1)
    done: list[Result] = []
    waiting = threading.Thread(target=lambda: done.append(run("describe_process", lane=one)))
    with take_turn(one, within=0):
        waiting.start()
        waiting.join(0.2)
        assert not done
    waiting.join(30)
    assert len(done) == 1


def test_a_process_gives_no_more_threads_than_its_share() -> None:
    lane = Lane("narrow", at_once=9, threads=2)
    with take_turn(lane, within=0), take_turn(lane, within=0), pytest.raises(Busy):
        run("describe_process", lane=lane)
    assert run("describe_process", lane=lane).facts


def test_a_refused_turn_gives_back_those_taken_before_it(settings: Settings) -> None:
    settings.LIMITED_WAIT_SECONDS = 0
    first, second = Lane("first", at_once=1), Lane("second", at_once=1)
    with take_turn(second, within=0), pytest.raises(Busy):
        run_limited("tests.limited_process.jobs:fail", b"", limits=LIMITS, lanes=[first, second])
    with take_turn(first, within=0), take_turn(second, within=0):
        pass
    assert not +turns._threads


def test_a_data_folder_that_cannot_be_written_is_unavailable(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.DATA_DIR = tmp_path / "file"
    with pytest.raises(Busy):
        run("describe_process")


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[Callable[..., tuple[subprocess.Popen[bytes], int]]]:
    """Starts a process of its own that has a child sleep in a lane; gives it, and the child's id."""
    started = []

    def start(lane: Lane) -> tuple[subprocess.Popen[bytes], int]:
        fifo = tmp_path / f"who-{len(started)}"
        os.mkfifo(fifo)
        script = (
            "import django; from django.conf import settings; from pathlib import Path;"
            f"settings.configure(DATA_DIR=Path({str(tmp_path)!r}), LIMITED_WAIT_SECONDS=30);"
            "from aqad.lib.limited_process.running import *; from aqad.lib.limited_process.turns import Lane;"
            f"run_limited('tests.limited_process.jobs:say_who', b'', limits=Limits({256 * MIB}, 9, 60, 99),"
            f"lanes=[{lane!r}], path={str(fifo)!r}, seconds=60)"
        )
        process = subprocess.Popen([sys.executable, "-c", script])
        started.append(process)
        return process, int(fifo.read_text())  # opening waits for the child to open it

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_turns_are_counted_over_processes_and_a_killed_one_gives_its_own_back(
    other_process: Callable[..., tuple[subprocess.Popen[bytes], int]], settings: Settings
) -> None:
    settings.LIMITED_WAIT_SECONDS = 0
    alone = Lane("alone", at_once=1)
    parent, child = other_process(alone)
    with pytest.raises(Busy):
        run("describe_process", lane=alone)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    settings.LIMITED_WAIT_SECONDS = 30
    assert run("describe_process", lane=alone).facts
    assert_gone(child)


def test_the_child_itself_holds_the_turn_so_that_it_counts_until_it_is_gone(
    other_process: Callable[..., tuple[subprocess.Popen[bytes], int]], settings: Settings
) -> None:
    settings.LIMITED_WAIT_SECONDS = 0
    alone = Lane("alone", at_once=1)
    parent, child = other_process(alone)
    held = os.readlink(f"/proc/{child}/fd/{turn_of(child)}")
    assert held == str(settings.DATA_DIR / "run" / "turns" / "alone-1")
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    assert_gone(child)
    assert run("describe_process", lane=alone).facts


def turn_of(child: int) -> str:
    folder = Path(f"/proc/{child}/fd")
    return next(each.name for each in folder.iterdir() if "turns" in os.readlink(each))


def assert_gone(process: int) -> None:
    deadline = time.monotonic() + 20
    while Path(f"/proc/{process}").exists():
        state = Path(f"/proc/{process}/stat")
        if state.read_text().rpartition(")")[2].split()[0] == "Z":  # nobody has waited for it yet
            return
        assert time.monotonic() < deadline
        time.sleep(0.02)
