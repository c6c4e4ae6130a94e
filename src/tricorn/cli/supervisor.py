"""Keeps child processes running: started, started again with growing pauses, stopped cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from tricorn.cli import lifeline

LONGEST_PAUSE = 30.0
# A child that ran this long has recovered: its next end counts as the first.
RECOVERED = 60.0
# Seconds between asking a child to stop and ending it by force.
PATIENCE = 15.0
# Seconds until the house must have answered for the first time.
STARTED_WITHIN = 60.0
TICK = 0.1


@dataclass
class Child:
    """One process to be kept running, as long as it is wanted."""

    name: str
    command: Sequence[str]
    sockets: Sequence[int] = ()
    is_wanted: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    ends: int = 0
    next_start_at: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own modules, no words of others
            self.command,
            stdin=subprocess.PIPE,
            env={**os.environ, lifeline.NAME: "stdin"},
            pass_fds=tuple(self.sockets) if sys.platform != "win32" else (),
            start_new_session=True,
        )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Children, and what to say about them. `run` returns when it was asked to stop."""

    children: Sequence[Child]
    say: Callable[[str], None]
    stopping: bool = field(default=False, init=False)

    def run(self, started: Callable[[], bool]) -> bool:
        """Keep the children running until SIGINT or SIGTERM.

        `started` is asked until it says yes. False when that takes longer than a minute, or when
        a child ended five times before.
        """
        self._listen()
        has_started, deadline = False, time.monotonic() + STARTED_WITHIN
        try:
            while not self.stopping:
                for child in self.children:
                    self._look_after(child)
                has_started = has_started or started()
                if not has_started and (
                    time.monotonic() > deadline or any(child.ends >= 5 for child in self.children)
                ):
                    return False
                time.sleep(TICK)
        finally:
            self.stop()
        return True

    def _listen(self) -> None:
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _look_after(self, child: Child) -> None:
        """Start it, or after it ended start it again: at once, then after 1, 2, 4 ... seconds."""
        now = time.monotonic()
        if child.is_running:
            return
        if child.process is None:
            if now >= child.next_start_at and child.is_wanted():
                child.start()
            return
        child.ends = 1 if now - child.started_at > RECOVERED else child.ends + 1
        pause = min(2.0 ** (child.ends - 2), LONGEST_PAUSE) if child.ends > 1 else 0.0
        status = child.process.returncode
        self.say(f"The {child.name} ended ({_how(status)}); it starts again in {pause:.0f} s.")
        child.process, child.next_start_at = None, now + pause

    def stop(self) -> None:
        """Ask every child to stop; end by force who does not within the patience."""
        running = [child.process for child in self.children if child.is_running and child.process]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in running:
            try:
                process.wait(timeout=max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _how(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
