"""A program for test_killed: receivers and filers that are killed while letters are brought.

    python -m tests.mail.incoming.killed PORT COUNT

Brings COUNT letters by LMTP as a mail server does (whatever is not acknowledged is brought again)
while the receiver, or the process that files beside it, or both are killed by force and started
anew; on PostgreSQL all their lines to the database are cut in between besides. Prints one JSON
object with what came of it.
"""

import json
import os
import random
import signal
import smtplib
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime

from tricorn.cli import database

SECONDS_AT_MOST = 60
ROLES = ["receiver", "filer"]
BOX = "help@house.example"


def main(port: int, count: int) -> dict[str, object]:
    database.ready()
    from django.db import connection, connections

    from tests.mail.incoming.arriving import letter
    from tricorn.journal.models import Line
    from tricorn.tickets.models import Arrival, Message, Ticket

    furnish()
    luck = random.Random(2033)
    waiting = [
        letter(f"p{number}@crowd.example", mail_id=f"<{number}@crowd.example>")
        for number in range(count)
    ]
    acknowledged = kills = cuts = 0
    connections.close_all()
    running = {role: start(role, port) for role in ROLES}
    patience = time.monotonic() + SECONDS_AT_MOST
    dies_at = luck.randint(5, 12)
    while waiting and time.monotonic() < patience:
        try:
            with smtplib.LMTP("127.0.0.1", port, timeout=5) as line:
                while waiting:
                    line.sendmail("p@crowd.example", [BOX], waiting[0])
                    waiting.pop(0)
                    acknowledged += 1
                    if luck.random() < 0.1:
                        cuts += cut(connection)
                    if acknowledged >= dies_at:
                        for role in luck.choice([ROLES[:1], ROLES[1:], ROLES]):
                            os.kill(running[role], signal.SIGKILL)
                            os.waitpid(running[role], 0)
                            kills += 1
                            running[role] = start(role, port)
                        dies_at = acknowledged + luck.randint(5, 12)
                        break
        except (OSError, smtplib.SMTPException):
            time.sleep(0.02)
    while Arrival.objects.filter(state="new").exists() and time.monotonic() < patience:
        # What a dead one had in hand is free after half a minute; nobody waits for that here.
        for pk in Arrival.objects.filter(state="new").values_list("pk", flat=True):
            Arrival.objects.filter(pk=pk).update(not_before=datetime.now(UTC))
        time.sleep(0.2)
    for pid in running.values():
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
    senders = Counter(Ticket.objects.values_list("contact_email", flat=True))
    return {
        "acknowledged": acknowledged,
        "kills": kills,
        "cuts": cuts,
        "tickets": Ticket.objects.count(),
        "twice": sum(1 for times in senders.values() if times > 1),
        "messages": Message.objects.count(),
        "arrivals": dict(Counter(Arrival.objects.values_list("state", flat=True))),
        "receipts": Line.objects.filter(kind="ticket.reported").count(),
    }


def furnish() -> None:
    from tests.cast import BUSINESS, LONG_AGO
    from tricorn.catalogue.verbs import add_hours, add_service
    from tricorn.journal.actor import COMMAND
    from tricorn.parties import verbs as parties
    from tricorn.tickets.verbs import add_mailbox

    given = {"by": COMMAND, "at": LONG_AGO}
    house = parties.furnish(**given, provider="House IT", sector="it", zone="Europe/Berlin")
    hours = add_hours(**given, name="Business days", spec=BUSINESS)
    service = add_service(**given, name="Mail", provider=house.provider, hours=hours)
    add_mailbox(**given, address=BOX, service=service)


def cut(connection) -> int:
    """The database server ends every line but ours, as when it dies and comes back."""
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def start(role: str, port: int) -> int:
    """Fork a receiver that only keeps, or a filer; return its process id."""
    from django.db import connections

    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    from tricorn.mail.incoming.filer import Filer
    from tricorn.mail.incoming.receiver import Receiver

    def now() -> datetime:
        return datetime.now(UTC)

    threading.Thread(target=die_with, args=[os.getppid()], daemon=True).start()
    work = Filer(now) if role == "filer" else Receiver(now, port=port, with_filing=False)
    signal.signal(signal.SIGTERM, lambda number, frame: work.stop.set())
    work.run()
    os._exit(0)


def die_with(parent: int) -> None:
    """Leave nothing running when the program above is gone."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
