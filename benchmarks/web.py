"""The pages at 100,000 tickets, through real HTTP: `python -m benchmarks.web [COUNT [AGENTS]]`.

Loads a made-up history through the import's own verb into a fresh SQLite file (or TRICORN_DATABASE),
lets 500 agents share half of what is unfinished, starts the web server with one process on one core,
and asks for each page again and again from another. Prints wall time and the server's CPU time per
request, and how many bytes came.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

ROUNDS = 60
WARM = 5
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Row:
    """What one page took."""

    page: str
    median: float
    p95: float
    cpu: float
    size: int


def staff(count: int, at: datetime) -> None:
    """Let that many agents serve the loaded service, and share half of the unfinished among them."""
    from tricorn.catalogue.models import Service
    from tricorn.journal.actor import IMPORT
    from tricorn.parties.models import House
    from tricorn.parties.verbs import add_person, join
    from tricorn.standing.verbs import give_duty
    from tricorn.tickets.models import Ticket

    service = Service.objects.get(slug="workplace-it")
    provider = House.objects.get().provider
    unfinished = Ticket.objects.filter(source="made-up", resolved_at=None)
    keys = list(unfinished.order_by("pk").values_list("pk", flat=True))
    for number in range(count):
        agent = add_person(by=IMPORT, at=at, name=f"Agent {number}")
        join(agent, provider, by=IMPORT, at=at)
        give_duty(agent, "desk", by=IMPORT, at=at, service=service)
        Ticket.objects.filter(pk__in=keys[number :: 2 * count]).update(assignee=agent)


def load(count: int, agents: int = 500) -> dict[str, str]:
    """Fill the database; return the session cookies of a client, an agent and one who is entitled."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from benchmarks.history import records
    from tricorn.catalogue.models import Service
    from tricorn.demo.fill import fill
    from tricorn.journal import triggers
    from tricorn.journal.actor import IMPORT
    from tricorn.parties.models import Organisation, Person
    from tricorn.tickets.imports import store
    from tricorn.tickets.models import Ticket

    triggers.install(connection)
    at = timezone.now()
    fill(at=at)
    began = time.perf_counter()
    store(
        records(count, until=at),
        Service.objects.get(slug="workplace-it"),
        by=IMPORT,
        at=at,
        organisation=Organisation.objects.get(name="Finance"),
    )
    staff(agents, at)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(f"{Ticket.objects.count():,} tickets loaded in {time.perf_counter() - began:.0f} s")
    busy = Person.objects.filter(source="made-up").first()
    named = {
        name: Person.objects.get(name__startswith=name) for name in ("Desi", "Clive", "Cleo", "Mo")
    }
    connection.close()
    return {name: session(person) for name, person in {**named, "Busy": busy}.items()}


def session(person: object) -> str:
    """Return the cookie of somebody who has signed in."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)  # type: ignore[attr-defined]
    store[BACKEND_SESSION_KEY] = "tricorn.web.sessions.Backend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()  # type: ignore[attr-defined]
    store.create()
    return f"tricorn_session={store.session_key}"


class Server:
    """gunicorn with one process, held to one core; knows the CPU time that it has used."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [
                *(
                    sys.executable,
                    "-m",
                    "gunicorn",
                    "tricorn.config.wsgi",
                    "--worker-class",
                    "gthread",
                ),
                *("--threads", "4", "--workers", "1", "--bind", f"127.0.0.1:{self.port}"),
                *("--log-level", "error"),
            ],
            preexec_fn=lambda: os.sched_setaffinity(0, {0}),
        )
        for _ in range(200):
            time.sleep(0.1)
            try:
                self.get("/health/")
                return
            except OSError:
                continue
        raise SystemExit("The web server did not start.")

    def cpu(self) -> float:
        """Return the seconds of CPU that the server's processes have used."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        total = 0
        for pid in [str(self.process.pid), *children.split()]:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICK

    def get(self, path: str, cookie: str = "") -> tuple[int, str, str]:
        return self.ask("GET", path, cookie)

    def ask(
        self, method: str, path: str, cookie: str = "", form: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Return status, body, and the cookie that was set."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": cookie} if cookie else {}
        body = None
        if form is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.port}{path}",
            }
            body = urlencode(form)
        line.request(method, path, body, headers)
        answer = line.getresponse()
        text = answer.read().decode()
        set_cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        where = answer.getheader("Location", "")
        line.close()
        return answer.status, text or where, set_cookie


def measure(server: Server, page: str, ask: Callable[[], tuple[int, str, str]]) -> Row:
    """Ask WARM + ROUNDS times; status above 399 ends the run."""
    size = 0
    for _ in range(WARM):
        status, text, _cookie = ask()
        size = len(text)
        if status >= 400:
            raise SystemExit(f"{page} answered {status}: {text[:300]}")
    before, walls = server.cpu(), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ask()
        walls.append((time.perf_counter() - began) * 1000)
    cpu = (server.cpu() - before) / ROUNDS * 1000
    walls.sort()
    return Row(page, walls[len(walls) // 2], walls[int(len(walls) * 0.95)], cpu, size)


def report(server: Server) -> tuple[int, str, str]:
    """A visitor's report: the form is fetched, then posted, as a browser without a session does."""
    _, page, cookie = server.get("/")
    names = dict(
        re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    )
    box = re.search(r'<textarea[^>]*name="([^"]+)"', page)
    form = {**names, box.group(1) if box else "text": "The door of the archive does not close."}
    return server.ask("POST", "/", cookie, form)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    agents = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    with tempfile.TemporaryDirectory() as home:
        os.environ["TRICORN_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "tricorn.config.settings"
        cookies = load(count, agents)
        server = Server()
        try:
            ticket = re.search(r'href="(/desk/t/[^"]+)"', server.get("/desk/", cookies["Desi"])[1])
            pages = {
                "queue": lambda: server.get("/desk/", cookies["Desi"]),
                "ticket": lambda: server.get(ticket.group(1) if ticket else "", cookies["Desi"]),
                "search, words": lambda: server.get("/desk/search/?q=printer", cookies["Desi"]),
                "queue with words": lambda: server.get("/desk/?q=printer", cookies["Desi"]),
                "dashboard (manage)": lambda: server.get("/manage/", cookies["Mo"]),
                "report, 12 months": lambda: server.get("/manage/reports/", cookies["Mo"]),
                "my services": lambda: server.get("/my/", cookies["Busy"]),
                "decide": lambda: server.get("/decide/", cookies["Clive"]),
                "report page": lambda: server.get("/"),
                "report (form, post)": lambda: report(server),
            }
            rows = [measure(server, page, ask) for page, ask in pages.items()]
        finally:
            server.process.terminate()
            server.process.wait()
    print(f"\n{'page':<22}{'median ms':>10}{'p95 ms':>9}{'CPU ms':>9}{'kB':>7}")
    for row in rows:
        print(
            f"{row.page:<22}{row.median:>10.1f}{row.p95:>9.1f}{row.cpu:>9.1f}{row.size / 1024:>7.0f}"
        )


if __name__ == "__main__":
    main()
