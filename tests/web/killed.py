"""A program for test_killed_server and benchmarks.killed: a web server killed while reports come in.

    python -m tests.web.killed KILLS

Several senders report through real HTTP, each sending the same form again until it is acknowledged,
as a person does who presses "Send" once more. The server is killed by force at random moments and
started again. Then every report must be there once. Prints kills, reports, and what is wrong.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import socket
import sys
import threading
import time
from datetime import UTC, datetime
from urllib.parse import urlencode

from tests.beside import wait_until
from tricorn.cli import database

SENDERS = 4
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
SHORTEST, LONGEST = 0.01, 0.25  # seconds that a server lives once it answers


def main(kills: int) -> dict[str, object]:
    database.ready()
    furnish()
    warm()
    listening = socket.create_server(("127.0.0.1", 0), backlog=64)
    port = listening.getsockname()[1]
    luck = random.Random(9)
    senders = [Sender(number, port) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    for _ in range(kills):
        pid = serve(listening)
        wait_for_one_more(senders)
        time.sleep(luck.uniform(SHORTEST, LONGEST))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    pid = serve(listening)
    for sender in senders:
        sender.is_last.set()
    for sender in senders:
        sender.join(timeout=60)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return {"kills": kills, **compare(senders)}


def wait_for_one_more(senders: list[Sender]) -> None:
    """Return when somebody's report is acknowledged."""

    def acknowledged() -> int:
        return sum(len(sender.acknowledged) for sender in senders)

    before = acknowledged()
    wait_until(lambda: acknowledged() > before, every=0.002)


def furnish() -> None:
    """A house with one service and a place, where anybody may report."""
    from tricorn.catalogue.verbs import Promise, add_hours, add_service
    from tricorn.journal.actor import COMMAND
    from tricorn.parties import verbs as parties

    at = datetime.now(UTC)
    by = {"by": COMMAND, "at": at}
    house = parties.furnish(provider="House IT", sector="it", zone="Europe/Berlin", **by)
    week = {day: ["00:00-24:00"] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    hours = add_hours(name="Always", spec={"zone": "UTC", "weekly": week}, **by)
    add_service(
        name="Mail",
        provider=house.provider,
        hours=hours,
        promises=[Promise("first_response", "8h")],
        **by,
    )


def warm() -> None:
    """Load once what the first page of every server would load again."""
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    Client().get("/")


def serve(listening: socket.socket) -> int:
    """Fork a server that answers on this socket until it is killed; return its process id."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    from tricorn.config.wsgi import application

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.server_name, server.server_port = "127.0.0.1", listening.getsockname()[1]
    server.setup_environ()
    server.set_app(application)
    server.serve_forever(poll_interval=0.05)
    os._exit(0)


class Sender(threading.Thread):
    """Somebody who reports one thing after another, and each until it is acknowledged."""

    def __init__(self, number: int, port: int) -> None:
        super().__init__(daemon=True)
        self.number, self.port = number, port
        self.is_last = threading.Event()
        self.acknowledged: list[str] = []
        self.failed: list[str] = []

    def run(self) -> None:
        count = 0
        while not self.is_last.is_set():
            count += 1
            text = f"Report {self.number}-{count} of somebody"
            form = None
            while form is None:
                form = self.form(text)
            while not self.sent(form):
                time.sleep(0.01)
            self.acknowledged.append(text)

    def form(self, text: str) -> dict[str, str] | None:
        try:
            _status, page, cookie, _where = self.ask("GET", "/")
        except (OSError, http.client.HTTPException):
            time.sleep(0.01)
            return None
        return {**dict(HIDDEN.findall(page)), "text": text, "cookie": cookie}

    def sent(self, form: dict[str, str]) -> bool:
        """Send the form; True once the private page of the report was named in answer."""
        given = {name: value for name, value in form.items() if name != "cookie"}
        try:
            status, page, _cookie, where = self.ask("POST", "/", form["cookie"], given)
        except (OSError, http.client.HTTPException):
            return False
        if status == 302 and "/r/" in where:
            return True
        if status == 302 and not where:
            return False  # the answer was cut off in its first lines
        if status < 500:
            self.failed.append(f"{status} {where}: {page[:200]}")
            return True
        return False

    def ask(
        self, method: str, path: str, cookie: str = "", form: dict[str, str] | None = None
    ) -> tuple[int, str, str, str]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Cookie": cookie} if cookie else {}
        body = None
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://127.0.0.1:{self.port}/"
            body = urlencode(form)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        return answer.status, text, cookie, answer.getheader("Location", "")


def compare(senders: list[Sender]) -> dict[str, object]:
    """Hold what was acknowledged against what is there: lost, twice, half done."""
    from django.db.models import Count

    from tricorn.journal.models import Line
    from tricorn.tickets.models import Message, Ticket

    told = [text for sender in senders for text in sender.acknowledged]
    counted = Message.objects.values("text").annotate(n=Count("pk")).values_list("text", "n")
    there = dict(counted)
    lines = set(
        Line.objects.filter(kind__in=["ticket.reported", "ticket.held"]).values_list(
            "subject_id", flat=True
        )
    )
    tickets = Ticket.objects.annotate(n=Count("messages"), clocked=Count("clocks"))
    return {
        "acknowledged": len(told),
        "lost": [text for text in told if text not in there],
        "twice": [text for text, n in there.items() if n > 1],
        "half": [
            ticket.ref
            for ticket in tickets
            if ticket.n != 1 or not ticket.clocked or ticket.pk not in lines
        ],
        "failed": [failed for sender in senders for failed in sender.failed],
    }


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
