"""A town with something on every page: what the walks over all pages need beside the cast.

`town` has for each of its people the pages at which a walk begins; every other page is reached from
there by links. A start that no link leads to shows a thing in a state that the first one found has
not. Whoever adds a page adds here what stands on it.
"""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from PIL import Image

from tests.agreements.offering import latest, may, offered, text
from tests.cast import A7, HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.insight.replaying import begun, with_saturdays
from tests.mail.incoming.arriving import HELP, arrive, letter
from tests.web.reviewing import MORE
from tricorn.agreements import verbs as agreeing
from tricorn.agreements.models import Review
from tricorn.agreements.verbs import activate
from tricorn.automation import jobs
from tricorn.automation import verbs as automation
from tricorn.catalogue.models import Service
from tricorn.catalogue.questions import add_question
from tricorn.catalogue.verbs import add_service
from tricorn.engine import rules
from tricorn.engine.agreement import Agreement
from tricorn.engine.escalation import Step as Telling
from tricorn.engine.questions import Question
from tricorn.engine.recurring import Rhythm
from tricorn.engine.steps import Step
from tricorn.files.verbs import attach_photo
from tricorn.insight.reports import REPORTS
from tricorn.insight.reviews import prepare_reviews
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.journal.deliver import run_once
from tricorn.journal.models import Delivery
from tricorn.knowledge import verbs as knowledge
from tricorn.knowledge.verbs import Written
from tricorn.mail.verbs.identities import Given, set_identity
from tricorn.notices.asking import token_for
from tricorn.notices.quiet import word_for
from tricorn.parties.models import Organisation, Person
from tricorn.parties.verbs import make_token
from tricorn.standing.verbs import give_duty, share, tally
from tricorn.tickets import verbs
from tricorn.tickets.links import token_of
from tricorn.tickets.models import CheckItem, Ticket
from tricorn.tickets.verbs import Report

# Who walks in one test, while another worker lets the rest walk. Hera's pages are Desi's and Mo's.
SHARES = {
    "outside": ("visitor", "una", "clive", "rita", "dan"),
    "desk": ("desi",),
    "manage": ("mo",),
}
DESCRIBED = agreeing.Described("Business days", "Monday to Friday, 8 to 20", "Weekends")
DAY = 24 * HOUR
SEPTEMBER = datetime(2026, 9, 1, 8, tzinfo=UTC)
MARKED = """# Before you begin

Switch it off, **wait a minute**, and [read on](https://docs.example.org/).

1. Press the button.
2. Press it *again*.

* A lamp
* Another lamp

> It does not start.

`restart now`
"""


@dataclass(frozen=True)
class Town:
    """Who walks from where: by a short name the person (nobody: a visitor) and the first pages."""

    walks: dict[str, tuple[Person | None, list[str]]]


@pytest.fixture
def town(house, a7, mail, reception, una, cleo, clive, desi, mo, finance):
    """Something in every list: open, waiting, resolved, merged, held, private, named, asked."""
    starts: dict[str, list[str]] = {
        "visitor": ["/", "/at/reception/", "/accounts/login/", "/accounts/login/password/"],
        "una": ["/", "/my/", "/accounts/me/", "/notices/", "/notices/settings/"],
        "clive": ["/decide/", "/my/"],
        "desi": ["/desk/?tab=all", "/desk/?tab=done", "/desk/held/", "/at/reception/tally/"],
        "mo": ["/manage/"],
        "rita": ["/inquiries/"],
        "dan": ["/inquiries/"],
        "hera": ["/desk/?tab=all", "/manage/services/"],
    }
    rita, hera, dan = (somebody(name, house.provider) for name in ("Rita", "Hera", "Dan"))
    arrange_what_happens_by_itself(mail, desi, mo)
    a_month(mail, desi, [cleo, clive, una])
    Delivery.objects.all().delete()  # it was told long ago
    starts["clive"] += reviewed(house, mail, clive, finance)
    tickets = [
        make_ticket(cleo, mail),
        make_ticket(clive, mail),
        make_ticket(una, mail, text="Una asks"),
        make_ticket(None, mail, text="A visitor reports"),
        make_ticket(cleo, mail, text="Once more"),
        make_ticket(una, mail, text="It stands still: http://example.org/screen"),
    ]
    arrange_the_desk(mail, tickets[5], desi)
    waiting = make_ticket(cleo, mail, text="Mail is slow since Saturday")
    much_about(waiting, mail, desi, cleo)
    states(tickets, desi, una, mail)
    staff = a_private_service(house, mail, hera)
    make_ticket(una, staff, text="About my contract")
    named = a_complaint_about(mail, rita, una, dan)
    starts["rita"] += [f"/inquiries/{named.ref}/"]
    some_knowledge(mail, reception, desi)
    letters_came(mail, desi)
    a_bad_moment(mail, tickets[5], reception, desi)
    starts["clive"] += offers_and_work(house, finance, mail, mo, clive)
    for score in (1, 3, 5):
        verbs.rate_place(reception, by=VISITOR, at=MONDAY, score=score, once=f"tap {score}")
    tally(mail, reception, by=desi.actor, at=MONDAY)
    make_token(una, by=una.actor, at=MONDAY, name="My script", scopes=["tickets:read"], days=30)
    september = {"first": date(2026, 9, 1), "last": date(2026, 9, 30)}
    with_saturdays(begun(mail, mo, **september), mo)
    theirs = with_saturdays(
        begun(mail, clive, **september, client=finance, for_client=True), clive
    ).replay
    Delivery.objects.exclude(line__subject="ticket").delete()
    while run_once(lambda: NOON) or jobs.work(NOON):
        pass
    starts["visitor"] += ["/at/reception/sign/", "/accounts/inactive/"]
    starts["visitor"] += [
        f"/how/{token_for(tickets[3], None, 'guest@example.org')}/4/",
        f"/quiet/{word_for('requester', 'rating', person=una)}/",
    ]
    starts["una"] += ["/my/all/", *(f"/my/{each.ref}/" for each in tickets[2:6:3])]
    starts["clive"] += [f"/decide/replays/{theirs.key}/", "/decide/a/A-7/v1/"]
    starts["desi"] += ["/desk/bulk/1/", "/at/reception/sign/"]
    starts["mo"] += [f"/manage/reports/{name}/" for name in REPORTS]
    starts["visitor"] += [f"/r/{token_of(each)}/" for each in (tickets[3], tickets[4])]
    starts["desi"] += [f"/desk/t/{each.ref}/" for each in (waiting, *tickets)]
    starts["desi"] += ["/desk/search/?q=mail", "/desk/search/?q=nothingofthekind"]
    people = {"una": una, "clive": clive, "desi": desi, "mo": mo, "rita": rita}
    people |= {"hera": hera, "dan": dan}
    return Town({who: (people.get(who), pages) for who, pages in starts.items()})


def a_month(mail: Service, desi: Person, people: list[Person]) -> None:
    """September: eighteen matters, some late, some on a Saturday, some that were rated."""
    for number in range(18):
        who, at = people[number % 3], SEPTEMBER + number * 37 * HOUR
        ticket = make_ticket(who, mail, at=at, text=f"Matter {number}")
        verbs.answer(ticket, by=desi.actor, at=at + number % 5 * HOUR, text="We look at it.")
        verbs.resolve(ticket, by=desi.actor, at=at + (1 + number % 11) * 5 * HOUR, note="Done")
        if number % 3 == 0:
            verbs.rate(ticket, by=who.actor, at=at + 60 * HOUR, score=1 + number % 5)


def reviewed(house, mail: Service, clive: Person, finance: Organisation) -> list[str]:
    """A second agreement, for Laptop, with a review each month; return its page at Decide."""
    add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Laptop",
        provider=house.provider,
        hours=mail.levels.get().hours,
    )
    text = A7.replace("A-7", "A-8").replace('["mail"]', '["laptop"]') + MORE
    text = text.replace("2026-05-04", "2026-08-03")
    version = activate(Agreement.from_toml(text), by=COMMAND, at=SEPTEMBER - 30 * DAY).version
    may(clive, finance, "decide", "sign", "accept")
    prepare_reviews(NOON, by=COMMAND)
    review = Review.objects.filter(agreement=version.agreement).latest("period_to")
    agreeing.add_action(review, "Call them", "client", by=clive.actor, at=NOON)
    return [f"/decide/reviews/{review.pk}/"]


def states(tickets: list[Ticket], desi: Person, una: Person, mail: Service) -> None:
    """One that waits, two resolved (one rated), one merged, one held, one whose reporter said why."""
    by = desi.actor
    verbs.wait(tickets[0], by=by, at=MONDAY, holder="customer")
    verbs.resolve(tickets[2], by=by, at=MONDAY, note="Done")
    verbs.rate(tickets[2], by=una.actor, at=NOON, score=2, reason="support", text="It took long")
    verbs.resolve(tickets[3], by=by, at=MONDAY, note="Done")
    verbs.merge(tickets[4], by=by, at=NOON, into=tickets[0])
    verbs.set_parent(tickets[1], by=by, at=NOON, parent=tickets[5])
    held = Report(service=mail, text="Buy this", held_for="many links")
    verbs.report(held, by=una.actor, at=MONDAY)


def arrange_the_desk(mail: Service, ticket: Ticket, desi: Person) -> None:
    """Views, words to use again, questions, a checklist, and a deed done to many."""
    by = desi.actor
    kept = verbs.save_filter(by=by, at=MONDAY, name="Mine", query="tab=mine")
    verbs.save_filter(by=by, at=MONDAY, name="Late", query="q=is:late")
    verbs.change_filter(kept, by=by, at=MONDAY, name="Mine", is_shared=True)
    verbs.keep_canned(by=by, at=MONDAY, name="Which screen", text="Dear {{ name }}, which?")
    steps = [Step("take"), Step("answer", text="We look at it."), Step("wait", what="customer")]
    verbs.keep_macro(by=by, at=MONDAY, name="Ask back", steps=steps)
    asked = (
        Question("", "Which room?", required="named"),
        Question("", "What have you tried?", kind="long", help="Every step helps."),
        Question("", "Which system?", kind="choice", choices=("Web", "Phone")),
        Question("", "Since when?", kind="date"),
        Question("", "Did it ever work?", kind="yesno"),
        Question("", "Serial number", is_desk_only=True),
    )
    for question in asked:
        add_question(mail, question, by=COMMAND, at=LONG_AGO)
    items = ["Look at the log", "Call them"]
    verbs.keep_checklist(mail, by=COMMAND, at=LONG_AGO, name="First steps", items=items)
    bulk = verbs.begin_bulk([ticket.pk], Step("tag", text="screens"), by=by, at=MONDAY)
    verbs.bulk_some(bulk, at=MONDAY)


def arrange_what_happens_by_itself(mail: Service, desi: Person, mo: Person) -> None:
    """Two rules, one of which ran, a chain, and something that comes again."""
    by = mo.actor
    note = rules.Action("add_note", text="Look at it.")
    high = rules.Action("prioritise", "high")
    asks = (rules.Condition("words", ("screen",)), rules.Condition("kind", ("wish",), negated=True))
    written = rules.Written("reported", asks, (high, note))
    rule = automation.add_rule(by=by, at=LONG_AGO, name="Screens first", written=written)
    automation.switch_rule(rule, by=by, at=LONG_AGO, is_on=True)
    quiet = rules.Written("waiting_since", (), (rules.Action("notify", "assignee"),), 48 * 60)
    automation.add_rule(by=by, at=LONG_AGO, name="Long quiet", written=quiet)
    chain = [Telling("share", 50), Telling("late", whom="manager")]
    automation.set_chain(mail, chain, by=by, at=LONG_AGO)
    weekly = Rhythm(NOON.date(), NOON.time(), "Europe/Berlin")
    again = automation.Again(mail, "Look at the backups", weekly, assignee=desi)
    automation.add_recurring(again, by=by, at=LONG_AGO)


def much_about(ticket: Ticket, mail: Service, desi: Person, cleo: Person) -> None:
    """A ticket with everything that a ticket can have."""
    by = desi.actor
    other = make_ticket(cleo, mail, text="The other half")
    verbs.assign(ticket, by=by, at=MONDAY, to=desi)
    verbs.answer(ticket, by=by, at=MONDAY, text="Since when?\n\n> Mail is slow\n> since Saturday")
    verbs.answer(ticket, by=cleo.actor, at=MONDAY + HOUR, text="Since the lights went out.")
    verbs.add_note(ticket, by=by, at=MONDAY + HOUR, text="Power cut on Saturday. @Mo knows more.")
    verbs.tag(ticket, by=by, at=NOON, name="power")
    verbs.tag(other, by=by, at=NOON, name="powercut")
    verbs.add_items(ticket, by=by, at=NOON, items=["Ask the electrician", "Look at mx2"])
    verbs.tick(CheckItem.objects.filter(ticket=ticket).earliest("id"), by=by, at=NOON)
    verbs.remind(ticket, by=by, at=NOON, due_at=NOON + DAY, note="Call back", is_snooze=False)
    verbs.link(ticket, other, by=by, at=NOON, kind="caused_by")
    verbs.copy_in(ticket, [("Una", "una@example.org")], by=by, at=NOON)
    verbs.log_time(ticket, by=by, at=NOON, minutes=15)
    verbs.count_affected(ticket, by=by, at=NOON, count=12)
    verbs.keep_draft(ticket, by=by, at=NOON, kind="answer", text="We found")
    with io.BytesIO() as out:
        Image.new("RGB", (8, 8)).save(out, "PNG")
        attach_photo(ticket, out.getvalue(), by=cleo.actor, at=MONDAY)
    described = verbs.Described(
        "Power cuts stop mx2", (mail,), "No battery", "Start it by hand", is_known_error=True
    )
    verbs.add_problem(described, by=by, at=NOON, ticket=ticket)


def a_private_service(house, mail: Service, hera: Person) -> Service:
    """Staff matters, which Hera alone reads, and on nobody's form but that of who is known."""
    staff = add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Staff matters",
        provider=house.provider,
        hours=mail.levels.get().hours,
    )
    for duty in ("manage", "desk"):
        give_duty(hera, duty, by=COMMAND, at=LONG_AGO, service=staff)
    return share(staff, by=COMMAND, at=LONG_AGO, is_private=True)


def a_complaint_about(mail: Service, rita: Person, una: Person, dan: Person) -> Ticket:
    """Una complains about Ned and Dan; Rita has asked both, and one has answered."""
    ned = somebody("Ned")
    verbs.set_reviewer(rita, by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(una, mail, text="Ned and Dan laughed at me")
    verbs.name_staff(ticket, [ned, dan], by=COMMAND, at=MONDAY)
    first, _ = (
        verbs.ask_named(ticket, each, "What happened?", by=rita.actor, at=MONDAY)
        for each in (ned, dan)
    )
    verbs.reply_to_review(first, by=ned.actor, at=NOON, text="I laughed about something else.")
    return ticket


def some_knowledge(mail: Service, reception, desi: Person) -> None:
    """An article for everybody with readers' answers, one changed since, a draft, one for the desk."""
    by = desi.actor
    given = Written("A screen stays dark", MARKED, services=(mail,), slug="dark", summary="First")
    article = knowledge.publish(knowledge.write(given, by=by, at=LONG_AGO), by=by, at=LONG_AGO)
    for number in range(6):
        said = "It never says where the button is." if number == 0 else ""
        knowledge.give_feedback(
            article,
            by=VISITOR,
            at=MONDAY - number * DAY,
            solved=number > 1,
            once=f"reader {number}",
            comment=said,
        )
    better = MARKED.replace("a minute", "two minutes")
    changed = Written("A screen stays dark", better, summary="Longer", services=(mail,))
    knowledge.change(article, changed, by=by, at=MONDAY)
    ours = Written("Passwords", MARKED, services=(mail,), places=(reception,), audience="desk")
    knowledge.publish(knowledge.write(ours, by=by, at=LONG_AGO), by=by, at=LONG_AGO)
    knowledge.write(Written("Just begun", "More soon"), by=by, at=MONDAY)


def letters_came(mail: Service, desi: Person) -> None:
    """A mailbox that is fetched and failed once, a letter that became a ticket, one put aside."""
    fetched = verbs.Fetched(host="mail.house.example", login="help", password="a secret")
    box = verbs.add_mailbox(by=COMMAND, at=LONG_AGO, address=HELP, service=mail, fetched=fetched)
    verbs.note_fetched(box, at=MONDAY, problem="The mail server does not answer.")
    arrive(letter(files=(("note.txt", "text/plain", b"Hello"),)), box)
    arrive(letter(None), box)
    set_identity(mail, Given("Mail desk", HELP, "Your desk"), by=COMMAND, at=LONG_AGO)


def a_bad_moment(mail: Service, ticket: Ticket, reception, desi: Person) -> None:
    """An outage that lasts, one planned, one over."""
    by = desi.actor
    verbs.begin_outage(
        verbs.Noted((mail,), MONDAY, summary="Half of it is slow"), by=by, at=NOON, ticket=ticket
    )
    planned = verbs.Noted(
        (mail,), NOON + DAY, NOON + 26 * HOUR, (reception,), is_planned=True, summary="New disks"
    )
    verbs.begin_outage(planned, by=by, at=NOON)
    over = verbs.Noted((mail,), MONDAY - 9 * DAY, MONDAY - 9 * DAY + HOUR, found_by="reporter")
    verbs.begin_outage(over, by=by, at=NOON)


def offers_and_work(
    house, finance: Organisation, mail: Service, mo: Person, clive: Person
) -> list[str]:
    """An offer that waits, work presented, a service to try; return their pages at Decide."""
    offer = offered(house, finance, mo)
    wording = latest(offer)
    wanted = agreeing.Wanted("clause", "R2", "Eight hours are long", "target", "6h")
    agreeing.ask_change(wording, wanted, clive, by=clive.actor, at=NOON)
    agreeing.decline(
        offer.options.get(letter="B"), clive, by=clive.actor, at=NOON, reason="Nobody is here then"
    )
    agreeing.change_option(wording.option, DESCRIBED, text(target="7h"), by=mo.actor, at=NOON)
    agreeing.propose(wording.option, by=mo.actor, at=NOON, note="Seven we can do.")
    newer = latest(offer)
    other = offered(house, finance, mo)
    agreeing.accept(latest(other), clive, by=clive.actor, at=NOON)
    given = agreeing.Presented(finance, mail, "New server", "Installed and tested")
    work = agreeing.present_work(given, by=mo.actor, at=NOON)
    agreeing.open_trial(mail, 30, by=mo.actor, at=NOON, words="Try it")
    return [
        f"/decide/offers/{offer.pk}/",
        f"/decide/offers/{other.pk}/",
        f"/decide/offers/rounds/{wording.pk}/to/{newer.pk}/",
        f"/decide/offers/rounds/{newer.pk}/accept/",
        f"/decide/work/{work.pk}/",
    ]
