"""Files of a letter: safe names, true types, no metadata, no programs."""

import base64
import io

import pytest
from PIL import Image

from tests.files.test_metadata import PARTS, archive
from tests.mail.reading.letters import kept, letter, parts
from tricorn.mail.reading import Limits, pictures, read

SECRET = b"51.7520N 1.2577W"


def file(name, content=b"words", kind="application/octet-stream", more=""):
    body = base64.encodebytes(content).decode()
    return f'Content-Type: {kind}; name="{name}"\nContent-Transfer-Encoding: base64\n{more}\n{body}'


def picture(kind, **how):
    out = io.BytesIO()
    image = Image.new("RGB", (20, 10), (200, 30, 30))
    image.putpixel((3, 3), (0, 200, 0))
    image.save(out, kind, **how)
    return out.getvalue()


def exif(turned=1):
    told = Image.Exif()
    told[0x0112] = turned
    told[0x010F] = SECRET.decode()
    return told.tobytes()


def png_text():
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Comment", SECRET.decode())
    return told


@pytest.mark.parametrize(
    ("kind", "how"),
    [
        ("JPEG", {"exif": exif(), "comment": SECRET, "quality": 90}),
        ("JPEG", {"exif": exif(6), "progressive": True}),
        ("PNG", {"exif": exif(), "pnginfo": png_text()}),
        ("GIF", {"comment": SECRET}),
        ("WEBP", {"exif": exif(), "xmp": SECRET, "lossless": True}),
    ],
)
def test_a_picture_loses_what_it_tells_and_no_pixel(kind, how):
    before = picture(kind, **how)
    (found,) = parts(file("a.bin", before + b"" * 9, "text/plain")).attachments

    assert SECRET in before
    assert SECRET not in found.content
    assert found.media_type == f"image/{kind.lower()}"
    with Image.open(io.BytesIO(before)) as old, Image.open(io.BytesIO(found.content)) as new:
        assert new.getexif().get(0x0112, 1) == (
            old.getexif().get(0x0112, 1) if kind == "JPEG" else 1
        )
        assert old.convert("RGB").tobytes() == new.convert("RGB").tobytes()


def test_a_document_forgets_its_author_and_what_cannot_be_taken_apart_is_said():
    signed = archive({**PARTS, "_xmlsignatures/a.xml": b""})
    got = parts(file("a.docx", archive(PARTS)), file("b.docx", signed), file("c.tif", b"II*\0"))

    assert [SECRET in each.content for each in got.attachments] == [False, True, False]
    assert "b.docx is kept as it came, with what it tells: it is signed" in " ".join(got.notes)
    assert "c.tif is kept as it came" in " ".join(got.notes)


def test_what_hangs_behind_a_picture_is_cut_off():
    (found,) = parts(file("a.jpg", picture("JPEG") + b"PK\3\4" + SECRET)).attachments

    assert SECRET not in found.content


def test_an_animation_keeps_its_frames():
    frames = [Image.new("RGB", (8, 8), (n * 80, 0, 0)) for n in range(3)]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0, duration=50)

    with Image.open(io.BytesIO(pictures.stripped(out.getvalue(), "image/gif"))) as image:
        assert getattr(image, "n_frames", 1) == 3
        assert image.info["loop"] == 0


def test_a_picture_that_would_unpack_to_a_bomb_is_left_out():
    bomb = bytearray(picture("PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2

    found = parts(file("big.png", bytes(bomb)))

    assert found.attachments == ()
    assert found.notes == ("The picture big.png was left out: it has too many pixels.",)


@pytest.mark.parametrize("cut", [3, 12, 30, 60])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_damaged_picture_is_a_plain_file_or_a_picture_but_no_error(kind, cut):
    for found in parts(file("a.png", picture(kind)[:-cut])).attachments:
        assert found.media_type in (f"image/{kind.lower()}", "application/octet-stream")


def test_a_page_that_says_it_is_a_picture_is_none():
    (found,) = parts(file("a.png", b"<script>x</script>", "image/png")).attachments

    assert found.media_type == "application/octet-stream"


@pytest.mark.parametrize(
    ("told", "content", "kept_as"),
    [
        ("application/pdf", b"%PDF-1.7", "application/pdf"),
        ("application/pdf", b"<html>", "application/octet-stream"),
        ("text/html", b"<p>", "application/octet-stream"),
        ("image/svg+xml", b"<svg onload=x>", "application/octet-stream"),
        ("application/xhtml+xml", b"<p>", "application/octet-stream"),
        ("application/ms-tnef", b"x", "application/ms-tnef"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
    ],
)
def test_a_type_that_a_browser_would_run_is_not_believed(told, content, kept_as):
    (found,) = parts(file("a.dat", content, told)).attachments

    assert found.media_type == kept_as


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"x"),
        ("invoice.pdf.ExE ", b"x"),
        ("a.js", b"x"),
        ("a.lnk", b"x"),
        ("holiday.jpg", b"MZ\x90\0"),
        ("notes.txt", b"\x7fELF"),
        ("=?utf-8?q?a=2Ebat?=", b"x"),
    ],
)
def test_programs_are_left_out_with_a_note(name, content):
    found = parts(file(name, content))

    assert found.attachments == ()
    assert found.notes[0].startswith("The file ")
    assert "program" in found.notes[0]


def test_too_many_and_too_large_files_are_left_out_with_a_note():
    raw = b"From: a@b.org\nContent-Type: multipart/mixed; boundary=e\n\n"
    for n in range(5):
        raw += (
            f"--e\nContent-Type: application/x; name=f{n}\n\n{'x' * (5 if n else 5000)}\n".encode()
        )

    found = read(raw, limits=Limits(attachments=2, attachment_bytes=1000))

    assert [each.name for each in found.attachments] == ["f1", "f2"]
    assert len(found.notes) == 2
    assert found.notes[1] == "2 more files were left out: at most 2 fit."


def test_two_files_of_one_name_get_names_of_their_own():
    found = parts(file("a.txt"), file("A.txt"), file("../a.txt"))

    assert [each.name for each in found.attachments] == ["a.txt", "A (2).txt", "a (3).txt"]


@pytest.mark.parametrize("content", ["####", "YQ", "YQ=", "Y!Q=\n=\n=", "=YWJj", "", "é" * 10])
def test_broken_base64_is_taken_as_far_as_it_goes(content):
    (found,) = parts(
        f"Content-Type: application/x; name=a\nContent-Transfer-Encoding: base64\n\n{content}"
    ).attachments

    assert found.name == "a"


def test_a_letter_that_is_only_a_file_keeps_it():
    found = kept("mikel-mail/attachment_only_email.eml")

    assert (found.text, [each.name for each in found.attachments]) == ("", ["blah.gz"])


def test_files_of_long_ago_are_unpacked():
    found = letter(
        "begin 644 a.txt\n#8V%T\n`\nend\n",
        'Content-Type: application/x; name="a.txt"\nContent-Transfer-Encoding: x-uuencode\n',
    )

    assert found.attachments[0].content == b"cat"
