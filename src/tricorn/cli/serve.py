"""The web server, as a child of `tricorn up`: gunicorn with threads, waitress on Windows."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from tricorn.cli import lifeline

APPLICATION = "tricorn.config.wsgi"
THREADS = 8
# Seconds that a request may still take after the server was told to stop.
GRACE = 10


def main(bind: str) -> None:
    """Serve at `bind`: "fd://3" for a socket handed over by the parent, else "host:port"."""
    if sys.platform == "win32":
        _serve_with_waitress(bind)
    else:
        _serve_with_gunicorn(bind)


def _serve_with_gunicorn(bind: str) -> None:
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in settings(bind).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return _application()

    Server().run()


def settings(bind: str) -> dict[str, Any]:
    """Return gunicorn's settings. One process: SQLite has one writer, and threads wait well."""
    return {
        "bind": bind,
        "workers": 1,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": GRACE,
        "keepalive": 5,
        "accesslog": None,
        "loglevel": "warning",
        "proc_name": "tricorn",
        "control_socket_disable": True,
        "post_worker_init": _stop_with_parent,
    }


def _stop_with_parent(worker: object) -> None:
    """The serving process watches the lifeline, and lets its own parent stop in good order."""
    arbiter = os.getppid()
    lifeline.hold(lambda: os.kill(arbiter, signal.SIGTERM))


def _serve_with_waitress(bind: str) -> None:
    from waitress import serve

    lifeline.hold(lambda: os._exit(0))
    serve(_application(), listen=bind, threads=THREADS, ident=None)


def _application() -> Any:
    """Load everything before the first request: pages are quick, no two threads import at once."""
    from importlib import import_module

    application = import_module(APPLICATION).application
    from django.urls import get_resolver

    get_resolver().check()
    return application


if __name__ == "__main__":
    main(sys.argv[1])
