"""The loop that files: in the receiver, or in a process of its own so that a second core helps."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from tricorn.mail.incoming.filing import file_waiting

LOOK_EVERY = 0.25
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
log = logging.getLogger("tricorn.mail")


@dataclass
class Filer:
    """Files what came, at once, and what waits from before, until `stop` is set.

    `came` tells of a new letter where it is kept in the same process; else the filer looks four
    times a second, which costs one small query each.
    """

    now: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    came: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        pause = FIRST_PAUSE
        try:
            while not self.stop.is_set():
                self.came.clear()
                try:
                    while file_waiting(self.now) and not self.stop.is_set():
                        pause = FIRST_PAUSE
                except Exception as problem:  # the database went away, or is busy: later again
                    log.warning("Filing stopped for a while: %s", type(problem).__name__)
                    connection.close()
                    self.stop.wait(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
                self.came.wait(LOOK_EVERY)
        finally:
            connection.close()
