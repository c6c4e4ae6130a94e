"""Articles at the desk: the list, writing, versions, and beside a ticket."""

import io
import re

import pytest
from PIL import Image

from tests.cast import LONG_AGO, NOON, make_ticket, somebody
from tests.knowledge.conftest import TEXT, written
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.knowledge import verbs
from tricorn.knowledge.models import Article, Feedback, Reader
from tricorn.knowledge.verbs import Written
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Ticket, TicketArticle
from tricorn.tickets.reads.articles import articles_of

FORM = {"title": "Printer jams", "text": "# Open it\n\nThen close it.", "audience": "everybody"}


@pytest.fixture
def phone(desi, mail):
    return written(by=desi, services=(mail,))


def page(response):
    return " ".join(response.content.decode().split())


def test_the_list_says_what_readers_said(desk, phone, una):
    verbs.give_feedback(phone, by=una.actor, at=NOON, solved=True, where="intake")

    shown = page(desk.get("/desk/articles/"))

    assert "Mail on a new phone" in shown
    assert shown.count('<td class="num">1</td>') == 2
    assert "Nothing here fits" in page(desk.get("/desk/articles/?state=retired"))
    assert "Mail on a new phone" in page(desk.get("/desk/articles/?q=settings&state=nonsense"))


def test_without_an_article_the_list_says_how_to_begin(desk, mail):
    assert "Write the first" in page(desk.get("/desk/articles/"))


def test_an_article_is_written_as_a_draft_then_changed_and_published(desk, mail):
    sent = {**FORM, "services": [mail.pk], "language": "en"}
    kept = desk.post("/desk/articles/write/", sent)
    article = Article.objects.get()
    assert kept["Location"] == f"/desk/articles/{article.pk}/"
    assert article.state == "draft"
    assert "Publish version 1" in page(desk.get(kept["Location"]))

    change = f"/desk/articles/{article.pk}/change/"
    assert "Then close it." in page(desk.get(change))
    desk.post(change, {**sent, "text": "New", "after": "1", "summary": "Shorter", "publish": "yes"})

    article.refresh_from_db()
    assert (article.state, article.published.text) == ("published", "New")
    shown = page(desk.get(f"/desk/articles/{article.pk}/version/2/"))
    assert "Shorter" in shown
    assert '<li data-kind="added"><span class="visually-hidden">Added: </span>New</li>' in shown


def test_what_is_wrong_comes_back_with_what_was_typed(desk, mail):
    sent = desk.post("/desk/articles/write/", {**FORM, "title": "", "audience": "entitled"})
    assert sent.status_code == 422
    assert "Then close it." in page(sent)

    sent = desk.post("/desk/articles/write/", {**FORM, "audience": "entitled", "language": "en"})
    assert sent.status_code == 422
    assert "Choose the services whose people may read it." in page(sent)
    assert not Article.objects.exists()


def test_without_javascript_a_button_shows_how_it_will_read(desk, mail):
    shown = desk.post("/desk/articles/write/", {**FORM, "title": "", "preview": "yes"})

    assert shown.status_code == 200
    assert '<h2 id="part-open-it">Open it</h2>' in page(shown)
    assert "Give it a title." not in page(shown)
    part = desk.post(
        "/desk/articles/preview/", {"text": "**a** <script>x</script>", "article": "9" * 99}
    )
    assert "<strong>a</strong>" in page(part)
    assert "<script>" not in page(part)
    assert "too long" in page(desk.post("/desk/articles/preview/", {"text": "x" * 50_001}))
    assert not Article.objects.exists()


def test_who_writes_over_anothers_version_hears_of_it_once_and_loses_nothing(desk, phone, mail, mo):
    verbs.change(phone, Written(phone.title, "By Mo", services=(mail,)), by=mo.actor, at=NOON)
    change = f"/desk/articles/{phone.pk}/change/"
    sent = {**FORM, "services": [mail.pk], "language": "en", "after": "1"}

    refused = desk.post(change, sent)

    assert refused.status_code == 409
    shown = page(refused)
    assert "Mo has written version 2 meanwhile" in shown
    assert "Then close it." in shown
    again = re.search(r'name="after" value="(\d+)"', shown)[1]
    assert desk.post(change, {**sent, "after": again}).status_code == 302


def test_a_picture_is_kept_with_the_text_and_says_how_it_is_shown(desk, phone, mail):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    out.seek(0)
    out.name = "lamp.png"
    change = f"/desk/articles/{phone.pk}/change/"
    sent = {"title": phone.title, "text": TEXT, "services": [mail.pk], "language": "en"}
    sent |= {"audience": "everybody", "photo": out}

    kept = desk.post(change, sent, follow=True)

    assert "](picture:" in page(kept)
    bad = io.BytesIO(b"no picture")
    bad.name = "x.png"
    refused = desk.post(change, {**sent, "photo": bad})
    assert refused.status_code == 422
    assert "not a photo we can read" in page(refused)


def test_a_version_is_restored_published_and_the_article_retired(desk, phone, mail, desi):
    verbs.change(phone, Written(phone.title, "Worse", services=(mail,)), by=desi.actor, at=NOON)
    own = f"/desk/articles/{phone.pk}/"
    assert "Readers see an older version" in page(desk.get(own))

    desk.post(f"{own}restore/", {"number": "1"})
    desk.post(f"{own}publish/", {"number": "3"})
    phone.refresh_from_db()
    assert (phone.newest, phone.published.number, phone.published.text) == (3, 3, TEXT)
    desk.post(f"{own}retire/")

    assert "retired" in page(desk.get(own))
    assert desk.get("/help/mail-on-a-new-phone/").status_code == 404
    assert desk.post(f"{own}publish/", {"number": "99"}).status_code == 422
    assert desk.get(f"{own}version/99/").status_code == 404
    assert desk.get(f"{own}version/2/?against=3").status_code == 200
    assert desk.get(f"/desk/articles/{2**64}/").status_code == 404


def test_comments_are_read_without_a_name(desk, phone, una):
    verbs.give_feedback(phone, by=una.actor, at=NOON, solved=False, comment="No such button")

    shown = page(desk.get(f"/desk/articles/{phone.pk}/"))

    assert "No such button" in shown
    assert "Una" not in shown


def test_an_agent_of_another_service_finds_nothing_here(sign_in, phone, house, hours):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    browser = sign_in(dora)

    assert "Mail on a new phone" not in page(browser.get("/desk/articles/"))
    for path in ("", "change/", "version/1/"):
        assert browser.get(f"/desk/articles/{phone.pk}/{path}").status_code == 404
    assert browser.post(f"/desk/articles/{phone.pk}/retire/").status_code == 404


def test_beside_a_ticket_stands_what_may_help_and_goes_into_the_reply(desk, phone, una, mail):
    ticket = make_ticket(una, mail, text="My new phone gets no mail")
    own = f"/desk/t/{ticket.ref}/"

    shown = page(desk.get(own))
    assert "Mail on a new phone" in shown
    assert 'data-text="Mail on a new phone: http://testserver/help/mail-on-a-new-phone/"' in shown
    assert (
        "Mail on a new phone: http://"
        in page(desk.get(f"{own}?insert={phone.pk}")).split("<textarea")[1]
    )
    assert "Type your address." in page(desk.get(f"{own}?insert={phone.pk}&as=text"))
    assert desk.get(f"{own}?insert=x").status_code == 200
    assert desk.get(f"/desk/articles/{phone.pk}/text/").content.decode() == TEXT


def test_an_article_is_linked_to_a_ticket_and_shown_to_whose_matter_it_is(
    desk, sign_in, phone, una, mail
):
    ticket = make_ticket(una, mail)
    own = f"/desk/t/{ticket.ref}/"

    for _ in range(2):
        desk.post(f"{own}link-article/", {"article": phone.pk})
    assert TicketArticle.objects.count() == 1
    assert "linked an article that helps" in page(desk.get(own))
    hers = sign_in(una)
    assert "This may help" in page(hers.get(f"/my/{ticket.ref}/"))

    desk.post(f"{own}unlink-article/", {"article": phone.pk})
    assert not TicketArticle.objects.exists()
    assert "This may help" not in page(hers.get(f"/my/{ticket.ref}/"))
    for odd in ("", "x", "9" * 30, "0"):
        assert desk.post(f"{own}link-article/", {"article": odd}).status_code == 404


def test_a_draft_is_not_linked(desk, desi, mail, una):
    draft = written(by=desi, services=(mail,), publish=False)
    ticket = make_ticket(una, mail)

    refused = desk.post(f"/desk/t/{ticket.ref}/link-article/", {"article": draft.pk})

    assert refused.status_code == 409
    assert not TicketArticle.objects.exists()


def test_the_ticket_costs_the_same_for_many_articles(
    desk, desi, una, mail, django_assert_max_num_queries
):
    ticket = make_ticket(una, mail, text="The printer jams")
    for number in range(4):
        article = written(f"Printer {number}", by=desi, services=(mail,))
        if number % 2:
            tickets.link_article(ticket, article, by=desi.actor, at=NOON)

    with django_assert_max_num_queries(6):
        beside = articles_of(ticket, Reader(desi.pk, None, None))
    assert (len(beside.linked), len(beside.suggested)) == (2, 2)


def test_while_taking_a_report_down_an_answer_needs_no_ticket(desk, phone, mail):
    looked = desk.post(
        "/desk/new/", {"text": "new phone without mail", "look": "yes", "once": "c1"}
    )
    assert looked.status_code == 200
    shown = page(looked)
    assert "That solved it, no ticket needed" in shown
    assert "new phone without mail</textarea>" in shown

    for once in ("c1", "c1", "c2"):
        desk.post(f"/desk/articles/{phone.pk}/helped/", {"once": once})

    assert Feedback.objects.filter(where="desk", solved=True, person=None).count() == 2
    assert not Ticket.objects.exists()
    assert desk.post(f"/desk/articles/{phone.pk}/helped/").status_code == 422
