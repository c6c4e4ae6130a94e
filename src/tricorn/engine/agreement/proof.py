"""A signed version as a file for both sides, and the proof of such a file without any database.

The file carries the content, its hash, and the signed text itself, so that a changed file can say
which field was changed. The hash stands for the content alone: version number, names on record and
journal head are for people and for `tricorn verify --head`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap
from typing import Any

from tricorn.engine.errors import BadAgreement

from .content import Agreement
from .difference import Change, differences

LARGEST = 4 * 1024 * 1024
KEYS = {"agreement", "hash", "journal_head", "signatures", "text", "version"}
_HEADER = re.compile(r"# (hash|version|journal head|signed text): (.*)")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class SignedFile:
    """A version as it goes out.

    names  Whose signatures these are on record, in the order of the text; may be shorter.
    head   The head of the journal when the file was written; empty where nothing is sealed yet.
    text   The signed text; its SHA-256 is the hash. Empty where a file came without it.
    """

    content: Agreement
    hash: str
    version: int
    head: str = ""
    names: tuple[str, ...] = ()
    text: str = ""

    @classmethod
    def of(cls, content: Agreement, version: int, head: str, names: tuple[str, ...]) -> SignedFile:
        return cls(content, content.hash, version, head, names, content.canonical())

    def name(self, ending: str) -> str:
        """Return what the file is called: "A-7-v1.toml"; nothing in it that a folder minds."""
        ref = re.sub(r"[^A-Za-z0-9._-]+", "-", self.content.ref).strip(".-") or "agreement"
        if ref != self.content.ref:  # A/7 and A-7 are two agreements, so two files
            ref += f"-{hashlib.sha256(self.content.ref.encode()).hexdigest()[:6]}"
        return f"{ref}-v{self.version}.{ending}"

    def to_toml(self) -> str:
        """Return the text as it is activated, with hash, head and signed text as comments."""
        packed = base64.b64encode(zlib.compress(self.text.encode(), 9)).decode()
        header = [
            f"# {self.content.ref}, version {self.version}, as it was signed. Whoever has this "
            "file can prove it:",
            "# tricorn agreement check FILE",
            f"# hash: {self.hash}",
            f"# version: {self.version}",
            f"# journal head: {self.head or 'none yet'}",
            *(f"# signed text: {part}" for part in wrap(packed, 84)),
        ]
        return "\n".join(header) + "\n\n" + self.content.to_toml()

    def to_json(self) -> str:
        """Return the same as one JSON object: agreement, hash, version, signatures, head, text."""
        data = {
            "agreement": self.content.to_data(),
            "hash": self.hash,
            "version": self.version,
            "signatures": self.signatures(),
            "journal_head": self.head,
            "text": self.text,
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def signatures(self) -> list[dict[str, str]]:
        """Return who signed: as the text says it, and the name on record."""
        names = [*self.names, *[""] * len(self.content.signed)]
        return [
            {"by": row["by"], "name": name, **row}
            for row, name in zip(self.content.to_data()["signed"], names, strict=False)
        ]


@dataclass(frozen=True)
class Proof:
    """What came of looking at a file: sentences about what is off, and every field that differs."""

    problems: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def holds(self) -> bool:
        return not self.problems and not self.changes


def prove(file: SignedFile) -> Proof:
    """Say whether a file says what its hash stands for, and if not, what was changed."""
    if file.text and hashlib.sha256(file.text.encode(errors="replace")).hexdigest() != file.hash:
        if file.content.hash == hashlib.sha256(file.text.encode(errors="replace")).hexdigest():
            return Proof(("hash: it is not the hash of what the file says.",))
        if file.content.hash == file.hash:
            return Proof(("text: the signed text that the file carries was changed.",))
    elif file.text:
        signed = Agreement.from_data(_object(file.text, "The signed text"), "The signed text")
        return Proof(changes=differences(signed, file.content))
    if file.content.hash != file.hash:
        return Proof(
            (
                "hash: what the file says and its hash do not agree, and nothing in it tells "
                "which field was changed. Compare it with the other side's copy: --against.",
            )
        )
    return Proof()


def read(text: str, source: str) -> Agreement | SignedFile:
    """Read an agreement text, or a file that was written for both sides, from TOML or JSON.

    Errors  BadAgreement with the place in the file.
    """
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _from_toml(text, source)
    data = _object(text, source)
    if "hash" not in data:
        return Agreement.from_data(data, source)
    for key in data:
        if key not in KEYS:
            known = ", ".join(sorted(KEYS))
            raise BadAgreement(f"{source}, {key!r:.60}: is not known here. Known: {known}.")
    return _from_json(data, source)


def _from_toml(text: str, source: str) -> Agreement | SignedFile:
    found: dict[str, list[str]] = {}
    lines = text.removeprefix("\ufeff").split("\n")
    while lines and (not lines[0].strip() or lines[0].startswith("#")):
        if match := _HEADER.fullmatch(lines.pop(0).rstrip()):
            found.setdefault(match[1], []).append(match[2])
    if "hash" not in found:
        return Agreement.from_toml(text, source)
    content = Agreement.from_toml("\n".join(lines), source)
    head = found.get("journal head", [""])[0]
    version = found.get("version", [""])[0]
    return SignedFile(
        content,
        _hash(found["hash"][0], source),
        int(version) if re.fullmatch(r"[0-9]{1,9}", version) else 0,
        head if _HASH.fullmatch(head) else "",
        text=_unpacked("".join(found.get("signed text", [])), source),
    )


def _from_json(data: Mapping[str, Any], source: str) -> SignedFile:
    content, version = data.get("agreement"), data.get("version")
    if not isinstance(content, Mapping):
        raise BadAgreement(f"{source}, agreement: is missing or no table.", where="agreement")
    for key in ("text", "journal_head"):
        if not isinstance(data.get(key, ""), str):
            raise BadAgreement(f"{source}, {key}: is a text in quotes.", where=key)
    file = SignedFile(
        Agreement.from_data(content, source),
        _hash(data["hash"], source),
        version if type(version) is int else 0,
        data.get("journal_head", ""),
        text=data.get("text", ""),
    )
    _same_signatures(data.get("signatures", []), file, source)
    return file


def _same_signatures(found: Any, file: SignedFile, source: str) -> None:
    """The signatures beside the content are those in it; only the names on record are more."""
    wanted = file.signatures()
    if not isinstance(found, list) or len(found) != len(wanted):
        raise BadAgreement(f"{source}, signatures: are not those that the agreement names.")
    for n, (here, signed) in enumerate(zip(found, wanted, strict=True), start=1):
        for key in ("by", "capacity", "on", "for", "method"):
            if not isinstance(here, Mapping) or here.get(key) != signed.get(key):
                raise BadAgreement(
                    f"{source}, signatures {n}, {key}: is not what the agreement says "
                    f"({signed.get(key)!r:.60})."
                )


def _hash(found: Any, source: str) -> str:
    if not isinstance(found, str) or not _HASH.fullmatch(found.strip().lower()):
        raise BadAgreement(f"{source}, hash: is 64 digits and letters a to f.", where="hash")
    return found.strip().lower()


def _object(text: str, source: str) -> dict[str, Any]:
    try:
        data = json.loads(text.removeprefix("\ufeff"), parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError) as problem:
        raise BadAgreement(f"{source} is not JSON: {problem}.") from problem
    if not isinstance(data, dict):
        raise BadAgreement(f"{source} is no JSON object.")
    return data


def _unpacked(packed: str, source: str) -> str:
    """The signed text of a TOML file's header; a small one cannot unfold into a huge one."""
    if not packed:
        return ""
    try:
        unpack = zlib.decompressobj()
        return unpack.decompress(base64.b64decode(packed, validate=True), LARGEST).decode()
    except (ValueError, zlib.error) as problem:
        raise BadAgreement(
            f"{source}, signed text: the comment cannot be read; it was changed or cut."
        ) from problem
