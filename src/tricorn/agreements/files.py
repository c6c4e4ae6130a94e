"""A signed version as files for both sides: TOML, JSON and PDF, all with its hash."""

from __future__ import annotations

from collections.abc import Callable

from tricorn.agreements.bridge import content_of
from tricorn.agreements.models import Version
from tricorn.agreements.paper import to_pdf
from tricorn.engine.agreement import SignedFile
from tricorn.engine.errors import BadAgreement
from tricorn.journal.sealing import head

Write = Callable[[SignedFile], bytes]
# The ending of a file -> its media type, and what writes it.
FILES: dict[str, tuple[str, Write]] = {
    "toml": ("application/toml; charset=utf-8", lambda file: file.to_toml().encode()),
    "json": ("application/json; charset=utf-8", lambda file: file.to_json().encode()),
    "pdf": ("application/pdf", to_pdf),
}


def signed_file(version: Version) -> SignedFile:
    """Return a version as it goes out, with the journal's head of now. Two queries.

    Errors  BadAgreement when what is stored is not what was signed: such a file proves nothing.
    """
    content = content_of(version)
    if content.hash != version.hash or content.canonical() != version.text:
        raise BadAgreement(
            f"The stored text of {version} is not what was signed, so no file of it is written. "
            "Run tricorn verify and bring back a backup."
        )
    signatures = version.signatures.select_related("person").order_by("id")
    names = tuple(signature.person.name for signature in signatures)
    return SignedFile.of(content, version.number, head(), names)
