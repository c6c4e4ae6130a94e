"""A child of `tricorn up` ends when its parent is gone, however the parent went.

The parent keeps the other end of the child's standard input. When it dies, even by force, the end
closes, and the child stops in good order: no server is left behind holding the port.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable

NAME = "TRICORN_LIFELINE"


def hold(stop: Callable[[], object]) -> None:
    """Call `stop` when the parent is gone; nothing when no `tricorn up` started this process."""
    if os.environ.get(NAME) == "stdin":
        threading.Thread(target=_wait, args=[stop], daemon=True, name="lifeline").start()


def _wait(stop: Callable[[], object]) -> None:
    descriptor = sys.__stdin__.fileno() if sys.__stdin__ else 0
    while True:
        try:
            if not os.read(descriptor, 1):
                break
        except OSError:
            break
    stop()
