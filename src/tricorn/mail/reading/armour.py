"""PGP's frames around plain words: a signature is taken off, what is encrypted is recognised."""

from __future__ import annotations

ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----\n"
_SIGNATURE = "\n-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"


def without_signature(text: str) -> str | None:
    """Return the words without the frame of a signature (RFC 9580, 7), or None where there is none.

    What stands before and after the frame stays.
    """
    text = text.replace("\r\n", "\n")
    start = text.find(_SIGNED)
    if start < 0 or (start and text[start - 1] != "\n"):
        return None
    begun = text.find("\n\n", start)
    ended = text.find(_SIGNATURE, begun)
    end = text.find(_END, ended)
    if min(begun, ended, end) < 0:
        return None
    lines = text[begun + 2 : ended].split("\n")
    words = "\n".join(line.removeprefix("- ") for line in lines)
    return text[:start] + words + text[end + len(_END) :]
