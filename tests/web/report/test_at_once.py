"""What happens at the same moment, and what is too much at once."""

from threading import Barrier, Thread

from django.db import connection
from django.test import Client

from tests.cast import SATURDAY
from tricorn.journal.models import Line
from tricorn.tickets.models import Ticket
from tricorn.web.report import trust

FORM = "application/x-www-form-urlencoded"


def test_two_submits_at_the_same_moment_are_one_report(transactional_db, mail, at):
    data = {"text": "The lift is stuck", "word": trust.new_word(SATURDAY)}
    together, pages = Barrier(2), []

    def submit():
        together.wait()
        pages.append(Client().post("/", data))
        connection.close()

    both = [Thread(target=submit) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()

    assert [page.status_code for page in pages] == [302, 302]
    assert pages[0].url == pages[1].url
    assert Ticket.objects.count() == 1
    assert Line.objects.filter(kind="ticket.reported").count() == 1


def test_too_much_in_any_form_is_one_clear_page(client, house, at, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    strict = Client(enforce_csrf_checks=True)

    for door in (client, strict):
        door.get("/accounts/login/")
        page = door.post("/accounts/login/", "email=" + "x" * 2000, content_type=FORM)
        assert page.status_code == 413
        assert "larger than we can take" in page.content.decode()


def test_very_many_fields_are_one_clear_page(client, mail, at):
    page = client.post("/", "&".join(f"f{n}=1" for n in range(2000)), content_type=FORM)

    assert page.status_code == 400
    assert "We could not read that" in page.content.decode()
