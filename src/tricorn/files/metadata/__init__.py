"""What a file tells about who made it, with what and where: taken out, without unpacking anything.

TIFF and HEIC (AVIF) keep every pixel, documents of an office every word. Only what is understood is
carried over; of the rest nothing is, and what is not understood at all is left as it came.
"""

from __future__ import annotations

from tricorn.files.metadata import heif, office, tiff
from tricorn.files.metadata.known import NotKnown

# The first bytes of what may tell something; of what begins otherwise nothing is looked at.
TIFF, ZIP = (b"II*\0", b"MM\0*"), b"PK\x03\x04"
BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")


def without(data: bytes) -> bytes | None:
    """Return the file without its metadata; None where it is of no kind that is known here.

    Errors  NotKnown for one that is not built as it should be, or in a way nobody has seen.
    """
    if data.startswith(TIFF):
        return tiff.without(data)
    if data[4:8] == b"ftyp" and data[8:12] in BRANDS:
        return heif.without(data)
    if data.startswith(ZIP):
        return office.without(data)
    return None


__all__ = ["NotKnown", "without"]
