"""Files of tickets through the API: who may have which, what is taken, what is left out of it."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.api.conftest import ROOT, program_of
from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.files.models import File
from tricorn.files.verbs import attach_any, where
from tricorn.journal.actor import WORKER
from tricorn.tickets import verbs
from tricorn.tickets.models import Message, Ticket
from tricorn.tickets.reads.brought import files_of

PLACE = b"52.5200 N"


@pytest.fixture
def ticket(una, mail):
    return make_ticket(una, mail, text="Mail is slow")


def photo():
    """Return a small JPEG that says where it was taken."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = PLACE.decode()
    Image.new("RGB", (8, 8), "red").save(out, "JPEG", exif=exif)
    return out.getvalue()


def send(program, ref, data, name="photo.jpg", **more):
    headers = {"Authorization": f"Bearer {program.secret}"}
    if key := more.pop("key", None):
        headers["Idempotency-Key"] = key
    given = {"file": SimpleUploadedFile(name, data), **more}
    return program.client.post(f"{ROOT}/tickets/{ref}/attachments", given, headers=headers)


def content(answer):
    return b"".join(answer.streaming_content)


def test_a_photo_is_kept_without_its_place_and_comes_back_as_a_download(una, desi, ticket):
    made = send(program_of(una), ticket.ref, photo())
    assert made.status_code == 201, made.content

    (row,) = program_of(desi).get(f"/tickets/{ticket.ref}/attachments").json()["items"]
    assert (row["media_type"], row["message"], row["url"]) == (
        "image/jpeg",
        None,
        made["Location"],
    )
    got = program_of(desi).get(row["url"].removeprefix(ROOT))
    assert got["Content-Disposition"].startswith("attachment")
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    data = content(got)
    assert len(data) == row["size"]
    assert PLACE in photo()
    assert PLACE not in data


def test_a_file_with_words_stands_beside_them_and_no_browser_runs_it(desi, una, ticket):
    page = b"<script>alert(1)</script>"
    made = send(program_of(desi), ticket.ref, page, "page.html", text="The log")
    row = made.json()

    got = program_of(una).get(row["url"].removeprefix(ROOT))
    assert (got["Content-Type"], content(got)) == ("application/octet-stream", page)
    assert "sandbox" in got["Content-Security-Policy"]
    said = Message.objects.get(pk=row["message"])
    assert (said.text, said.is_from_desk, said.channel) == ("The log", True, "api")
    assert [each.pk for each in files_of([said])[said.pk]] == [row["id"]]  # on its pages, too
    assert program_of(una).client.get(row["url"]).status_code == 401


def test_what_is_not_yours_is_not_there(una, sam, cleo, desi, mail, ticket):
    number = send(program_of(una), ticket.ref, photo()).json()["id"]
    other = make_ticket(cleo, mail)
    note = verbs.add_note(ticket, by=desi.actor, at=MONDAY + HOUR, text="Ours alone")
    secret = attach_any(note, b"x", name="a.txt", media_type="", by=WORKER, at=NOON)

    for program, ref, pk in [
        (program_of(sam), ticket.ref, number),
        (program_of(cleo), other.ref, number),
        (program_of(desi), other.ref, number),
        (program_of(una), ticket.ref, secret.pk),
    ]:
        assert program.get(f"/tickets/{ref}/attachments/{pk}").status_code == 404
    assert send(program_of(sam), ticket.ref, photo()).status_code == 404
    assert program_of(desi).get(f"/tickets/{ticket.ref}/attachments/{secret.pk}").status_code == 200


def test_the_same_file_with_one_key_is_one(una, ticket):
    program = program_of(una)

    first, again = (send(program, ticket.ref, photo(), key="one", text="Look") for _ in range(2))
    other = send(program, ticket.ref, photo() + b" ", key="one", text="Look")

    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "key-used")
    assert File.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "name", "text", "field"),
    [
        (b"", "a.jpg", "", "file"),
        (b"\xff\xd8\xff no photo", "a.jpg", "", "photo"),
        (b"%PDF-1.7", "a.pdf", "", "text"),
        (b"x" * (10 * 1024 * 1024 + 1), "a.pdf", "Look", "file"),
    ],
)
def test_what_is_no_file_to_keep_is_refused_and_nothing_written(
    una, ticket, data, name, text, field
):
    with pytest.raises(BadInput) as refusal:
        verbs.attach(ticket, by=una.actor, at=NOON, data=data, name=name, text=text)

    assert refusal.value.facts["field"] == field
    assert (Message.objects.count(), File.objects.count()) == (1, 0)


def test_to_what_is_over_or_somebody_elses_nothing_is_added(una, sam, ticket):
    with pytest.raises(StandingRefused):
        verbs.attach(ticket, by=sam.actor, at=NOON, data=photo(), name="a.jpg")
    verbs.cancel(ticket, by=una.actor, at=NOON)
    with pytest.raises(MoveRefused):
        verbs.attach(Ticket.objects.get(), by=una.actor, at=NOON, data=photo(), name="a.jpg")

    assert not File.objects.exists()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{}", "application/json", 415),
        (b"x", "multipart/form-data", 400),
        (b"junk", "multipart/form-data; boundary=x", 422),
        (b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\nhi\r\n--x--\r\n",
         "multipart/form-data; boundary=x", 422),
        (b"x" * (11 * 1024 * 1024 + 1), "multipart/form-data; boundary=x", 413),
    ],
)  # fmt: skip
def test_an_upload_that_is_none_is_a_problem(una, ticket, body, kind, status):
    program = program_of(una)

    answer = program.client.generic(
        "POST",
        f"{ROOT}/tickets/{ticket.ref}/attachments",
        body,
        content_type=kind,
        headers={"Authorization": f"Bearer {program.secret}", "Idempotency-Key": "k"},
    )

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_bytes_that_are_gone_are_not_there(una, ticket):
    row = send(program_of(una), ticket.ref, photo()).json()
    where(File.objects.get().stored_as).unlink()

    assert program_of(una).get(row["url"].removeprefix(ROOT)).status_code == 404
