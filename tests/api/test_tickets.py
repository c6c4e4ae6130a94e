"""Tickets through the API: what the token's person sees and does in the browser, and no more."""

import pytest

from tests.api.conftest import program_of
from tests.cast import MONDAY, NOON, make_ticket, somebody
from tricorn.journal.models import Line
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket


@pytest.fixture
def hers(una, mail):
    ticket = make_ticket(una, mail, text="Mail is slow")
    return ticket


def test_a_report_is_answered_with_its_place(cleo, mail, a7):
    answer = program_of(cleo).post("/tickets", {"text": "Mail is slow", "service": "mail"})

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert answer["Location"] == f"/api/v1/tickets/{told['ref']}"
    assert told["requester"]["name"] == "Cleo"
    assert told["desk"] is None
    assert Ticket.objects.get().version == a7
    line = Line.objects.get(kind="ticket.reported")
    assert (line.by_kind, line.by_id) == ("person", cleo.pk)
    assert line.data["via"]
