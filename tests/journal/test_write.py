"""A line is written in the transaction of its change, with ids and figures and nobody's words."""

import pytest
from django.db import transaction

from tests.cast import A7, LONG_AGO, MONDAY, NOON, make_ticket
from tests.tickets.steps import told
from tricorn.agreements.verbs import activate
from tricorn.catalogue import verbs as catalogue
from tricorn.engine.agreement import Agreement
from tricorn.journal.actor import COMMAND, VISITOR, Actor
from tricorn.journal.models import Delivery, Line
from tricorn.journal.reactors import REACTORS, quiet, register
from tricorn.journal.verbs import Entry, digest, new_key, write, write_all
from tricorn.parties import verbs as parties
from tricorn.standing import verbs as standing
from tricorn.tickets import verbs as tickets

WHO = {"by": COMMAND, "at": NOON}
SECRET = "Quetzalcoatl"


@pytest.fixture
def ears():
    """Two who hear: one of answers, one of reports and answers."""
    before = dict(REACTORS)
    REACTORS.clear()
    register("answers", ["ticket.answered"], lambda line, at: None)
    register("both", ["ticket.answered", "ticket.reported"], lambda line, at: None)
    yield
    REACTORS.clear()
    REACTORS.update(before)


@pytest.mark.django_db(transaction=True)
def test_a_line_outside_of_a_transaction_is_refused_and_not_written(una):
    lines = Line.objects.count()

    with pytest.raises(RuntimeError, match="written in the transaction of its change"):
        write(una, "person.changed", **WHO)

    assert Line.objects.count() == lines


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_neither_line_nor_delivery(una, mail, ears):
    lines = Line.objects.count()

    with transaction.atomic():
        make_ticket(una, mail)
        transaction.set_rollback(True)

    assert (Line.objects.count(), Delivery.objects.count()) == (lines, 0)


def test_a_line_says_what_happened_to_what_by_whom_and_when(una, sam):
    with transaction.atomic():
        line = write(una, "person.changed", by=sam.actor, at=NOON, what=["name"])

    line.refresh_from_db()
    assert (line.subject, line.subject_id, line.at) == ("person", una.pk, NOON)
    assert (line.actor, line.data, line.digest) == (sam.actor, {"what": ["name"]}, "")


def test_who_acts_through_a_link_or_without_a_name_is_kept_as_such(mail):
    ticket = make_ticket(None, mail)
    tickets.count_affected(ticket, by=Actor("link", ticket.pk), at=NOON, count=2)

    actors = [line.actor for line in Line.objects.about("ticket", ticket.pk)]
    assert actors == [VISITOR, Actor("link", ticket.pk)]


def test_each_line_is_delivered_to_who_hears_of_its_kind_and_to_nobody_else(una, mail, desi, ears):
    ticket = make_ticket(una, mail)
    tickets.add_note(ticket, by=desi.actor, at=NOON, text="Looks odd")
    tickets.answer(ticket, by=desi.actor, at=NOON, text="We look into it")

    told_of = [(each.line.kind, each.reactor) for each in Delivery.objects.order_by("pk")]
    assert told_of == [
        ("ticket.reported", "both"),
        ("ticket.answered", "answers"),
        ("ticket.answered", "both"),
    ]


def test_stories_of_long_ago_are_written_and_told_to_nobody(una, mail, ears):
    with quiet():
        make_ticket(una, mail)

    assert Line.objects.filter(kind="ticket.reported").exists()
    assert not Delivery.objects.exists()


def test_many_lines_at_once_keep_their_order_and_their_moments(ears, db):
    entries = [
        Entry("ticket", n, "ticket.reported", {"n": n}, at=LONG_AGO if n % 2 else None)
        for n in range(1, 2001)
    ]

    with transaction.atomic():
        lines = write_all(entries, **WHO)

    stored = Line.objects.order_by("pk").values_list("subject_id", "at")
    assert list(stored) == [(n, LONG_AGO if n % 2 else NOON) for n in range(1, 2001)]
    assert len(lines) == Delivery.objects.count() == 2000


def test_a_digest_proves_a_text_to_who_has_its_key_and_says_nothing_to_others():
    key = new_key()

    assert digest(key, "My phone is 555") == digest(key, "My phone is 555")
    assert digest(key, "My phone is 555") != digest(new_key(), "My phone is 555")
    assert len(key) == 32


def test_no_line_of_any_verb_carries_what_somebody_wrote_or_is_called(house, mail, hours, desi):
    """Everything that people type is the same strange word; then no line may hold it."""
    boss = parties.add_person(name=SECRET, email=f"{SECRET}@example.org", **WHO)
    client = parties.add_organisation(name=f"{SECRET} Ltd", **WHO)
    client = parties.rename_organisation(client, name=f"{SECRET} Inc", **WHO)
    boss = parties.change_person(boss, name=f"Mr {SECRET}", email=f"b{SECRET}@example.org", **WHO)
    parties.change_own(boss, name=SECRET, zone="UTC", **WHO)
    member = parties.join(boss, client, title=SECRET, by=COMMAND, at=LONG_AGO)
    place = parties.add_place(name=f"At {SECRET}", **WHO)
    parties.change_place(place, name=f"By {SECRET}", **WHO)
    parties.change_house(changes={"danger_number": SECRET}, **WHO)
    catalogue.add_hours(name=SECRET, spec=hours.spec, **WHO)
    catalogue.change_hours(hours, name=f"{SECRET} hours", spec=hours.spec, **WHO)
    catalogue.add_level(mail, name=SECRET, hours=hours, **WHO)
    catalogue.change_service(
        mail, name=f"Mail {SECRET}", description=SECRET, hours=hours, places=[place], **WHO
    )
    fact = standing.record_fact(boss, "budget", words=SECRET, **WHO)
    standing.end_fact(fact, **WHO)
    granted = standing.grant(boss, client, ["sign"], **WHO)[0]
    toml = A7.replace('client = "Finance"', f'client = "{client}"')
    toml = toml.replace('organisation = "Finance"', f'organisation = "{client}"')
    toml = toml.replace("clive@example.org", boss.email).replace("Head of Finance", SECRET)
    toml = toml.replace("Mail for Finance", SECRET)
    activate(Agreement.from_toml(toml), **WHO)
    standing.withdraw(granted, **WHO)
    ticket = told(boss, mail, contact_email=f"{SECRET}@example.org", at=MONDAY)
    who = {"by": desi.actor, "at": NOON}
    tickets.add_note(ticket, text=SECRET, **who)
    tickets.answer(ticket, text=SECRET, **who)
    tickets.hand_over(ticket, note=f"{SECRET}!", **who)
    tickets.resolve(ticket, note=f"{SECRET}?", **who)
    tickets.rate(ticket, by=boss.actor, at=NOON, score=1, reason="support", text=SECRET)
    parties.leave(member, **WHO)

    lines = Line.objects.values_list("kind", "data")
    assert len({kind for kind, _ in lines}) > 25
    assert [each for each in lines if SECRET.lower() in str(each).lower()] == []
