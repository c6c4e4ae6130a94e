"""Help for what one uses, and before one asks."""

import pytest
from django.test import Client

from tests.cast import LONG_AGO, NOON
from tests.knowledge.conftest import written
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.knowledge.models import Feedback
from tricorn.tickets.models import Ticket


@pytest.fixture
def hers(a7, cleo, at):
    at(NOON)
    client = Client()
    client.force_login(cleo)
    return client


def page(response):
    return " ".join(response.content.decode().split())


def test_my_help_is_about_my_services(hers, desi, mail, house, hours):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    written("About mail", by=desi, services=(mail,), audience="entitled")
    written("About laptops", by=desi, services=(laptop,))

    shown = page(hers.get("/my/help/"))

    assert "About mail" in shown
    assert "About laptops" not in shown
    assert "About mail" in page(hers.get("/my/help/?q=about"))
    assert "Nothing has these words" in page(hers.get("/my/help/?q=zebra"))


def test_before_one_asks_what_may_help_is_offered_and_yes_spares_the_ticket(hers, cleo, desi, mail):
    written("Phones and mail", by=desi, services=(mail,), audience="entitled")
    typed = {"text": "My phone gets no mail", "service": mail.pk, "kind": "question"}

    looked = page(hers.post("/my/ask/", {**typed, "look": "yes"}))
    assert "Phones and mail" in looked
    assert "My phone gets no mail</textarea>" in looked
    word = looked.split('name="word" value="')[1].split('"')[0]
    given = {**typed, "word": word, "where": "intake", "door": "my"}
    no = page(hers.post("/help/phones-and-mail/feedback/", {**given, "solved": "no"}))
    assert 'action="/my/ask/"' in no
    assert 'name="kind" value="question"' in no
    hers.post("/help/phones-and-mail/feedback/", {**given, "solved": "yes"})

    said = Feedback.objects.get()
    assert (said.person, said.solved, said.where) == (cleo, True, "intake")
    assert not Ticket.objects.exists()
