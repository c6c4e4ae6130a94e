"""The public door: one box, no account, nothing refused for looking wrong."""

import io
import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from PIL import Image

from tests.cast import LONG_AGO, MONDAY, SATURDAY
from tricorn.catalogue.verbs import add_service
from tricorn.files.models import File
from tricorn.files.verbs import where
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import Place
from tricorn.tickets.models import Ticket
from tricorn.web.report import trust

WORD = re.compile(r'name="word" value="([^"]+)"')


def word_made(moment):
    return trust.new_word(moment)


def long_before(moment=MONDAY):
    return trust.new_word(moment.replace(minute=0) - (MONDAY - SATURDAY) / 48)


def send(client, path="/", **data):
    data = {"text": "The lift is stuck", "word": long_before(), **data}
    return client.post(path, data, follow=True)


def test_the_page_holds_one_box_that_asks_and_the_danger_line_before_it(client, mail, at):
    page = client.get("/").content.decode()

    assert page.count("<textarea") == 1
    assert page.index("Call 5555") < page.index("<textarea")
    assert not client.cookies


def test_the_page_says_when_help_starts(client, mail, at):
    at(SATURDAY)

    assert "The desk opens Monday 08:00, in 2 days." in client.get("/").content.decode()
    assert "08–20 on business days" in client.get("/").content.decode()


def test_a_report_leads_to_a_private_page_with_words_and_reference(client, mail, at):
    page = send(client)

    ticket = Ticket.objects.get()
    assert page.redirect_chain[0][0].startswith("/r/")
    assert f"Your reference is {ticket.ref}." in page.content.decode()
    assert "The lift is stuck" in page.content.decode()
    assert (ticket.held_for, ticket.requester, ticket.service) == ("", None, mail)
    assert not client.cookies


def test_a_report_without_any_form_before_is_taken_and_held(client, mail, at):
    page = Client(enforce_csrf_checks=True).post("/", {"text": "Help"}, follow=True)

    ticket = Ticket.objects.get()
    assert ticket.held_for == "unknown form"
    assert ticket.ref in page.content.decode()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"word": word_made(MONDAY)}, "too quick"),
        ({"word": word_made(datetime(2026, 10, 1, tzinfo=UTC))}, "old form"),
        ({"word": "123.abc:forged"}, "unknown form"),
        ({"website": "http://buy.example"}, "hidden field filled"),
        ({"text": "see " + "http://a.example " * 4}, "many links"),
    ],
)
def test_what_looks_wrong_is_held_and_never_refused(client, mail, at, data, why):
    page = send(client, **data)

    ticket = Ticket.objects.get()
    assert (page.status_code, ticket.held_for) == (200, why)
    assert f"Your reference is {ticket.ref}." in page.content.decode()


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://[", "testserver"])
def test_what_another_site_sends_is_held(client, mail, at, origin):
    client.post("/", {"text": "x", "word": long_before()}, headers={"origin": origin})

    assert Ticket.objects.get().held_for == "sent from elsewhere"


def test_very_many_from_one_sender_are_held_and_no_address_is_kept(client, mail, at, monkeypatch):
    monkeypatch.setattr(trust, "MOST_PER_HOUR", 2)

    for number in range(3):
        send(client, text=f"Report {number}", word=long_before())
    client.post("/", {"text": "other", "word": long_before()}, REMOTE_ADDR="192.0.2.7")

    held = Ticket.objects.order_by("id").values_list("held_for", flat=True)
    assert list(held) == ["", "", "many from one sender", ""]
    kept = str(list(Line.objects.values())) + str(list(Ticket.objects.values()))
    assert "127.0.0.1" not in kept
    assert "192.0.2.7" not in kept


def test_a_second_submit_of_the_same_form_is_the_same_report(client, mail, at):
    word = long_before()

    first = send(client, word=word)
    second = send(client, word=word)

    assert Ticket.objects.count() == 1
    assert first.redirect_chain == second.redirect_chain


def test_other_words_in_the_same_form_are_another_report(client, mail, at):
    word = long_before()

    send(client, word=word)
    send(client, word=word, text="And the light is broken")

    assert Ticket.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_box_is_a_sentence_beside_it(client, mail, at, text):
    page = send(client, text=text)

    assert page.status_code == 422
    assert "is empty. Write what is wrong" in page.content.decode()
    assert not Ticket.objects.exists()


def test_a_million_characters_are_refused_and_kept_in_the_box(client, mail, at):
    page = send(client, text="long " * 200_000)

    assert page.status_code == 422
    assert "at most 100,000 fit" in page.content.decode()
    assert page.content.decode().count("long ") >= 200_000
    assert not Ticket.objects.exists()


def test_more_than_any_report_is_one_clear_page(client, mail, at, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    page = client.post("/", "text=" + "x" * 2000, content_type="application/x-www-form-urlencoded")

    assert page.status_code == 413
    assert "larger than we can take" in page.content.decode()


def test_a_body_that_is_too_large_is_not_even_read(client, mail, at):
    page = client.post("/", {"text": "x"}, CONTENT_LENGTH=str(65 * 1024 * 1024))

    assert page.status_code == 413
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Lift 🛗 stuck 🙂", "Lift 🛗 stuck 🙂"),
        ("المصعد معطل", "المصعد معطل"),
        ("a\0b", "ab"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<b onload=x>'\"", "&lt;b onload=x&gt;&#x27;&quot;"),
    ],
)
def test_strange_text_arrives_as_it_was_meant(client, mail, at, text, shown):
    page = send(client, text=text)

    assert page.status_code == 200
    assert shown in page.content.decode()
    assert 'dir="auto"' in page.content.decode()


@pytest.mark.parametrize("field", ["text", "service", "email", "website", "word", "photo"])
@pytest.mark.parametrize("value", ["\0", "<script>alert(1)</script>", "\ud83d", "😀" * 99, "0x9"])
def test_no_field_can_break_the_page(client, mail, at, field, value):
    value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    page = send(client, **{field: value})

    assert page.status_code in (200, 422)
    assert "<script>alert" not in page.content.decode()


def test_a_wrong_mail_address_is_said_and_the_words_stay(client, mail, at):
    page = send(client, email="not an address")

    assert page.status_code == 422
    assert "This is no mail address." in page.content.decode()
    assert "The lift is stuck" in page.content.decode()


def test_bytes_in_another_encoding_are_no_fault(client, mail, at):
    page = client.post(
        "/", b"text=caf%E9+is+closed", content_type="application/x-www-form-urlencoded"
    )

    assert page.status_code == 302
    assert "is closed" in Ticket.objects.get().summary


def test_a_broken_upload_is_one_clear_page(client, mail, at):
    page = client.post("/", b"--x\r\nnonsense", content_type="multipart/form-data; boundary=" + "")

    assert page.status_code == 400


def jpeg(size=(40, 30)):
    image, out = Image.new("RGB", size, "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera of Una"
    image.save(out, "JPEG", exif=exif)
    out.seek(0)
    out.name = "lift.jpg"
    return out


def test_a_photo_is_stripped_and_shown_behind_the_link_alone(client, mail, at):
    page = send(client, photo=jpeg())

    file = File.objects.get()
    path = f"{page.redirect_chain[0][0]}photo/{file.pk}/"
    answer = client.get(path)
    content = b"".join(answer.streaming_content)
    assert path in page.content.decode()
    assert content == where(file.stored_as).read_bytes()
    assert b"Camera of Una" not in content
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert client.get(f"/r/{'x' * 43}/photo/{file.pk}/").status_code == 404


def test_the_photo_of_another_report_is_not_behind_this_link(client, mail, at):
    send(client, photo=jpeg())
    other = send(client, text="Another")

    number = File.objects.get().pk
    assert client.get(f"{other.redirect_chain[0][0]}photo/{number}/").status_code == 404


@pytest.mark.parametrize(
    ("photo", "why"),
    [
        (b"%PDF-1.7 not a photo", "not a photo we can read"),
        (b"x" * (10 * 1024 * 1024 + 1), "at most 10 MB fit"),
    ],
)
def test_a_photo_that_is_none_is_said_beside_it_and_the_words_stay(client, mail, at, photo, why):
    upload = io.BytesIO(photo)
    upload.name = "photo.jpg"

    page = send(client, photo=upload)

    assert page.status_code == 422
    assert why in page.content.decode()
    assert "The lift is stuck" in page.content.decode()
    assert not Ticket.objects.exists()


def test_the_place_behind_a_code_is_known(client, mail, at):
    page = client.get("/at/reception/").content.decode()
    send(client, "/at/reception/")

    assert "Reception, Building B" in page
    ticket = Ticket.objects.get()
    assert (ticket.place.slug, ticket.service) == ("reception", mail)


def test_an_unknown_place_is_404_and_a_closed_one_leads_to_the_front(client, mail, at):
    Place.objects.update(is_open_to_reports=False)

    assert client.get("/at/nowhere/").status_code == 404
    assert client.get("/at/reception/").url == "/"


def test_without_any_open_service_the_page_says_so(client, house, at):
    page = client.get("/").content.decode()

    assert "Nothing to report to yet" in page
    assert "Call 5555" in page


def test_fetching_and_posting_cost_few_queries(client, mail, at, django_assert_num_queries):
    with django_assert_num_queries(6):
        client.get("/")
    with django_assert_num_queries(8):
        client.get("/at/reception/")


def test_who_is_signed_in_may_send_under_their_name(client, mail, una, at):
    client.force_login(una)

    page = send(client, named="on")

    assert page.redirect_chain[0][0] == f"/my/{Ticket.objects.get().ref}/"
    assert Ticket.objects.get().requester == una


def test_who_is_signed_in_may_stay_unnamed(client, mail, una, at):
    client.force_login(una)

    page = send(client)

    assert page.redirect_chain[0][0].startswith("/r/")
    assert Ticket.objects.get().requester is None
    assert Line.objects.get(kind="ticket.reported").by_kind == "visitor"


def test_another_site_cannot_send_under_my_name(mail, una, at):
    client = Client(enforce_csrf_checks=True)
    client.force_login(una)

    send(client, named="on")

    assert Ticket.objects.get().requester is None


@pytest.fixture
def lending(house, hours):
    return add_service(
        by=COMMAND, at=LONG_AGO, name="Lending", provider=house.provider, hours=hours
    )


def test_with_several_services_one_may_say_what_it_is_about(client, mail, lending, at):
    page = client.get("/").content.decode()
    send(client, service=lending.pk)
    send(client, text="No idea whose this is", service="")
    send(client, text="Something retired", service="999")

    assert "I don’t know" in page
    services = Ticket.objects.order_by("id").values_list("service__name", flat=True)
    assert list(services) == ["Lending", "Mail", "Mail"]


def test_at_a_place_with_one_service_nothing_is_asked(client, mail, lending, at):
    page = client.get("/at/reception/").content.decode()

    assert "<select name" not in page
