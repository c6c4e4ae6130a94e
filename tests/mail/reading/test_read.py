"""A letter from its bytes: who, what, when, and what belongs together."""

from datetime import UTC, datetime

import pytest

from tests.mail.reading.letters import KEPT, kept, letter, parts
from tricorn.mail.reading import Address, Limits, Unreadable, read

LETTERS = sorted(
    file for file in KEPT.rglob("*") if file.suffix in (".eml", ".txt") and file.is_file()
)


@pytest.mark.parametrize("file", LETTERS, ids=lambda file: file.name)
def test_every_kept_letter_is_read_and_twice_is_the_same(file):
    found = read(file.read_bytes())

    assert found == read(file.read_bytes())
    assert found.message_id.startswith("<")
    # Two of them have no words, and are nothing but their files.
    assert found.text or found.attachments


def test_a_plain_letter_gives_everything_it_says():
    found = letter(
        "It is broken.\n",
        "Date: Sun, 22 Nov 2026 10:00:00 +0100\n"
        "Cc: Cleo <Cleo@Example.ORG>, Team: mo@example.org, sam@example.org;\n"
        "Reply-To: una@home.example\nDelivered-To: desk+mail@example.com\n"
        "In-Reply-To: <2@b>\nReferences: <1@b> <2@b>\n",
    )

    assert found.message_id == "<1@a>"
    assert found.references == ("<1@b>", "<2@b>")
    assert found.sender == Address("Una", "una@example.org")
    assert found.to == (Address("", "desk@example.com"),)
    assert found.cc == (
        Address("Cleo", "Cleo@example.org"),
        Address("", "mo@example.org"),
        Address("", "sam@example.org"),
    )
    assert found.reply_to == (Address("", "una@home.example"),)
    assert found.delivered_to == ("desk+mail@example.com",)
    assert (found.subject, found.text) == ("Printer", "It is broken.")
    assert found.sent_at == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert (found.automatic, found.bounce, found.notes) == ("", None, ())


@pytest.mark.parametrize(
    "told", ["", "Message-ID: none\n", "Message-ID: <a b>\n", "Message-ID: <1>\n"]
)
def test_a_letter_without_a_good_id_gets_one_from_its_bytes(told):
    raw = f"From: una@example.org\n{told}\nHello".encode()

    assert read(raw).message_id == read(raw).message_id
    assert read(raw).message_id != read(raw + b"!").message_id
    assert read(raw).message_id.endswith("@made.tricorn.invalid>")


def test_of_very_many_references_the_first_and_the_last_are_kept():
    found = letter("", "References: " + " ".join(f"<{n}@b>" for n in range(500)) + "\n").references

    assert len(found) == 100
    assert (found[0], found[1], found[-1]) == ("<0@b>", "<401@b>", "<499@b>")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "The mail is empty."),
        (b" \r\n\r\n", "The mail is empty."),
        (b"Only words, no header\n\nat all", "This is no mail: there is no header"),
        (bytes(range(256)) * 9, "This is no mail: there is no header"),
        (b"From: a@b.org\nA: " + b"a" * 2_000_000, "A header in it has more than 1024 KB."),
    ],
)
def test_what_is_no_mail_is_unreadable_with_its_reason(raw, reason):
    with pytest.raises(Unreadable, match=reason):
        read(raw)


def test_a_mail_that_is_too_large_is_unreadable():
    with pytest.raises(Unreadable, match=r"has 2\.0 MB; at most 1 MB are read"):
        read(b"From: a@b.org\n\n" + b"x" * 2 * 1024 * 1024, limits=Limits(mail_bytes=1024 * 1024))


def test_thousands_of_parts_are_unreadable():
    raw = b"From: a@b.org\nContent-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 100_000

    with pytest.raises(Unreadable, match="more than 1,000 parts"):
        read(raw)


def test_parts_without_bottom_are_unreadable():
    raw = "From: a@b.org\n"
    for depth in range(60):
        raw += f"Content-Type: multipart/mixed; boundary=b{depth}\n\n--b{depth}\n"

    with pytest.raises(Unreadable, match="more than 20 deep"):
        read(raw.encode())


def test_letters_within_letters_are_files_and_are_not_opened():
    found = kept("mikel-mail/attachment_message_rfc822.eml")

    assert [file.media_type for file in found.attachments] == ["message/rfc822"]
    assert found.attachments[0].content.startswith(b"From xxxx@xxxx.com")


def test_ten_thousand_recipients_are_cut_with_a_note():
    found = letter(
        "", "Cc: " + ",\n ".join(f"P{n} <p{n}@example.org>" for n in range(10_000)) + "\n"
    )

    assert len(found.cc) == 100
    assert found.notes == ("Cc names more than 100 people; 100 are kept.",)


def test_plain_words_and_html_of_one_letter_are_one_text():
    found = parts(
        "Content-Type: text/plain\n\nHello",
        "Content-Type: text/html\n\n<p>Hello</p>",
        kind="alternative",
    )

    assert (found.text, found.html) == ("Hello", "<p>Hello</p>")


def test_words_before_and_after_a_picture_are_all_kept():
    found = parts(
        "Content-Type: text/plain\n\nBefore",
        "Content-Type: application/pdf\n\n%PDF-1.7",
        "Content-Type: text/plain\n\nAfter",
    )

    assert found.text == "Before\n\nAfter"
    assert [(file.name, file.media_type) for file in found.attachments] == [
        ("attachment-1.pdf", "application/pdf")
    ]


def test_a_letter_without_its_boundary_is_shown_as_it_is():
    found = letter("--other\nThe words\n", "Content-Type: multipart/mixed; boundary=edge\n")

    assert found.text == "--other\nThe words"


@pytest.mark.parametrize("kind", ["pgp-signature", "pkcs7-signature", "x-pkcs7-signature"])
def test_a_signed_letter_reads_as_its_words_without_the_signature(kind):
    found = letter(
        f"--edge\n\nWords\n--edge\nContent-Type: application/{kind}\n\nabc\n--edge--\n",
        "Content-Type: multipart/signed; boundary=edge\n",
    )

    assert (found.text, found.attachments, found.unopened) == ("Words", (), "")
    assert found.notes[0].startswith("The mail is signed; the signature is not checked")


def test_words_in_the_frame_of_a_pgp_signature_are_the_words():
    frame = (
        "Hello\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nThe words\n- -- dash\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQIz\n-----END PGP SIGNATURE-----\nBye\n"
    )
    found = letter(frame)

    assert found.text == "Hello\nThe words\n-- dash\nBye"
    assert "signed" in found.notes[0]
    for broken in (frame.replace("-----END", "-END"), frame.replace("Hash: SHA512\n\n", "")):
        assert "BEGIN PGP" in letter(broken).text


@pytest.mark.parametrize(
    ("kind", "part", "unopened"),
    [
        ("multipart/encrypted; boundary=edge", "application/octet-stream", "sealed"),
        ("multipart/mixed; boundary=edge", "application/pkcs7-mime", "sealed"),
        ("multipart/mixed; boundary=edge", "application/ms-tnef", "packed"),
    ],
)
def test_what_cannot_be_opened_is_kept_as_a_file_and_said(kind, part, unopened):
    found = letter(f"--edge\nContent-Type: {part}\n\nabc\n--edge--\n", f"Content-Type: {kind}\n")

    assert (len(found.attachments), found.unopened, found.text) == (1, unopened, "")
    assert found.notes[0].endswith("kept as a file.")


def test_words_that_are_encrypted_stay_as_they_came():
    found = letter("-----BEGIN PGP MESSAGE-----\n\nhQIM\n-----END PGP MESSAGE-----\n")

    assert (found.unopened, "hQIM" in found.text) == ("sealed", True)
