"""What is stored by statements made once is what Django would have stored."""

import pytest
from django.db import IntegrityError, transaction

from tests.cast import NOON, make_ticket
from tricorn.journal.models import Delivery, Line
from tricorn.stored import MOST, change, insert, insert_all, insert_new, update
from tricorn.tickets.models import Clock, Message, Ticket

pytestmark = pytest.mark.django_db


def columns(record):
    """Return everything of a row as the database gives it, but its number."""
    found = type(record).objects.filter(pk=record.pk).values().get()
    return {name: value for name, value in found.items() if name != "id"}


@pytest.mark.parametrize("model", [Message, Clock, Line])
def test_a_copy_is_the_same_row_whichever_way_it_was_stored(una, mail, model):
    make_ticket(una, mail, text="Ö % %s \u2028")
    record = model.objects.order_by("id").last()
    before = columns(record)
    if model is Clock:
        model.objects.all().delete()

    record.pk = None
    insert(record)

    assert columns(record) == before
    assert not record._state.adding
    assert model.objects.get(pk=record.pk) == record


def test_many_at_once_get_their_own_numbers(una, mail):
    ticket = make_ticket(una, mail)
    for count in (0, 3, MOST + 1):
        made = [
            Message(ticket=ticket, by_kind="worker", text=str(n), key=b"k", at=NOON)
            for n in range(count)
        ]
        insert_all(made)
        assert [Message.objects.get(pk=each.pk).text for each in made] == [
            str(n) for n in range(count)
        ]


def test_only_the_named_fields_are_stored_anew(una, mail):
    ticket = make_ticket(una, mail)
    ticket.summary, ticket.state, ticket.fields = "Other", "open", {"a": [1]}

    update(ticket, ["summary", "fields"])

    ticket.refresh_from_db()
    assert (ticket.summary, ticket.state, ticket.fields) == ("Other", "new", {"a": [1]})


def test_what_the_database_refuses_is_refused_as_ever(una, mail):
    first, second = make_ticket(una, mail), make_ticket(una, mail)
    first.once = "form"
    update(first, ["once"])
    second.pk, second.once = None, "form"
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(second)
    assert Ticket.objects.count() == 2


def test_what_is_there_already_is_left_alone_and_said(una, mail):
    make_ticket(una, mail)
    line = Line.objects.latest("id")
    first, same, other = (
        Delivery(line=line, reactor=name, not_before=NOON) for name in ("one", "one", "two")
    )

    assert insert_new([first])
    assert not insert_new([same, other])
    assert (same.pk, Delivery.objects.get(pk=other.pk).reactor) == (None, "two")
    assert insert_new([])


def test_a_row_is_changed_only_while_it_is_what_it_was(una, mail):
    ticket = make_ticket(una, mail)
    was = {"state": "new", "resolved_at": None, "requester": una.pk}

    assert not change(ticket, {**was, "state": "open"}, fields={"a": [1]})
    assert not change(ticket, {**was, "closed_at": NOON}, fields={"a": [1]})
    assert change(ticket, was, fields={"a": [1]}, place=None, due_at=NOON, summary="Other")

    found = Ticket.objects.get(pk=ticket.pk)
    assert (found.fields, found.due_at, found.summary) == ({"a": [1]}, NOON, "Other")
    assert ticket.summary != "Other"
