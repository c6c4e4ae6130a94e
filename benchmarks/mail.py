"""Letters a second, end to end: `python -m benchmarks.mail [COUNT]`.

Starts what `tricorn up` starts for letters (receiver, filer, worker) on a fresh SQLite file, or in
an empty PostgreSQL database that TRICORN_DATABASE names; brings COUNT letters of 1000 senders by
LMTP over twenty lines at once, as many as Postfix opens; waits until each is a ticket, and until
each receipt is sent. Prints letters a second and the processor time a letter of each process.
"""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import tempfile
import threading
import time
from email.message import EmailMessage
from pathlib import Path

LINES = 20
COMMANDS = {
    "receiver": ["mail", "receive", "--no-filing"],
    "filer": ["mail", "file"],
    "worker": ["worker"],
}
BOX = "help@house.example"
TICK = os.sysconf("SC_CLK_TCK")
WORDS = (
    "Since Monday it takes minutes until a letter with a larger file is opened, "
    "and now and then it says that the line was closed.\n"
)


def letter(number: int) -> bytes:
    """Return a usual letter: text and HTML, and in every fifth a small file."""
    made = EmailMessage()
    made["From"] = f"Person {number % 1000} <p{number % 1000}@crowd.example>"
    made["To"], made["Subject"] = BOX, f"Mail is slow, {number}"
    made["Message-ID"] = f"<{number}@crowd.example>"
    made["Date"] = "Mon, 12 Oct 2026 10:00:00 +0000"
    made.set_content(WORDS * 5)
    made.add_alternative("<p>" + WORDS * 5 + "</p>", subtype="html")
    if number % 5 == 0:
        made.add_attachment(b"a,b\n" * 2000, maintype="text", subtype="csv", filename="list.csv")
    return bytes(made)


def furnish() -> None:
    """An empty house with one service, its promises, an agreement of nobody, and a mailbox."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from tricorn.catalogue.models import Service
    from tricorn.demo.fill import fill
    from tricorn.journal import triggers
    from tricorn.journal.actor import COMMAND
    from tricorn.tickets.verbs import add_mailbox

    triggers.install(connection)
    at = timezone.now()
    fill(at=at)
    service = Service.objects.get(slug="workplace-it")
    add_mailbox(by=COMMAND, at=at, address=BOX, service=service)
    connection.close()


def bring(port: int, letters: list[bytes]) -> None:
    """Bring letters over one line, as a mail server does; none is forgotten."""
    with smtplib.LMTP("127.0.0.1", port, timeout=60) as line:
        for each in letters:
            line.sendmail("p@crowd.example", [BOX], each)


def cpu(pid: int) -> float:
    """Return the seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def waits_for(port: int) -> None:
    """Return as soon as somebody listens there."""
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("Nobody takes letters.")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        os.environ["TRICORN_HOME"] = home
        os.environ["DJANGO_SETTINGS_MODULE"] = "tricorn.config.settings"
        os.environ["TRICORN_LMTP"] = f"127.0.0.1:{port}"
        os.environ["TRICORN_LETTERS_PER_HOUR"] = "100000"
        furnish()
        letters = [letter(number) for number in range(count)]
        processes = {
            name: subprocess.Popen(
                [sys.executable, "-m", "tricorn", *command], stdout=subprocess.DEVNULL
            )
            for name, command in COMMANDS.items()
        }
        try:
            waits_for(port)
            measure(port, letters, {name: each.pid for name, each in processes.items()})
        finally:
            for each in processes.values():
                each.terminate()
            for each in processes.values():
                each.wait()


def measure(port: int, letters: list[bytes], pids: dict[str, int]) -> None:
    """Bring them all, wait until all are filed and answered, and print what it took."""
    from django.db import connection

    from tricorn.mail.models import Letter
    from tricorn.tickets.models import Arrival, Ticket

    time.sleep(2)  # the others have started, too
    before, tickets = {name: cpu(pid) for name, pid in pids.items()}, Ticket.objects.count()
    began = time.perf_counter()
    lines = [
        threading.Thread(target=bring, args=[port, letters[number::LINES]])
        for number in range(LINES)
    ]
    for each in lines:
        each.start()
    for each in lines:
        each.join()
    kept = time.perf_counter() - began
    while Arrival.objects.filter(state="new").exists():
        time.sleep(0.2)
    filed = time.perf_counter() - began
    made = Ticket.objects.count() - tickets
    assert made == len(letters), f"{made} tickets of {len(letters)} letters"
    receipts = Letter.objects.filter(kind="receipt", ticket__arrivals__state="filed")
    while receipts.filter(state="sent").distinct().count() < made:
        time.sleep(1)
    answered = time.perf_counter() - began
    spent = {name: (cpu(pid) - before[name]) / made * 1000 for name, pid in pids.items()}
    cores, load = len(os.sched_getaffinity(0)), os.getloadavg()[0]
    print(f"\n{connection.vendor}, {cores} cores, load {load:.0f}")
    print(f"{'letters':>8}{'kept/s':>9}{'filed/s':>9}{'receipts/s':>12}")
    print(f"{made:>8}{made / kept:>9.0f}{made / filed:>9.0f}{made / answered:>12.0f}")
    print("processor ms a letter")
    for name, ms in {**spent, "all": sum(spent.values())}.items():
        print(f"{name:>10}{ms:>7.1f}")


if __name__ == "__main__":
    main()
