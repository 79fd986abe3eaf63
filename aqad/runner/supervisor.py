"""Keeps programs running: shows what they say, starts again what died, stops them in order.

One thread and one loop. Signals wake the loop through a pipe, so nothing is polled faster than needed.
"""

import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Self

from aqad.runner.errors import RunnerError, StopRequested
from aqad.runner.program import Program, kill_group
from aqad.runner.terminal import say

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FIRST_PAUSE = 1.0  # seconds before a dead program is started again; doubles up to
LONGEST_PAUSE = 30.0
STEADY = 30.0  # a program that ran for this long starts with the first pause again
TICK = 0.5


class Child:
    """A running program with the unfinished line of its output."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.pause = FIRST_PAUSE
        self.start_again_at: float | None = None
        self.unfinished_line = b""
        self.start()

    def start(self) -> None:
        self.process = self.program.spawn()
        self.started_at = time.monotonic()
        self.start_again_at = None

    def take(self, output: bytes) -> None:
        """Show complete lines at once, the rest when its end has come."""
        *lines, self.unfinished_line = (self.unfinished_line + output).split(b"\n")
        if not output and self.unfinished_line:
            lines, self.unfinished_line = [self.unfinished_line], b""
        for line in lines:
            say(line.decode(errors="replace").rstrip("\r"), speaker=self.program.name)

    def is_hopeless(self) -> bool:
        """Whether starting it again would not help, or did not help often enough."""
        code = self.process.poll()
        ended_for_good = code is not None and code == self.program.useless_again_after
        return ended_for_good or self.pause > FIRST_PAUSE * 4

    def reckon_pause(self) -> float:
        """Seconds to wait before the next start."""
        if time.monotonic() - self.started_at > STEADY:
            self.pause = FIRST_PAUSE
        pause, self.pause = self.pause, min(self.pause * 2, LONGEST_PAUSE)
        return pause


class Supervisor:
    """A context: leaving it stops everything that was started, last started first unless told otherwise."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.stop_requests = 0
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._wake, self._woken = socket.socketpair()

    def __enter__(self) -> Self:
        for end in (self._wake, self._woken):
            os.set_blocking(end.fileno(), False)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._wakeup_before = signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, self._request_stop) for number in STOP_SIGNALS}
        self._handlers[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)  # to be woken by it
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stop_all()
        finally:
            signal.set_wakeup_fd(self._wakeup_before)
            for number, handler in self._handlers.items():
                signal.signal(number, handler)
            self._selector.close()
            self._wake.close()
            self._woken.close()

    def start(self, program: Program) -> None:
        """Start a program and keep it running from now on."""
        child = Child(program)
        self._children.append(child)
        self._listen(child)

    def stop_first(self, program: Program) -> None:
        """Let `program` be the first that is stopped, whenever it was started."""
        self._children.sort(key=lambda child: child.program is program)

    def wait_until(
        self, ready: Callable[[], bool], program: Program, *, within: float, every: float = 0.05
    ) -> None:
        """Return once `ready()` holds; RunnerError when it is hopeless, or after `within` seconds."""
        child = next(child for child in self._children if child.program is program)
        deadline = time.monotonic() + within
        while not ready():
            next_look = time.monotonic() + every
            if child.is_hopeless() or time.monotonic() > deadline:
                words = program.last_words() or "its lines are above."
                raise RunnerError(f"{program.name} did not come up:\n{words}")
            while (rest := next_look - time.monotonic()) > 0:
                self._turn(rest)
            if self.stop_requests:
                raise StopRequested

    def watch(self) -> None:
        """Keep everything running until asked to stop."""
        while not self.stop_requests:
            self._turn(TICK)

    def _request_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop_requests += 1

    def _turn(self, longest: float) -> None:
        """Attend, and start again what is due."""
        self._attend(longest)
        if not self.stop_requests:
            for child in self._children:
                self._tend(child)

    def _attend(self, longest: float) -> None:
        """Wait up to `longest` seconds for something to happen, and show what was said."""
        for key, _ in self._selector.select(longest):
            if key.data is None:
                self._drain_wake_up()
            else:
                self._read(key.data)

    def _drain_wake_up(self) -> None:
        try:
            while self._woken.recv(4096):
                pass
        except BlockingIOError:
            return

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.start_again_at is not None:
            if now >= child.start_again_at:
                self._start_again(child)
        elif (code := child.process.poll()) is not None:
            self._forget_output(child)
            kill_group(child.process)
            pause = child.reckon_pause()
            child.start_again_at = now + pause
            say(f"{child.program.name} ended ({_ending(code)}), starting it again in {pause:g} s")

    def _start_again(self, child: Child) -> None:
        try:
            child.start()
        except (RunnerError, OSError) as error:
            say(f"{child.program.name} could not be started: {error}")
            child.start_again_at = time.monotonic() + child.reckon_pause()
            return
        self._listen(child)

    def _listen(self, child: Child) -> None:
        if child.process.stdout is not None:
            os.set_blocking(child.process.stdout.fileno(), False)
            self._selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _read(self, child: Child) -> None:
        assert child.process.stdout is not None  # noqa: S101 - only registered with one
        try:
            output = os.read(child.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return
        child.take(output)
        if not output:
            self._selector.unregister(child.process.stdout)
            child.process.stdout.close()

    def _forget_output(self, child: Child) -> None:
        """Show what is left to read of a program that ended."""
        output = child.process.stdout
        while output is not None and not output.closed:
            try:
                rest = os.read(output.fileno(), 65536)
            except BlockingIOError:
                rest = b""  # a grandchild still holds the other end
            child.take(rest)
            if not rest:
                self._selector.unregister(output)
                output.close()

    def _forget(self, child: Child) -> None:
        self._forget_output(child)
        self._children.remove(child)

    def _stop_all(self) -> None:
        """Stop what was started last first; who asks a second time does not want to wait."""
        requests_before = self.stop_requests
        while self._children:
            child = self._children[-1]
            if child.process.poll() is None:
                self._stop(child, requests_before)
            kill_group(child.process)
            self._forget(child)

    def _stop(self, child: Child, requests_before: int) -> None:
        started = time.monotonic()
        child.process.send_signal(child.program.stop_signal)
        deadline = started + child.program.patience
        while child.process.poll() is None:
            hurried = self.stop_requests > max(requests_before, 1) and child.program.may_be_hurried
            if time.monotonic() > deadline or hurried:
                say(
                    f"{child.program.name} is killed"
                    + (" as asked" if hurried else ": it did not stop by itself")
                )
                kill_group(child.process)
                child.process.wait()
                return
            self._attend(TICK)
        if not self.quiet:
            say(f"{child.program.name} stopped ({time.monotonic() - started:.1f} s)")


def _ending(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
