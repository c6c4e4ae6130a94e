"""Photos: checked, turned upright, made small enough, and stripped of all metadata."""

from __future__ import annotations

import io

from PIL import Image, ImageOps

from tricorn.engine.errors import BadInput

LARGEST = 10 * 1024 * 1024
LONGEST_SIDE = 2400
MOST_PIXELS = 60_000_000
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}


def clean_photo(data: bytes) -> tuple[bytes, str]:
    """Return (bytes, media type) of a JPEG drawn anew from the pixels, so nothing else survives.

    Errors  BadInput when it is too large, or not a JPEG, PNG, WebP or GIF.
    """
    if len(data) > LARGEST:
        raise BadInput(
            f"The photo has {len(data) / 1048576:.0f} MB; at most 10 MB fit. Send a smaller one.",
            field="photo",
        )
    try:
        with Image.open(io.BytesIO(data), formats=list(KINDS)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            # Small first: a large JPEG is then never unpacked whole.
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except Image.DecompressionBombError as problem:
        raise BadInput(
            "The photo has too many pixels. Send a smaller one.", field="photo"
        ) from problem
    # The decoder meets whatever people send; all of it means "no photo".
    except Exception as problem:
        raise BadInput(
            "This is not a photo we can read. Send a JPEG, PNG or WebP.", field="photo"
        ) from problem
    # Comments and XMP ride along in `info`, and would be written again.
    upright.info.clear()
    out = io.BytesIO()
    upright.save(out, "JPEG", quality=85)
    return out.getvalue(), "image/jpeg"
