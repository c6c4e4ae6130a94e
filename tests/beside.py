"""For tests that run something beside them, a thread or a program: a port for it, and patience."""

import socket
import time
from collections.abc import Callable

PATIENCE = 150.0  # seconds: a busy machine takes its time


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(
    holds: Callable[[], object], seconds: float = PATIENCE, *, every: float = 0.02
) -> None:
    """Return as soon as it is so. TimeoutError when it is not within these seconds."""
    patience = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > patience:
            raise TimeoutError(f"It did not come about within {seconds:.0f} s.")
        time.sleep(every)
