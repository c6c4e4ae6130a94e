"""A photo is drawn anew: upright, small enough, with nothing in it but what one sees."""

import io
import struct
import time
import zlib

import pytest
from PIL import Image, PngImagePlugin

from tricorn.engine.errors import BadInput
from tricorn.files.photos import clean_photo

RED, BLUE = (220, 20, 20), (20, 20, 220)


def photo(size=(60, 40), kind="JPEG", **more) -> bytes:
    """A picture, red on its left half and blue on its right."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    cleaned, media_type = clean_photo(data)
    assert media_type == "image/jpeg"
    return Image.open(io.BytesIO(cleaned), formats=["JPEG"])


def test_where_and_with_what_it_was_taken_is_gone():
    exif = Image.Exif()
    exif[0x010F] = "Maker of cameras"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0)})
    data = photo(exif=exif, comment=b"my secret garden", xmp=b"<x:xmpmeta>52.5200N</x:xmpmeta>")
    for secret in (b"Maker of cameras", b"my secret garden", b"52.5200N"):
        assert secret in data

    cleaned = clean_photo(data)[0]

    for secret in (b"Maker of cameras", b"my secret garden", b"52.5200N", b"Exif"):
        assert secret not in cleaned
    assert not Image.open(io.BytesIO(cleaned)).getexif()


def test_the_texts_of_a_png_are_gone():
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "my secret garden")
    texts.add_itxt("XML:com.adobe.xmp", "52.5200N")

    cleaned = clean_photo(photo(kind="PNG", pnginfo=texts))[0]

    assert b"secret" not in cleaned
    assert b"52.5200N" not in cleaned


def test_a_photo_taken_sideways_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it to the right

    upright = opened(photo(exif=exif))

    assert upright.size == (40, 60)
    red, green, _ = upright.getpixel((20, 5))
    assert red > 150 > green
    assert upright.getpixel((20, 55))[2] > 150


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_every_usual_kind_of_picture_is_taken(kind):
    assert opened(photo(kind=kind)).size == (60, 40)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_usual_way_to_store_colours_is_taken(mode):
    out = io.BytesIO()
    Image.new(mode, (30, 20)).save(out, "TIFF" if mode == "CMYK" else "PNG")
    data = out.getvalue()
    if mode == "CMYK":
        out = io.BytesIO()
        Image.new(mode, (30, 20)).save(out, "JPEG")
        data = out.getvalue()

    assert opened(data).mode == "RGB"


def test_a_large_photo_is_made_small_enough():
    assert opened(photo((4800, 1200))).size == (2400, 600)


PAGE = b"<html><script>alert(1)</script></html>"
NO_PHOTO = {
    "nothing": b"",
    "words": b"my holidays",
    "a page": PAGE,
    "a drawing that runs scripts": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "a page that says it is a GIF": b"GIF89a" + PAGE,
    "half a photo": photo()[:300],
    "a TIFF": photo(kind="TIFF"),
    "a bitmap": photo(kind="BMP"),
    "a PostScript program": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
}


@pytest.mark.parametrize("data", NO_PHOTO.values(), ids=NO_PHOTO)
def test_what_is_no_photo_is_refused(data):
    with pytest.raises(BadInput) as refusal:
        clean_photo(data)

    assert str(refusal.value) == "This is not a photo we can read. Send a JPEG, PNG or WebP."


def test_a_page_behind_a_photo_does_not_get_through():
    assert PAGE not in clean_photo(photo() + PAGE)[0]


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(8000, 8000), (10_000, 9_500), (60_000, 60_000), (1, 2**31 - 1)])
def test_a_picture_that_would_fill_the_memory_is_refused_at_once(size):
    began = time.process_time()

    with pytest.raises(BadInput, match=r"^The photo has too many pixels\. Send a smaller one\.$"):
        clean_photo(bomb(*size))

    assert time.process_time() - began < 1


def test_more_than_ten_megabytes_are_refused():
    with pytest.raises(BadInput) as refusal:
        clean_photo(photo() + bytes(11 * 1024 * 1024))

    assert str(refusal.value) == "The photo has 11 MB; at most 10 MB fit. Send a smaller one."
