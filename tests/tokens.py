"""A real place that gives access tokens, on this machine: what it was asked, and what it answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl


@dataclass
class TokenPlace:
    """Gives token-1, token-2 ...; those in `good` are let in by the mail server that asks here.

    `answer` is what it says instead, with `status`; `rotates` gives a new refresh token each time.
    """

    port: int = 0
    login: str = "help"
    good: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    status: int = 200
    answer: dict[str, Any] | bytes | None = None
    lasts: object = 3600
    rotates: bool = False
    is_good: bool = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    @property
    def known(self) -> str:
        return f"http://127.0.0.1:{self.port}/known"

    def give(self, form: dict[str, str]) -> bytes:
        self.asked.append(form)
        if self.answer is not None:
            return (
                self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
            )
        token = f"token-{len(self.asked)}"
        if self.is_good:
            self.good.add(token)
        said = {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts}
        if self.rotates:
            said["refresh_token"] = f"refresh-{len(self.asked)}"
        return json.dumps(said).encode()


@contextmanager
def token_place() -> Iterator[TokenPlace]:
    place = TokenPlace()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()
            form = dict(parse_qsl(body))
            status, said = place.status, b""
            if self.path == "/known":
                is_known = form.get("token") in place.good
                status = 200
                said = json.dumps({"active": is_known, "name": place.login}).encode()
            elif self.path.endswith("/token"):
                said = place.give(form)
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *given: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    place.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield place
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
