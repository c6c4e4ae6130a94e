"""Who may see which page: managers of everything, managers of one service, nobody else."""

from datetime import date

import pytest
from django.urls import get_resolver, reverse

from tests.agreements.offering import may, text
from tests.cast import LONG_AGO, NOON, make_ticket, somebody
from tests.mail.incoming.arriving import HELP, arrive, letter
from tricorn.agreements.models import Review, Work
from tricorn.agreements.rhythm import ReviewPeriod
from tricorn.agreements.verbs import (
    Described,
    Presented,
    Wanted,
    add_action,
    add_option,
    ask_change,
    begin_offer,
    make_offer,
    open_trial,
    present_work,
)
from tricorn.automation import verbs as automation
from tricorn.automation.models import Recurring, Rule
from tricorn.catalogue.models import Service
from tricorn.catalogue.questions import add_question
from tricorn.catalogue.verbs import add_hours, add_service
from tricorn.engine.questions import Question
from tricorn.engine.recurring import Rhythm
from tricorn.engine.rules import Action, Written
from tricorn.engine.steps import Step
from tricorn.files.models import File
from tricorn.insight.replays import verbs as replays
from tricorn.insight.reviews import figures_of_review
from tricorn.insight.scope import everything
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.mail.models import Letter
from tricorn.parties.verbs import make_token
from tricorn.tickets.models import Arrival, Canned, Checklist, Macro, Mailbox, Tag
from tricorn.tickets.verbs import (
    add_mailbox,
    keep_canned,
    keep_checklist,
    keep_macro,
    note_unreachable,
    set_reviewer,
)
from tricorn.web.manage.urls import urlpatterns

# What a manager of one service may open; the numbers in it are those of their service.
OF_ONE_SERVICE = {
    "front",
    "services",
    "service",
    "service-uncovered",
    "level-add",
    "level",
    "questions",
    "question",
    "question-move",
    "checklists",
    "checklist",
    "answers",
    "answer",
    "macros",
    "macro",
    "hours-list",
    "hours-add",
    "hours-read",
    "hours-preview",
    "hours",
    "hours-reread",
    "hours-toml",
    "offers",
    "offer-add",
    "reports",
    "report",
    "report-csv",
    "replays",
    "replay-begin",
    "replay-upload",
}
# Asked for last, of what the service shares.
FORGET = {"answer-forget", "macro-forget"}
# These ask for a row besides; the tests of a person's page press their buttons.
ROWS = {
    "offer-paper",
    "person-leave",
    "person-end-duty",
    "person-end-fact",
    "person-withdraw",
    "person-come-back",
    "organisation-end-quorum",
    "replay-ask",
}
POSTED = {
    "answer-forget",
    "macro-forget",
    "question-move",
    "rule-switch",
    "rule-move",
    "rule-remove",
    "recurring-preview",
    "recurring-switch",
    "hours-preview",
    "agreement-activate",
    "words-preview",
    "letters-preview",
    "letters-shipped",
    "letters-again",
    "letters-give-up",
    "organisation-join",
    "organisation-quorum",
    "organisation-end-quorum",
    "review-action-add",
    "review-action-end",
    "trial-close",
    "reviewer-end",
    "reviewers-keeping",
    "work-take-back",
    "program-revoke",
    "offer-make",
    "offer-withdraw",
    "offer-sign",
    "offer-sign-code",
    "offer-sign-paper",
    "option-propose",
    "option-take-back",
    "change-take",
    "change-refuse",
    "replay-again",
    "replay-ask",
    "replay-keep",
    "replay-option-add",
    "replay-option-remove",
    "replay-people",
    "replay-priorities",
    "replay-rates",
    "replay-search",
    "mailbox-close",
    "mailbox-open",
    "mailbox-test",
    "arrival-let-in",
    "arrival-discard",
    "unreachable-lift",
}


def records(mail, mo, finance, a7):
    """A review with an action, presented work with a paper, a trial."""
    period = ReviewPeriod(date(2026, 9, 1), date(2026, 9, 30), date(2026, 10, 14), "month")
    party = next(each for each in everything() if each.agreement == a7.agreement)
    figures, evidence = figures_of_review(party, period, at=NOON, fewest=5)
    review, _ = Review.objects.get_or_create(
        agreement=a7.agreement,
        version=a7,
        per="month",
        period_from=period.first,
        period_to=period.last,
        due_on=period.due_on,
        defaults={"figures": figures, "evidence": evidence, "prepared_at": NOON, "key": b"k"},
    )
    asked = add_question(mail, Question("", "Room?"), by=mo.actor, at=NOON)
    kept = Checklist.objects.first() or keep_checklist(
        mail, by=mo.actor, at=NOON, name="List", items=["Key"]
    )
    work = Work.objects.first() or present_work(
        Presented(finance, mail, "Server", files=[("a.pdf", b"%PDF-1.7 test")]),
        by=mo.actor,
        at=NOON,
    )
    noted = Written("reported", (), (Action("add_note", text="Look"),))
    rhythm = Rhythm(NOON.date(), NOON.time(), "Europe/Berlin")
    stamp = {"by": mo.actor, "at": NOON}
    rule = Rule.objects.first() or automation.add_rule(name="Note", written=noted, **stamp)
    again = automation.Again(mail, "Check", rhythm)
    return {
        "question": asked.key,
        "checklist": kept.pk,
        **shared(mail, mo),
        "tag": Tag.objects.get_or_create(name="printer", key="printer")[0].pk,
        "rule": rule.pk,
        "recurring": (Recurring.objects.first() or automation.add_recurring(again, **stamp)).pk,
        "review": review.pk,
        "action": add_action(review, "Call", "client", by=mo.actor, at=NOON).pk,
        "work": work.pk,
        "number": File.objects.get(subject="work").pk,
        "words": "receipt",
        "mailed": going_out(mo, mail),
        "reviewer": set_reviewer(mo, by=mo.actor, at=NOON).pk,
        "trial": open_trial(mail, 30, by=mo.actor, at=NOON).pk,
    }


def shared(mail, mo):
    """The numbers of words and a macro that Mail shares."""
    given = {"by": mo.actor, "at": NOON, "service": mail}
    words = Canned.objects.first() or keep_canned(name="Hello", text="Hello", **given)
    macro = Macro.objects.first() or keep_macro(name="Take", steps=[Step("take")], **given)
    return {"answer": words.pk, "macro": macro.pk}


def going_out(mo, mail):
    """The number of a letter that waits."""
    ticket = make_ticket(mo, mail)
    line = Line.objects.about("ticket", ticket.pk).earliest("id")
    given = {"kind": "receipt", "recipient": "mo@example.org", "message_id": f"<{line.pk}@x>"}
    return Letter.objects.create(line=line, ticket=ticket, made_at=NOON, **given).pk


def every_address(mail, mo, reception, finance, a7):
    """Every address of Manage with records that exist."""
    numbers = {
        "service": mail.pk,
        "level": mail.levels.get().pk,
        "hours": mail.hours_id,
        "person": mo.pk,
        "organisation": finance.pk,
        "place": reception.pk,
        "name": "on-time",
        "version": a7.pk,
        "program": token_of(mo),
        **records(mail, mo, finance, a7),
        **offer_of_a_laptop(mail, mo, finance),
        **tried_on_laptops(mo),
        **put_aside(mail),
    }
    for pattern in urlpatterns:
        known = {**numbers, "offer": numbers["trial"]} if "trial" in pattern.name else numbers
        needed = {name: known[name] for name in pattern.pattern.converters}
        yield pattern.name, reverse(f"manage:{pattern.name}", kwargs=needed)


def token_of(mo):
    """The number of a token, made when none is there yet."""
    found = (
        mo.tokens.first()
        or make_token(
            mo, by=mo.actor, at=NOON, name="Script", scopes=["tickets:read"], days=30
        ).token
    )
    return found.pk


def put_aside(mail):
    """The numbers of a mailbox, and of a letter there that waits to be looked at."""
    box = Mailbox.objects.first() or add_mailbox(
        by=COMMAND, at=LONG_AGO, address=HELP, service=mail
    )
    arrival = Arrival.objects.first() or arrive(letter(None), box)
    lost = note_unreachable("lost@example.org", by=COMMAND, at=LONG_AGO)
    return {"mailbox": box.pk, "arrival": arrival.pk, "unreachable": lost.pk}


def offer_of_a_laptop(mail, mo, finance):
    """The numbers of an offer with a change that is asked, on a service that is not Mail."""
    cora = somebody("Cora", finance)
    may(cora, finance)
    own = add_hours(by=COMMAND, at=LONG_AGO, name="Laptop hours", spec=mail.hours.spec)
    add_service(by=COMMAND, at=LONG_AGO, name="Laptop", provider=mail.provider, hours=own)
    offer = begin_offer(finance, mail.provider, "Laptop", by=mo.actor, at=NOON)
    option = add_option(
        offer, Described("As now"), text(services=("Laptop",)), by=mo.actor, at=NOON
    )
    make_offer(offer, by=mo.actor, at=NOON)
    wanted = Wanted("clause", "R2", "Faster, please.")
    change = ask_change(option.wordings.get(), wanted, cora, by=cora.actor, at=NOON)
    return {"offer": offer.pk, "option": option.pk, "change": change.pk}


def tried_on_laptops(mo):
    """The key of a run on the tickets of a service that is not Mail, and the letter of an option."""
    laptop = Service.objects.get(name="Laptop")
    make_ticket(mo, laptop, at=NOON)
    run = replays.begin_replay(
        [laptop],
        NOON.date(),
        NOON.date(),
        by=mo.actor,
        at=NOON,
        present=text(services=("Laptop",)),
    )
    for name in ("Saturdays", "Sundays"):
        option = replays.add_option(run, name, text(services=("Laptop",)), by=mo.actor, at=NOON)
    return {"key": run.key, "letter": option.letter}


def ask(client, name, url):
    is_posted = name in POSTED or (name.startswith("person-") and name != "person-add")
    return client.post(url) if is_posted else client.get(url)


def test_who_works_at_the_desk_alone_finds_no_page(enter, desi, mail, mo, reception, finance, a7):
    client = enter(desi)

    for name, url in every_address(mail, mo, reception, finance, a7):
        assert ask(client, name, url).status_code == 404, name


def test_a_stranger_is_asked_to_sign_in(client, mail, mo, reception, finance, a7):
    for name, url in every_address(mail, mo, reception, finance, a7):
        response = ask(client, name, url)
        assert response.status_code == 302, name
        assert "login" in response["Location"], name


def test_who_manages_everything_can_open_every_page(manage, mail, mo, reception, finance, a7):
    for name, url in every_address(mail, mo, reception, finance, a7):
        expected = (404,) if name in ROWS else (200, 302, 409, 422)
        assert ask(manage, name, url).status_code in expected, name


def test_who_manages_one_service_finds_that_service_and_hours_alone(
    of_mail, mail, mo, reception, finance, a7
):
    for name, url in every_address(mail, mo, reception, finance, a7):
        expected = (200, 302) if name in OF_ONE_SERVICE | FORGET else (404,)
        assert ask(of_mail, name, url).status_code in expected, name


def test_every_address_is_among_those_that_are_walked():
    walked = {f"manage:{pattern.name}" for pattern in urlpatterns}
    known = {
        f"manage:{name}"
        for name in get_resolver("tricorn.web.manage.urls").reverse_dict
        if isinstance(name, str)
    }

    assert known == walked


def test_a_service_that_one_does_not_manage_does_not_exist(of_mail, house, hours, mail):
    other = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )

    assert of_mail.get(reverse("manage:service", args=[other.pk])).status_code == 404
    assert (
        of_mail.post(reverse("manage:service", args=[other.pk]), {"name": "X"}).status_code == 404
    )
    assert "Laptop" not in of_mail.get(reverse("manage:services")).content.decode()
    level = other.levels.get()
    assert of_mail.get(reverse("manage:level", args=[mail.pk, level.pk])).status_code == 404


def test_hours_that_another_service_uses_can_be_seen_and_not_changed(of_mail, house, hours, mail):
    add_service(by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours)
    url = reverse("manage:hours", args=[hours.pk])

    page = of_mail.get(url)

    assert page.status_code == 200
    assert "a manager of all services changes them" in page.content.decode()
    assert of_mail.post(url, {"name": "Mine", "zone": "UTC"}).status_code == 404
    assert of_mail.get(reverse("manage:hours-reread", args=[hours.pk])).status_code == 404


def test_hours_of_ones_own_service_can_be_changed(of_mail, mail, hours):
    free = add_hours(
        by=COMMAND,
        at=LONG_AGO,
        name="Free",
        spec={"zone": "UTC", "weekly": {"mon": ["08:00-09:00"]}},
    )

    for each in (hours, free):
        response = of_mail.post(
            reverse("manage:hours", args=[each.pk]),
            {"name": each.name, "zone": "Europe/Berlin", "mon": "07:00-12:00"},
        )
        assert response.status_code == 302
        each.refresh_from_db()
        assert each.spec["weekly"] == {"mon": ["07:00-12:00"]}


@pytest.mark.parametrize("section", ["People", "Organisations", "Agreements", "Settings"])
def test_sections_that_are_not_yours_are_not_offered(of_mail, manage, section):
    assert f">{section}<" in manage.get("/manage/").content.decode()
    assert f">{section}<" not in of_mail.get("/manage/").content.decode()
