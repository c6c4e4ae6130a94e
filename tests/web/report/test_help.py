"""Help at the public door: who may read what, whether it solved it, and what may help at intake."""

import re

import pytest
from django.test import Client

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tests.knowledge.conftest import TEXT, written
from tricorn.journal.models import Line
from tricorn.knowledge import verbs
from tricorn.knowledge.models import Feedback
from tricorn.knowledge.verbs import Written
from tricorn.tickets import verbs as tickets
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Ticket

HTMX = {"HX-Request": "true"}


@pytest.fixture
def phone(desi, mail):
    return written(by=desi, services=(mail,))


@pytest.fixture(autouse=True)
def later(at):
    at(NOON)


def page(response):
    return " ".join(response.content.decode().split())


def word_of(response):
    return re.search(r'name="word" value="([^"]+)"', response.content.decode())[1]


def test_help_is_listed_by_service_and_read_without_a_trace(client, phone, desi):
    written("House rules", by=desi)
    before = Line.objects.count()

    listed = page(client.get("/help/"))
    assert listed.index("In general") < listed.index("House rules") < listed.index("Mail on a new")
    read = page(client.get("/help/mail-on-a-new-phone/"))

    assert "<strong>Settings</strong>" in read
    assert not client.cookies
    assert Line.objects.count() == before


def test_before_anything_is_written_the_page_says_what_will_be_there(client, mail):
    assert "No help is written yet" in page(client.get("/help/"))


def test_words_find_articles_and_odd_ones_find_none(client, phone):
    assert "Mail on a new phone" in page(client.get("/help/", {"q": "SETTINGS phone"}))
    for odd in ("zebra", "\0", "%", '"', "x" * 5000, "NEAR("):
        assert client.get("/help/", {"q": odd, "at": odd}).status_code == 200


def test_what_is_not_yours_is_not_there(client, desi, cleo, a7, mail):
    written("Desk", by=desi, services=(mail,), audience="desk")
    written("Mine", by=desi, services=(mail,), audience="entitled")
    written("Draft", by=desi, services=(mail,), publish=False)
    hers = Client()
    hers.force_login(cleo)

    for browser, open_ones in ((client, set()), (hers, {"mine"})):
        for slug in ("desk", "mine", "draft"):
            status = 200 if slug in open_ones else 404
            assert browser.get(f"/help/{slug}/").status_code == status
            if status == 404:
                sent = browser.post(f"/help/{slug}/feedback/", {"solved": "yes"})
                assert sent.status_code == 404
        listed = page(browser.get("/help/"))
        assert ("Mine" in listed) is ("mine" in open_ones)
        assert "Desk" not in listed.split("<main")[1]
        assert "Draft" not in listed


def test_a_place_offers_what_is_about_it(client, desi, phone, reception):
    written("Opening the gate", by=desi, places=(reception,))

    assert "Opening the gate" in page(client.get("/at/reception/"))
    assert "Opening the gate" not in page(client.get("/"))
    listed = page(client.get("/help/", {"at": "reception"}))
    assert "Opening the gate" in listed
    assert "Mail on a new phone" not in listed


def test_yes_and_no_are_said_without_a_cookie_and_a_comment_follows_a_no(client, phone):
    word = word_of(client.get("/help/mail-on-a-new-phone/"))
    address = "/help/mail-on-a-new-phone/feedback/"

    no = client.post(address, {"solved": "no", "word": word}, headers=HTMX)
    assert "What was missing" in page(no)
    said = client.post(address, {"solved": "no", "word": word_of(no), "comment": "No such button"})

    assert "Whoever wrote this will read it" in page(said)
    given = Feedback.objects.get()
    assert (given.solved, given.comment, given.person, given.where) == (
        False,
        "No such button",
        None,
        "page",
    )
    assert not client.cookies


@pytest.mark.parametrize(
    "sent",
    [
        {"solved": "perhaps"},
        {"word": "forged"},
        {"website": "spam"},
        {"comment": "x" * 3000},
        {"comment": "http://a " * 5},
    ],
)
def test_what_cannot_be_counted_is_asked_once_more_and_nothing_is_written(client, phone, sent):
    word = word_of(client.get("/help/mail-on-a-new-phone/"))
    given = {"solved": "no", "word": word, **sent}

    response = client.post("/help/mail-on-a-new-phone/feedback/", given)

    assert response.status_code == 422
    assert not Feedback.objects.exists()


def test_a_page_from_long_ago_is_not_counted(client, phone, at):
    word = word_of(client.get("/help/mail-on-a-new-phone/"))
    at(NOON + 100 * HOUR)

    sent = client.post("/help/mail-on-a-new-phone/feedback/", {"solved": "yes", "word": word})

    assert sent.status_code == 422


def test_who_is_signed_in_counts_once_and_only_from_our_own_page(phone, una):
    client = Client(enforce_csrf_checks=True)
    client.force_login(una)
    read = client.get("/help/mail-on-a-new-phone/")
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', read.content.decode())[1]
    given = {"solved": "yes", "word": word_of(read)}

    client.post("/help/mail-on-a-new-phone/feedback/", given)
    assert Feedback.objects.get().person is None
    for _ in range(2):
        given["csrfmiddlewaretoken"] = token
        client.post("/help/mail-on-a-new-phone/feedback/", given)

    assert list(Feedback.objects.order_by("id").values_list("person", flat=True)) == [None, una.pk]


def test_typing_suggests_what_may_help_and_keeps_nothing(client, phone, mail):
    before = Line.objects.count()
    typed = {"text": "My new phone gets no mail", "service": mail.pk, "door": "desk"}

    response = client.post("/help/suggest/", typed)

    assert "Mail on a new phone" in page(response)
    assert "Did this solve it?" in page(response), "the desk's door is not open to a visitor"
    assert page(client.post("/help/suggest/", {"text": "x", "service": "9" * 99})) == ""
    assert Line.objects.count() == before
    assert client.get("/help/suggest/").status_code == 405


def test_a_long_article_is_offered_by_its_beginning(client, desi, mail):
    written("Phones at length", by=desi, text="How it begins. " + "More to read. " * 400)

    shown = page(client.post("/help/suggest/", {"text": "phones at length"}))

    assert "How it begins." in shown
    assert len(shown) < 3000


def test_without_javascript_one_looks_first_and_what_was_typed_stays(client, phone, mail):
    word = word_of(client.get("/"))
    typed = {"text": "My new phone gets no mail", "email": "me@example.org", "word": word}

    looked = client.post("/", {**typed, "look": "yes"})

    assert looked.status_code == 200
    shown = page(looked)
    assert "This may help at once" in shown
    assert "My new phone gets no mail</textarea>" in shown
    assert "me@example.org" in shown
    assert word_of(looked) == word
    assert not Ticket.objects.exists()
    nothing = client.post("/", {"text": "Zebra", "look": "yes"})
    assert "Nothing written down answers this" in page(nothing)


def test_yes_at_intake_ends_it_well_and_no_report_is_sent(client, phone):
    typed = {"text": "My phone", "word": word_of(client.get("/")), "where": "intake"}

    ended = client.post("/help/mail-on-a-new-phone/feedback/", {**typed, "solved": "yes"})

    assert "Nothing was sent to the desk" in page(ended)
    assert Feedback.objects.get(solved=True).where == "intake"
    assert not Ticket.objects.exists()


def test_no_at_intake_leads_on_with_what_was_typed(client, phone, reception):
    typed = {"text": "My phone <b>", "word": word_of(client.get("/at/reception/"))}
    typed |= {"where": "intake", "at": "reception", "solved": "no"}

    asked = client.post("/help/mail-on-a-new-phone/feedback/", typed)
    assert 'action="/at/reception/"' in page(asked)
    assert 'name="text" value="My phone &lt;b&gt;"' in page(asked)
    back = client.post("/at/reception/", {"text": typed["text"], "go_on": "yes"})
    assert "My phone &lt;b&gt;</textarea>" in page(back)

    typed["word"] = word_of(client.get("/"))
    part = client.post("/help/mail-on-a-new-phone/feedback/", typed, headers=HTMX)
    assert "did not help; that is noted" in page(part)
    assert "<html" not in page(part)


def test_a_linked_article_stands_on_the_private_page_if_everybody_may_read_it(
    client, phone, desi, mail
):
    ticket = make_ticket(None, mail, at=MONDAY)
    secret = written("For us", by=desi, services=(mail,), audience="desk")
    for each in (phone, secret):
        tickets.link_article(ticket, each, by=desi.actor, at=NOON)

    shown = page(client.get(f"/r/{token_of(ticket)}/"))

    assert "Mail on a new phone" in shown
    assert "For us" not in shown


def test_a_picture_is_shown_where_the_published_text_shows_it(client, phone, desi, mail, picture):
    file = verbs.add_picture(phone, picture, by=desi.actor, at=NOON)
    path = f"/help/mail-on-a-new-phone/picture/{file.pk}/"
    assert client.get(path).status_code == 404
    desk = Client()
    desk.force_login(desi)
    assert desk.get(path).status_code == 200

    given = Written(phone.title, f"{TEXT}\n\n![Lamp](picture:{file.pk})", services=(mail,))
    verbs.change(phone, given, by=desi.actor, at=NOON)
    verbs.publish(phone, by=desi.actor, at=NOON)

    assert client.get(path).status_code == 200
    assert f'src="{path}"' in page(client.get("/help/mail-on-a-new-phone/"))
    assert client.get(f"/help/mail-on-a-new-phone/picture/{2**64}/").status_code == 404


@pytest.fixture
def picture():
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()


def test_the_list_costs_the_same_for_many_articles(
    client, desi, mail, django_assert_max_num_queries
):
    for number in range(6):
        written(f"Article {number}", by=desi, services=(mail,))

    with django_assert_max_num_queries(6):
        client.get("/help/")
