"""What the demonstration's desk and its manager keep at hand: words, steps, rules, a private queue."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from tricorn.automation import verbs as automation
from tricorn.catalogue.questions import add_question
from tricorn.catalogue.verbs import Promise, add_service
from tricorn.demo.town import ZONE, Town, person
from tricorn.engine.escalation import Step as Telling
from tricorn.engine.questions import Question
from tricorn.engine.recurring import Rhythm
from tricorn.engine.rules import Action, Condition, Written
from tricorn.engine.steps import Step
from tricorn.journal.actor import COMMAND
from tricorn.parties.models import House
from tricorn.standing.verbs import give_duty, share
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.verbs import Described, Report

QUESTIONS = (
    Question("", "Which room are you in?", help="As it stands on the door: 2.14"),
    Question("", "The number on the sticker", help="Below the machine: R-1042"),
    Question("", "Can you still work?", kind="choice", choices=("Yes", "With pains", "No")),
)
FIRST_DAY = ("Account and mailbox", "Laptop handed over", "Keys and badge", "Shown round")
WHICH_MACHINE = (
    "Good day {{ name }},\n\nthank you for {{ ref }}. Which number stands on the sticker below the "
    "machine? With it we find out what is in it.\n\n{{ agent }}"
)


def keep_at_hand(town: Town, *, at: datetime) -> None:
    """Let Desi keep words and steps, and Mo questions, rules and what comes again."""
    ago = at - timedelta(days=100)
    desi, mo = town.desi.actor, town.mo.actor
    for question in QUESTIONS:
        add_question(town.workplace, question, by=mo, at=ago)
    verbs.keep_checklist(town.workplace, by=mo, at=ago, name="First day", items=FIRST_DAY)
    verbs.keep_canned(
        by=desi, at=ago, name="Which machine?", text=WHICH_MACHINE, service=town.workplace
    )
    steps = (
        Step("take"),
        Step("answer", text=WHICH_MACHINE),
        Step("wait", what="customer"),
    )
    verbs.keep_macro(by=desi, at=ago, name="Ask for the machine", steps=steps)
    kept = verbs.save_filter(
        by=desi, at=ago, name="Mail, due today", query="q=service:mail due:<8h"
    )
    verbs.change_filter(
        kept, by=desi, at=ago, name="Mail, due today", is_shared=True, service=town.mail
    )
    weekly = Rhythm(_next_monday(at.date()), time(8, 30), ZONE)
    backups = automation.Again(
        town.workplace, "Look at the backups of the week", weekly, assignee=town.desi
    )
    automation.add_recurring(backups, by=mo, at=at)


def arrange_rules(town: Town, *, at: datetime) -> None:
    """Two rules: one that is on from now on, and one to try before it is switched on."""
    mo = town.mo.actor
    stuck = Written(
        "reported",
        (Condition("service", (town.lifts.pk,)), Condition("words", ("stuck", "inside"))),
        (Action("prioritise", "critical"), Action("notify", "manager")),
    )
    rule = automation.add_rule(by=mo, at=at, name="Somebody may be inside a lift", written=stuck)
    automation.switch_rule(rule, by=mo, at=at, is_on=True)
    quiet = Written("waiting_since", (), (Action("notify", "assignee"),), minutes=3 * 24 * 60)
    automation.add_rule(by=mo, at=at, name="Quiet for three days", written=quiet)


def tell_in_time(town: Town, *, at: datetime) -> None:
    """Whoever has it hears at half of the time, and Mo when it is late."""
    chain = (Telling("share", 50), Telling("late", whom="manager"))
    for service in (town.lifts, town.mail):
        automation.set_chain(service, chain, by=town.mo.actor, at=at)


def understand_the_disk(town: Town, *, at: datetime) -> None:
    """Behind both Saturdays on which mail was down there is one problem, with a way round it."""
    tickets = Ticket.objects.filter(service=town.mail, requester=town.clive, began_at__isnull=False)
    described = Described(
        "The disk of the mail server fills up on Saturdays",
        (town.mail,),
        cause="The weekly backup writes to the disk that it saves.",
        workaround="Delete the oldest backup, then start the mail server again.",
        is_known_error=True,
    )
    first, *others = tickets.order_by("reported_at")
    desi = town.desi.actor
    problem = verbs.add_problem(described, by=desi, at=at - timedelta(hours=1), ticket=first)
    for each in others:
        verbs.link_to_problem(problem, each, by=desi, at=at - timedelta(hours=1))


def ask_in_private(town: Town, *, at: datetime) -> None:
    """Staff matters, whose queue nobody reads but Hana; not even Mo, who manages all the rest.

    She also reviews complaints that name somebody who works here.
    """
    ago = at - timedelta(days=700)
    provider = House.objects.get().provider
    hana = person("Hana Kral", "8 staff matters", provider, ago)
    staff = add_service(
        by=COMMAND,
        at=ago,
        name="Staff matters",
        provider=provider,
        hours=town.mail.levels.get().hours,
        description="Contracts, leave, pay. Only the staff office reads it.",
        promises=[Promise("first_response", "2d")],
    )
    for duty in ("manage", "desk"):
        give_duty(hana, duty, by=COMMAND, at=ago, service=staff)
    share(staff, by=hana.actor, at=ago, is_private=True, intake="signed_in")
    verbs.set_reviewer(hana, by=COMMAND, at=ago)
    text = "How much of this year’s leave may I take along into the next?"
    asked = Report(service=staff, kind="question", text=text, requester=town.cleo)
    verbs.report(asked, by=town.cleo.actor, at=at - timedelta(hours=20))


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())
