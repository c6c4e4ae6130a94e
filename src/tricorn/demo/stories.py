"""Three stories, written by us: a lift on a Saturday, mail on a Saturday, a reader and a book.

Each step happens through a verb, at its own moment; what would lie in the future has not happened
yet, so the stories are at another point on every day of the week.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tricorn.demo.town import ZONE, Town
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.parties.models import Person
from tricorn.standing.verbs import tally
from tricorn.tickets import verbs
from tricorn.tickets.models import Outage, Ticket
from tricorn.tickets.verbs import Noted, Report

# Hour, kind, who, for which service, what, and what the desk answered.
SMALL_MATTERS = (
    (9, "request", "cleo", "mail", "A new colleague starts on the first: mailbox please.", ""),
    (
        10,
        "question",
        "cleo",
        "workplace",
        "Can I take my laptop to the Lisbon meeting?",
        "Yes. Please take the small charger along, and call us if the network there asks for a code.",
    ),
    (11, "complaint", "cleo", "mail", "Third slow Monday in a row. What is being done?", ""),
    (13, "wish", "una", "reading", "A lamp at the window seats would be lovely.", ""),
    (
        14,
        "praise",
        "greta",
        "lifts",
        "The desk called back within minutes. Thank you.",
        "Thank you for saying so. We will pass it on.",
    ),
)
Step = tuple[datetime, Callable[[datetime], object]]


def tell(town: Town, *, at: datetime) -> None:
    """Tell every story as far as it has come by `at`."""
    saturday = last_saturday(at)
    mail_on_saturday(town, saturday_of_last_month(at), at)
    mail_on_saturday(town, saturday, at)
    lift_on_saturday(town, saturday, at)
    a_reader_and_a_book(town, at)
    small_matters(town, at)
    front_desk(town, at)


def local(day: datetime, hour: int, minute: int = 0) -> datetime:
    """Return an hour of the day of `day`, as the town's clocks show it."""
    zone = ZoneInfo(ZONE)
    return datetime.combine(day.astimezone(zone).date(), time(hour, minute), tzinfo=zone)


def last_saturday(at: datetime) -> datetime:
    """Return the last Saturday, 10:00, that lies at least three hours back."""
    back = at - timedelta(hours=13)
    local_day = back.astimezone(ZoneInfo(ZONE))
    return local(back - timedelta(days=(local_day.weekday() - 5) % 7), 10)


def saturday_of_last_month(at: datetime) -> datetime:
    """Return the second Saturday of the month before, 10:00."""
    first = at.astimezone(ZoneInfo(ZONE)).replace(day=1) - timedelta(days=1)
    first = first.replace(day=1)
    return local(first + timedelta(days=(5 - first.weekday()) % 7 + 7), 10)


def follow(steps: list[Step], at: datetime) -> None:
    """Take the steps that have come by `at`, in their order."""
    for moment, step in steps:
        if moment > at:
            return
        step(moment)


def mail_on_saturday(town: Town, saturday: datetime, at: datetime) -> None:
    """Mail fails on Saturday at ten, for the very man who signed eight to eight on business days.

    Kept to the letter, and 46 hours pass: both are true.
    """
    held: list[Ticket] = []
    down: list[Outage] = []

    def failed(moment: datetime) -> None:
        noted = Noted(
            services=(town.mail,),
            began_at=saturday,
            found_by="monitoring",
            summary="Nothing comes in or goes out; nothing is lost.",
        )
        down.append(verbs.begin_outage(noted, by=COMMAND, at=moment))

    def reported(moment: datetime) -> None:
        held.append(
            verbs.report(
                Report(
                    service=town.mail,
                    text="Mail does not come in or go out since this morning.\n"
                    "I have to answer the auditors before Monday.",
                    requester=town.clive,
                    began_at=saturday,
                    impact=2,
                    urgency=1,
                ),
                by=town.clive.actor,
                at=moment,
            )
        )

    desi = town.desi.actor
    monday = saturday + timedelta(days=2)
    follow(
        [
            (saturday + timedelta(minutes=2), failed),
            (saturday + timedelta(minutes=6), reported),
            (
                local(monday, 8, 10),
                lambda moment: verbs.link_ticket(down[0], held[0], by=desi, at=moment),
            ),
            (
                local(monday, 8, 12),
                lambda moment: verbs.answer(
                    verbs.assign(held[0], by=desi, at=moment, to=town.desi),
                    by=desi,
                    at=moment,
                    text="Good morning Clive, the disk of the mail server was full. I am on it.",
                ),
            ),
            (
                local(monday, 8, 55),
                lambda moment: verbs.resolve(
                    held[0],
                    by=desi,
                    at=moment,
                    note="Mail runs again, and everything sent since Saturday has arrived.",
                ),
            ),
            (
                local(monday, 8, 55),
                lambda moment: verbs.end_outage(down[0], by=desi, at=moment),
            ),
        ],
        at,
    )


def lift_on_saturday(town: Town, saturday: datetime, at: datetime) -> None:
    """A lift is stuck; visitors say so without an account; the contractor holds it up."""
    held: list[Ticket] = []
    down: list[Outage] = []
    desi = town.desi.actor

    def visitor(text: str) -> Callable[[datetime], object]:
        def reported(moment: datetime) -> None:
            held.append(
                verbs.report(
                    Report(
                        service=town.lifts,
                        place=town.lift,
                        text=text,
                        impact=1,
                        urgency=2,
                    ),
                    by=VISITOR,
                    at=moment,
                )
            )

        return reported

    def noted(moment: datetime) -> None:
        outage = Noted(
            services=(town.lifts,),
            places=(town.lift,),
            began_at=saturday + timedelta(minutes=80),
            found_by="reporter",
            summary="Nobody is inside; the lift company has been called.",
        )
        down.append(verbs.begin_outage(outage, by=desi, at=moment, ticket=held[0]))
        verbs.link_ticket(down[0], held[1], by=desi, at=moment)

    def wait(moment: datetime) -> None:
        noted(moment)
        verbs.assign(held[0], by=desi, at=moment, to=town.desi)
        verbs.answer(
            held[0],
            by=desi,
            at=moment,
            text="Nobody is inside; the lift is locked on the second floor. "
            "The lift company has been called.",
        )
        verbs.wait(held[0], by=desi, at=moment, holder="supplier")
        verbs.answer(
            held[1],
            by=desi,
            at=moment,
            text="Please wait at the entrance: a colleague comes and takes you up by the goods lift.",
        )

    def same_lift(moment: datetime) -> None:
        verbs.answer(held[2], by=desi, at=moment, text="We know, thank you: it is being repaired.")
        verbs.link_ticket(down[0], held[2], by=desi, at=moment)

    def repaired(moment: datetime) -> None:
        verbs.resolve(
            held[0],
            by=desi,
            at=moment,
            note="The lift company changed a door contact. Lift B runs again.",
        )
        verbs.end_outage(down[0], by=desi, at=moment)

    follow(
        [
            (saturday + timedelta(minutes=80), visitor("The lift stands between two floors.")),
            (
                saturday + timedelta(minutes=85),
                visitor("Lift B does not move. I came with a wheelchair and cannot get up."),
            ),
            (saturday + timedelta(minutes=97), wait),
            (saturday + timedelta(minutes=170), visitor("lift broken!!")),
            (saturday + timedelta(minutes=188), same_lift),
            (saturday + timedelta(hours=23), repaired),
            (
                saturday + timedelta(hours=23, minutes=4),
                lambda moment: [
                    verbs.resolve(each, by=desi, at=moment, note="Lift B runs again.")
                    for each in held[1:]
                ],
            ),
        ],
        at,
    )


def a_reader_and_a_book(town: Town, at: datetime) -> None:
    """A reader asks for a book; the librarian asks back, and the reader's answer is awaited."""
    asked = _last_open_day(at, back=3)
    held: list[Ticket] = []

    def request(moment: datetime) -> None:
        held.append(
            verbs.report(
                Report(
                    service=town.reading,
                    kind="request",
                    text="Could you get the new atlas of tide tables for the reading room?",
                    requester=town.una,
                ),
                by=town.una.actor,
                at=moment,
            )
        )

    def ask_back(moment: datetime) -> None:
        liv = town.liv.actor
        verbs.assign(held[0], by=liv, at=moment, to=town.liv)
        verbs.answer(
            held[0],
            by=liv,
            at=moment,
            text="Gladly. There are two: the one for sailors and the large one with charts. "
            "Which would you like?",
        )
        verbs.wait(held[0], by=liv, at=moment, holder="customer")

    follow([(local(asked, 11, 20), request), (local(asked, 14, 5), ask_back)], at)


def small_matters(town: Town, at: datetime) -> None:
    """What is on the table besides: a question, a complaint, a suggestion, a word of praise."""
    day = _last_open_day(at, back=1)
    for hour, kind, person, service, text, answer in SMALL_MATTERS:
        asker: Person = getattr(town, person)
        moment = local(day, hour, 17)
        if moment > at:
            return
        ticket = verbs.report(
            Report(service=getattr(town, service), kind=kind, text=text, requester=asker),
            by=asker.actor,
            at=moment,
        )
        if answer and moment + timedelta(minutes=50) <= at:
            desk = town.liv if service == "reading" else town.desi
            verbs.answer(ticket, by=desk.actor, at=moment + timedelta(minutes=50), text=answer)


def front_desk(town: Town, at: datetime) -> None:
    """Who reports nothing is counted with one tap."""
    for back in range(10, 0, -1):
        moment = local(at - timedelta(days=back), 15)
        if moment.weekday() < 5 and moment <= at:
            tally(town.lifts, town.reception, by=town.desi.actor, at=moment, count=3 + back % 4)


def _last_open_day(at: datetime, *, back: int) -> datetime:
    """Return a day some days ago on which the library and the desk were open."""
    day = at - timedelta(days=back)
    while day.astimezone(ZoneInfo(ZONE)).weekday() in (0, 5, 6):
        day -= timedelta(days=1)
    return day
