"""How one program is kept, with tiny programs instead of AQAD's."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aqad.runner.program import PROJECT
from tests.runner.installation import eventually

pytestmark = pytest.mark.runner

SUPERVISE = """
import os, sys
from aqad.runner.program import Program
from aqad.runner.supervisor import Supervisor
with Supervisor() as supervisor:
    command = [sys.executable, "-c", sys.argv[1]]
    supervisor.start(Program(name="child", command=command, environment=os.environ))
    supervisor.watch()
"""


class Supervised:
    def __init__(self, folder: Path, program: str) -> None:
        self.output = folder / "output.txt"
        with self.output.open("wb") as output:
            command = [sys.executable, "-c", SUPERVISE, program]
            self.process = subprocess.Popen(command, cwd=PROJECT, stdout=output, stderr=output)

    def says(self, text: str) -> None:
        eventually(lambda: text in self.output.read_text(), text)

    def end(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return self.output.read_text()


def test_a_program_that_keeps_dying_is_started_again_ever_later(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, "raise SystemExit(3)")

    supervised.says("child ended (exit code 3), starting it again in 1 s")
    supervised.says("child ended (exit code 3), starting it again in 2 s")
    supervised.says("child ended (exit code 3), starting it again in 4 s")
    supervised.end()


def test_a_program_that_says_it_is_useless_again_ends_the_wait(tmp_path: Path) -> None:
    awaited = SUPERVISE.replace(
        'supervisor.start(Program(name="child", command=command, environment=os.environ))',
        """child = Program(name="child", command=command, environment=os.environ, useless_again_after=78)
    supervisor.start(child)
    supervisor.wait_until(lambda: False, child, within=120)""",
    )
    command = [sys.executable, "-c", awaited, "print('no table'); raise SystemExit(78)"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "child    | no table" in done.stdout
    assert "RunnerError: child did not come up" in done.stderr
    assert "starting it again in 2 s" not in done.stdout


def test_the_last_words_of_a_dying_program_are_shown_with_its_name(tmp_path: Path) -> None:
    supervised = Supervised(tmp_path, "print('one'); print('and no end of line', end='')")

    supervised.says("again in 1 s")

    lines = supervised.end().splitlines()
    assert lines[:2] == ["child    | one", "child    | and no end of line"]


def test_a_second_ctrl_c_does_not_wait_for_a_stubborn_program(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True)"
    supervised = Supervised(tmp_path, f"{stubborn}; time.sleep(600)")
    supervised.says("child    | up")

    def asked_again() -> bool:
        supervised.process.send_signal(signal.SIGINT)
        return supervised.process.poll() is not None

    eventually(asked_again, "the end")
    assert "child is killed as asked" in supervised.output.read_text()
