"""Letters for the tests: the kept ones, and ones made from a few words."""

from pathlib import Path

from tricorn.mail.reading import Read, read

KEPT = Path(__file__).parents[2] / "data" / "mail"
HEAD = "From: Una <una@example.org>\nTo: desk@example.com\nSubject: Printer\nMessage-ID: <1@a>\n"


def kept(name: str) -> Read:
    return read((KEPT / name).read_bytes())


def letter(body: str = "", more: str = "", head: str = HEAD) -> Read:
    """Read a letter with more header and this body."""
    return read(f"{head}{more}\n{body}".encode())


def html(source: str, more: str = "") -> Read:
    return letter(source, f"Content-Type: text/html; charset=utf-8\n{more}")


def parts(*some: str, kind: str = "mixed", more: str = "") -> Read:
    """A letter of several parts, each with its own header."""
    inside = "".join(f"--edge\n{part}\n" for part in some)
    return letter(f"{inside}--edge--\n", f"Content-Type: multipart/{kind}; boundary=edge\n{more}")
