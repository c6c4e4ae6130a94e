"""What a letter brought, on the ticket: at the desk, in My services and on the private page."""

from base64 import b64encode
from io import BytesIO

import pytest
from PIL import Image

from tests.cast import LONG_AGO, NOON, make_ticket
from tests.mail.incoming.arriving import HELP, arrive
from tricorn.files.models import File
from tricorn.journal.actor import COMMAND
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Copied, Unreachable
from tricorn.tickets.verbs import add_mailbox, note_unreachable
from tricorn.web import mailed

DRAWN = BytesIO()
Image.new("RGB", (2, 2), "teal").save(DRAWN, "PNG")
RAW = (
    b"From: Gast <gast@elsewhere.example>\r\nTo: help@house.example\r\nCc: Cleo <c@x.example>\r\n"
    b"Subject: Screen\r\nMessage-ID: <s@x.example>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=m\r\n\r\n"
    b"--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
    b"--r\r\nContent-Type: text/html\r\n\r\n"
    b"<p>It is <b>dark</b> <img src='cid:p1@x'><script>alert(1)</script>"
    b"<img src='https://track.example/x.png'><a href='https://x.example/'>see</a></p>\r\n"
    b"--r\r\nContent-Type: image/png\r\nContent-ID: <p1@x>\r\n"
    b"Content-Disposition: inline; filename=p.png\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + b64encode(DRAWN.getvalue())
    + b"\r\n--r--\r\n"
    b"--m\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=evil.html\r\n\r\n"
    b"<script>alert(2)</script>\r\n--m--\r\n"
)


@pytest.fixture
def ticket(mail):
    box = add_mailbox(by=COMMAND, at=LONG_AGO, address=HELP, service=mail)
    return arrive(RAW, box).ticket


def page(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_letter_is_shown_as_written_with_its_picture_in_place_and_its_file_beside(
    desk, client, ticket
):
    picture = File.objects.get(media_type="image/png")
    for reader, url in [
        (desk, f"/desk/t/{ticket.ref}/"),
        (client, f"/r/{token_of(ticket)}/"),
    ]:
        shown = page(reader, url)
        assert "<b>dark</b>" in shown
        assert f'src="{url}files/{picture.pk}/"' in shown
        assert "evil.html" in shown
        assert "alert(1)" not in shown
        assert "track.example" not in shown
        assert 'rel="noopener' in shown


def test_a_picture_is_drawn_in_place_and_everything_else_is_downloaded_as_bytes(
    desk, client, ticket
):
    base = f"/r/{token_of(ticket)}/files/"
    picture, other = File.objects.filter(subject="message").order_by("media_type")[:2]
    if picture.media_type != "image/png":
        picture, other = other, picture
    drawn, taken = client.get(f"{base}{picture.pk}/"), client.get(f"{base}{other.pk}/")
    assert drawn.headers["Content-Type"] == "image/png"
    assert not drawn.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["Content-Type"] in ("application/octet-stream", "text/plain")
    assert taken.headers["Content-Disposition"].startswith("attachment")
    for answer in (drawn, taken):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_is_reached_only_through_its_own_ticket(desk, client, ticket, una, mail):
    file = File.objects.filter(subject="message").first()
    other = make_ticket(una, mail)
    assert client.get(f"/r/{token_of(other)}/files/{file.pk}/").status_code == 404
    assert desk.get(f"/desk/t/{other.ref}/files/{file.pk}/").status_code == 404
    raw = File.objects.get(subject="arrival")
    assert client.get(f"/r/{token_of(ticket)}/files/{raw.pk}/").status_code == 404


def test_files_of_a_note_are_the_desks_alone(desk, client, ticket):
    ticket.messages.update(is_public=False)
    file = File.objects.filter(subject="message").first()
    assert client.get(f"/r/{token_of(ticket)}/files/{file.pk}/").status_code == 404
    assert desk.get(f"/desk/t/{ticket.ref}/files/{file.pk}/").status_code == 200


def test_the_desk_may_have_the_letter_as_it_came(desk, ticket, una, mail):
    arrival = ticket.arrivals.get()
    assert "The letter as it came" in page(desk, f"/desk/t/{ticket.ref}/")
    answer = desk.get(f"/desk/t/{ticket.ref}/letters/{arrival.pk}/")
    assert b"".join(answer.streaming_content) == RAW
    other = make_ticket(una, mail)
    assert desk.get(f"/desk/t/{other.ref}/letters/{arrival.pk}/").status_code == 404


def test_the_desk_sees_who_is_copied_and_takes_them_off(desk, ticket):
    shown = page(desk, f"/desk/t/{ticket.ref}/")
    assert "c@x.example" in shown
    copied = Copied.objects.get()
    assert desk.post(f"/desk/t/{ticket.ref}/uncopy/{copied.pk}/").status_code == 302
    assert not Copied.objects.exists()


def test_an_address_out_of_reach_is_shown_and_taken_back_when_it_works_again(desk, ticket, una):
    row = note_unreachable("gast@elsewhere.example", by=COMMAND, at=NOON, reason="550 unknown")
    other = note_unreachable("any@where.example", by=COMMAND, at=NOON)
    assert "550 unknown" in page(desk, f"/desk/t/{ticket.ref}/")
    assert desk.post(f"/desk/t/{ticket.ref}/reach-again/{other.pk}/").status_code == 404
    assert desk.post(f"/desk/t/{ticket.ref}/reach-again/{row.pk}/").status_code == 302
    assert list(Unreachable.objects.all()) == [other]


@pytest.mark.parametrize(
    "html", ['<img data-file="999999999999999999">', '<img data-cid="x">', '<img data-file="7"']
)
def test_a_picture_that_is_not_there_points_nowhere(html):
    assert "src" not in mailed.shown(html, [], lambda pk: f"/{pk}/").html


def test_a_long_text_shows_its_beginning_and_loses_nothing():
    short = "\n".join(["a line"] * 60)
    long = "\n".join(f"line {i}" for i in range(3000))
    unbroken = "x" * 9000

    assert mailed.folded(short) == (short, "")
    first, rest = mailed.folded(long)
    assert first.endswith("line 39")
    assert f"{first}\n{rest}" == long
    first, rest = mailed.folded(unbroken)
    assert first + rest == unbroken
