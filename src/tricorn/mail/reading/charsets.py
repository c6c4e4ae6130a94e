"""Bytes to text, whatever the sender said about them."""

from __future__ import annotations

import codecs
import re

# What mail programs really mean by these names, or call themselves.
_MEANT = {
    "ascii": "utf-8",
    "us-ascii": "utf-8",
    "ansi_x3.4-1968": "utf-8",
    "utf8mb4": "utf-8",
    "x-unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "default": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_2",
    "x-mac-roman": "mac-roman",
    "windows-874": "cp874",
}
# No charsets of mail; two of them take quadratic time.
_NEVER = {
    "idna",
    "punycode",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
    "mbcs",
    "oem",
    "hz",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9._:+-]{1,40}")


def known(charset: str) -> str:
    """The codec for a charset's name, or "" when there is none."""
    name = charset.strip().strip("\"'").lower()
    name = _MEANT.get(name, name)
    if not _NAME.fullmatch(name):
        return ""
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)
    except (LookupError, UnicodeError, ValueError):
        return ""
    return "" if codec.name.replace("_", "-") in _NEVER else codec.name


def decoded(data: bytes, charset: str = "") -> str:
    """Text from bytes: by the charset if it fits, else UTF-8, else what a Western PC would show.

    Never fails: in the end a byte that means nothing becomes a replacement character.
    """
    for codec in (known(charset), "utf-8", "cp1252"):
        if not codec:
            continue
        try:
            return data.decode(codec)
        except (UnicodeError, ValueError):
            continue
    return data.decode(known(charset) or "utf-8", "replace")
