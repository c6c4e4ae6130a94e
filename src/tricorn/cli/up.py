"""`tricorn up`: the house, running: database, first content, web server and worker."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import socket
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from ipaddress import ip_address
from pathlib import Path

import click

from tricorn.cli import database
from tricorn.cli.database import say
from tricorn.cli.supervisor import Child, Supervisor

SETUP_KEY = "setup-key"
# Seconds between two looks whether a mailbox was opened.
LOOK_EVERY = 5.0


@click.command()
@click.option("--port", envvar="PORT", default="8000", metavar="PORT", help="Where to listen.")
@click.option(
    "--host",
    envvar="HOST",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="On which address; 0.0.0.0 is every one of this machine.",
)
@click.option(
    "--demo/--no-demo",
    default=None,
    help="Whether an empty database gets the demonstration; else DEMO=no says so.",
)
def up(port: str, host: str, demo: bool | None) -> None:
    """Start Tricorn: web server, worker and what open mailboxes need, until Ctrl-C.

    The first start makes the database and fills in the demonstration, or with --no-demo prints
    a link to set up a house of your own. Later starts keep everything.

    Example: tricorn up --port 9000 --no-demo
    """
    listener = listen(host, known_port(port))
    try:
        database.ready()
        first_words = furnish(wants_demo(demo), address_of(host, listener))
        sys.exit(0 if serve(listener, host, first_words) else 1)
    finally:
        listener.close()


def known_port(text: str) -> int:
    """Return the port as a number; one sentence for what is none."""
    if not (text.isascii() and text.isdigit() and 0 <= int(text) <= 65535):
        raise click.UsageError(f"A port is a number from 1 to 65535, not {text!r}.")
    return int(text)


def wants_demo(option: bool | None) -> bool:
    """The option decides, else DEMO=no in the environment, else yes."""
    if option is not None:
        return option
    return os.environ.get("DEMO", "yes").strip().lower() not in {"no", "0", "false", "off"}


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else happens; the web server gets it handed over.

    Errors  One sentence when the port is taken, forbidden, or the address is not of this machine.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if sys.platform != "win32":  # there it would allow two programs on one port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1)  # a program that bound but does not listen yet is found here
    except OSError as problem:
        listener.close()
        raise SystemExit(f"tricorn: {_not_listening(host, port, problem)}") from problem
    return listener


def _not_listening(host: str, port: int, problem: OSError) -> str:
    if problem.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return f"Port {port} is taken by another program. Choose another: PORT={other} make up"
    if problem.errno == errno.EACCES:
        return f"Port {port} is not yours to open. Choose one above 1023: PORT=8000 make up"
    why = problem.strerror or str(problem)
    return f"Cannot listen on {host} ({why}). Choose an address of this machine: HOST=127.0.0.1"


def address_of(host: str, listener: socket.socket) -> str:
    """Return where a browser on this machine finds the house."""
    bound = ip_address(listener.getsockname()[0])
    shown = host
    if bound.is_unspecified:  # every address of this machine: then also this one
        shown = "127.0.0.1" if bound.version == 4 else "::1"
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{listener.getsockname()[1]}"


def furnish(demo: bool, address: str) -> list[str]:
    """Give an empty database its first content; return what to tell when the house runs.

    A database with a house is never touched, and one with any history never gets a demonstration.
    """
    from django.conf import settings

    from tricorn.journal.models import Line
    from tricorn.parties.models import House
    from tricorn.standing.reads import is_managed

    key_file = Path(settings.HOME) / SETUP_KEY
    house = House.objects.first()
    if house is None and demo and not Line.objects.exists():
        _fill_in()
        house = House.objects.first()
    if house is None or not (house.is_demonstration or is_managed(datetime.now(UTC))):
        key = new_setup_key(key_file)
        state = "is empty" if house is None else "has nobody who manages it"
        return [
            f"This house {state}. Set it up here; the link works once:",
            f"  {address}/setup/?key={key}",
        ]
    with suppress(FileNotFoundError):
        key_file.unlink()
    if not house.is_demonstration:
        return []
    return [
        "This is a demonstration: its people and stories are made up, its incidents real and old.",
        "Click first: Report a problem as a visitor, then a name in the bar on top of the page.",
    ]


def _fill_in() -> None:
    """Fill in the demonstration; nobody is mailed what happened in a story."""
    from tricorn.demo.fill import fill
    from tricorn.journal.reactors import quiet

    say("filling in the demonstration (once)")
    with quiet():
        fill(at=datetime.now(UTC), progress=say)


def new_setup_key(path: Path) -> str:
    """Return a new one-time key; the file holds only its hash, readable for nobody else."""
    key = secrets.token_urlsafe(24)
    with suppress(FileNotFoundError):
        path.unlink()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(hashlib.sha256(key.encode()).hexdigest())
    return key


def serve(listener: socket.socket, host: str, first_words: list[str]) -> bool:
    """Run web server and worker until asked to stop; False when they never came up."""
    from django.db import connections

    connections.close_all()
    address = address_of(host, listener)
    python = [sys.executable, "-m"]
    if sys.platform == "win32":
        port = listener.getsockname()[1]
        listener.close()
        web = Child("web server", [*python, "tricorn.cli.serve", f"{host}:{port}"])
    else:
        handed = listener.fileno()
        web = Child("web server", [*python, "tricorn.cli.serve", f"fd://{handed}"], [handed])
    takes_letters = TakesLetters()
    children = [
        web,
        Child("worker", [*python, "tricorn", "worker"]),
        Child(
            "receiver",
            [*python, "tricorn", "mail", "receive", "--no-filing"],
            is_wanted=takes_letters,
        ),
        Child("filer", [*python, "tricorn", "mail", "file"], is_wanted=takes_letters),
    ]
    supervisor = Supervisor(children, say)
    came_up = supervisor.run(lambda: web.is_running and _says_so(address, first_words))
    if not came_up:
        say("The house did not start; the lines above say why. tricorn doctor looks further.")
    return came_up


class TakesLetters:
    """Whether a mailbox is open; asks the database every few seconds at most."""

    def __init__(self) -> None:
        self._asked_at, self._known = 0.0, False

    def __call__(self) -> bool:
        from django.db import Error, connection

        from tricorn.tickets.models import Mailbox

        if not self._asked_at or time.monotonic() - self._asked_at > LOOK_EVERY:
            self._asked_at = time.monotonic()
            try:
                self._known = Mailbox.objects.filter(is_open=True).exists()
            except Error:
                self._known = False  # asked again soon; without a database nothing is received
            finally:
                connection.close()
        return self._known


def _says_so(address: str, first_words: list[str]) -> bool:
    """Once the front page is really there, say where, and what to click first."""
    if not _answers(address, "/health/"):
        return False
    _answers(address, "/")  # loads templates and forms, so that the first reader does not wait
    click.echo(f"Tricorn runs at {address}")
    for line in first_words:
        click.echo(line)
    click.echo("Stop it with Ctrl-C.")
    sys.stdout.flush()
    return True


def _answers(address: str, path: str) -> bool:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=3)
    try:
        connection.request("GET", path)
        return connection.getresponse().status < 500
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
