"""What files tell about their maker is gone, the picture and the words are not."""

import io
import random
import struct
import zipfile

import pytest
from PIL import Image, TiffImagePlugin

from tricorn.files.metadata import NotKnown, without

SECRET = b"51.7520N 1.2577W"


def exif():
    told = Image.Exif()
    told[0x010F] = SECRET.decode()
    told.get_ifd(0x8825)[29] = SECRET.decode()
    return told


def picture(kind, size=(40, 30), **how):
    image = Image.linear_gradient("L").resize(size).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def tiff(**how):
    told = TiffImagePlugin.ImageFileDirectory_v2()
    for tag in (270, 271, 305, 315, 33432, 42112):
        told[tag] = SECRET.decode()
    told[700] = b"<x:xmpmeta>" + SECRET
    return picture("TIFF", tiffinfo=told, exif=exif() if how.pop("exif", False) else None, **how)


def pages():
    out = io.BytesIO()
    frames = [Image.new("L", (9, 9), n) for n in (1, 2, 3)]
    frames[0].save(
        out, "TIFF", save_all=True, append_images=frames[1:], description=SECRET.decode()
    )
    return out.getvalue()


def pixels(data):
    with Image.open(io.BytesIO(data)) as image:
        found = []
        for n in range(getattr(image, "n_frames", 1)):
            image.seek(n)
            found.append((image.mode, image.size, image.tobytes()))
        return found


@pytest.mark.parametrize(
    "made",
    [
        tiff(),
        tiff(compression="tiff_lzw"),
        tiff(compression="jpeg"),
        tiff(compression="tiff_adobe_deflate") + SECRET,
        picture("TIFF", exif=exif()),
        pages(),
        picture("AVIF", exif=exif(), xmp=b"<x:xmpmeta>" + SECRET),
    ],
)
def test_a_picture_keeps_every_pixel_and_tells_nothing(made):
    assert SECRET in made
    found = without(made)
    assert SECRET not in found
    assert pixels(found) == pixels(made)
    assert without(found) == found


PARTS = {
    "[Content_Types].xml": b"<Types/>",
    "docProps/core.xml": b"<creator>" + SECRET + b"</creator>",
    "docProps/app.xml": b"<Company>" + SECRET + b"</Company>",
    "docProps/custom.xml": b"<p>" + SECRET + b"</p>",
    "word/document.xml": b"The words stay. " * 100,
}
OPEN = {
    "mimetype": b"application/vnd.oasis.opendocument.text",
    "content.xml": b"The words stay. " * 100,
    "meta.xml": b"<dc:creator>" + SECRET + b"</dc:creator>",
}


class Forward(io.RawIOBase):
    """What cannot go back, so that lengths stand behind the parts."""

    def __init__(self):
        self.made = b""

    def writable(self):
        return True

    def write(self, data):
        self.made += bytes(data)
        return len(data)


def archive(parts, *, is_forward=False, packing=zipfile.ZIP_STORED):
    out = Forward() if is_forward else io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as made:
        made.comment = SECRET
        for name, content in parts.items():
            made.writestr(name, content)
    return out.made if is_forward else out.getvalue()


@pytest.mark.parametrize("parts", [PARTS, OPEN])
@pytest.mark.parametrize("is_forward", [False, True])
@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_document_keeps_its_words_and_forgets_its_author(parts, is_forward, packing):
    found = without(archive(parts, is_forward=is_forward, packing=packing))
    assert SECRET not in found
    with zipfile.ZipFile(io.BytesIO(found)) as read:
        assert read.testzip() is None
        assert read.namelist() == [*parts]
        for name, content in parts.items():
            assert SECRET not in read.read(name)
            assert (read.read(name) == content) == (SECRET not in content)
    assert without(found) == found


@pytest.mark.parametrize(
    "other",
    [
        b"%PDF-1.7",
        b"",
        archive({"a.txt": SECRET}),
        archive({}),
        b"PK\x03\x04" + SECRET,
        b"PK\x03\x04" + b"PK\x05\x06" + b"\xff" * 18,
    ],
)
def test_what_is_neither_is_left_alone(other):
    assert without(other) is None


def far(data):
    """A picture whose list of pages goes round, and whose values lie far away."""
    return (
        data[:4] + struct.pack("<I", 8) + struct.pack("<H", 1) + b"\x11\1\4\0\xff\xff\xff\xff" * 2
    )


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (archive({**PARTS, "_xmlsignatures/a.xml": b""}), "signed"),
        (archive({**OPEN, "META-INF/documentsignatures.xml": b""}), "signed"),
        (b"II*\0" + bytes(8), "no page"),
        (b"II*\0\xff\xff\xff\xff", "buffer"),
        (far(b"II*\0"), "outside"),
        (b"II*\0\x08\0\0\0\xff\xff" + bytes(50), "too many tags"),
        (b"\0\0\0\x0cftypheic" + b"\0\0\0\x08moov", "not known"),
        (b"\0\0\0\x0cftypheic", "list of its items"),
        (b"\0\0\0\x0cftypheic" + b"\0\0\0\x0cmeta\0\0\0\0", "cannot be found"),
        (b"\0\0\0\x0cftypheic" + b"\0\0\0\x01mdat", "not known"),
    ],
)
def test_what_is_not_understood_is_said(broken, said):
    with pytest.raises(NotKnown, match=said):
        without(broken)


def test_pieces_that_lie_over_each_other_are_no_bomb():
    image = bytearray(tiff(compression="tiff_lzw"))
    at = struct.unpack_from("<I", image, 4)[0]
    count = struct.unpack_from("<H", image, at)[0]
    entries = {struct.unpack_from("<H", image, at + 2 + 12 * n)[0]: n for n in range(count)}
    for number, value in ((273, 0), (279, 1 << 20)):
        place = len(image)
        image += struct.pack("<I", value) * 40_000
        struct.pack_into("<HHII", image, at + 2 + 12 * entries[number], number, 4, 40_000, place)
    image += bytes(1 << 20)
    with pytest.raises(NotKnown, match="over each other"):
        without(bytes(image))


def test_nothing_broken_breaks_the_reader_and_nothing_grows():
    dice = random.Random(7)
    for made in (tiff(), picture("AVIF", (8, 8), exif=exif()), archive(PARTS)):
        for _ in range(300):
            broken = bytearray(made)
            for _ in range(dice.randrange(1, 4)):
                at = dice.randrange(min(len(made), 600))
                broken[at if dice.random() < 0.7 else -1 - at] = dice.choice(
                    (0, 1, 255, dice.randrange(256))
                )
            try:
                found = without(
                    bytes(broken[: dice.choice((len(made), dice.randrange(len(made))))])
                )
            except NotKnown:
                continue
            assert found is None or len(found) <= len(made) + 1000
