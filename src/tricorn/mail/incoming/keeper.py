"""Keeping letters for many at once: what waits at a moment shares one commit."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future

from django.db import connection

from tricorn.tickets.verbs import Came, keep

MOST_AT_ONCE = 50
# What reading takes at most: nothing bigger is ever loaded.
LARGEST = 25 * 1024 * 1024
log = logging.getLogger("tricorn.mail")
Waiting = tuple[Came, "Future[None]"]


class Keeper:
    """A thread that keeps letters. `put` gives a future that is done when the letter is safe."""

    def __init__(self, kept: Callable[[], object] = lambda: None) -> None:
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._kept = kept
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Keep what waits, then end."""
        self._queue.put(None)
        if self._thread.is_alive():
            self._thread.join(30)

    def put(self, came: Came) -> Future[None]:
        """Ask for a letter to be kept. The future raises what went wrong: then it is not kept."""
        future: Future[None] = Future()
        self._queue.put((came, future))
        return future

    def _run(self) -> None:
        try:
            while batch := self._batch():
                self._keep(batch)
                self._kept()
        finally:
            connection.close()

    def _batch(self) -> list[Waiting]:
        """Wait for a letter, and take along what else waits. Empty when it is over."""
        batch: list[Waiting] = []
        while len(batch) < MOST_AT_ONCE:
            try:
                each = self._queue.get(block=not batch)
            except queue.Empty:
                break
            if each is None:
                self._queue.put(None)
                break
            # Whoever brought it may have gone meanwhile: then nobody was told that it is kept.
            if each[1].set_running_or_notify_cancel():
                batch.append(each)
        return batch

    def _keep(self, batch: list[Waiting]) -> None:
        try:
            keep([came for came, _ in batch])
        except Exception as problem:  # whatever it was: the sender tries again
            if len(batch) > 1:
                for each in batch:
                    self._keep([each])
                return
            log.warning("A letter could not be kept: %s", type(problem).__name__)
            connection.close()
            batch[0][1].set_exception(problem)
        else:
            for _, future in batch:
                future.set_result(None)
