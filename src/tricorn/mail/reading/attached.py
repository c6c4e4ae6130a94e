"""Parts that are files: what is kept, under which name and type, and what is refused."""

from __future__ import annotations

import re

from tricorn.files import metadata
from tricorn.mail.reading import harmless, headers, pictures
from tricorn.mail.reading.harmless import listed
from tricorn.mail.reading.letter import Attachment, Limits
from tricorn.mail.reading.parts import Part

# What runs when somebody opens it. An archive is not opened, so what lies inside is not judged.
REFUSED = listed(
    "ade adp apk app appx appxbundle bat cab chm cmd com command cpl diagcab diagcfg diagpkg dll "
    "dmg ex ex_ exe gadget hlp hta img inf ins iso isp jar jnlp js jse jsp lib lnk mam mde msc msh "
    "msi msix msixbundle msp mst nsh ocx ops osd pcd pif pl prg ps1 ps1xml ps2 psc1 psd1 psm1 py "
    "pyc pyw reg rpm scf scr sct sh bash shb shs sys url vb vbe vbp vbs vhd vhdx vxd wsc wsf wsh "
    "xbap xll xnk"
)
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"#!",
)
# Types a browser would run or draw: they are only ever handed out as plain files.
_ACTIVE = re.compile(r"html|xml(?!formats)|svg|javascript|ecmascript|flash|x-msdown|x-sh\b|x-ms-")
_SHOWN = (
    "text/plain",
    "text/csv",
    "text/calendar",
    "text/vcard",
    "application/",
    "audio/",
    "video/",
)
_ENDINGS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/tiff": "tiff",
    "image/bmp": "bmp",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/html": "html",
    "text/calendar": "ics",
    "text/vcard": "vcf",
    "message/rfc822": "eml",
    "application/ms-tnef": "dat",
    "application/pgp-signature": "asc",
    "application/pgp-encrypted": "asc",
    "application/pkcs7-signature": "p7s",
    "application/pkcs7-mime": "p7m",
}
_STRIPPED = ("image/jpeg", "image/png", "image/gif", "image/webp")
PLAIN = "application/octet-stream"


class Files:
    """The attachments of one mail as they are found, and a sentence for each that is left out."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.kept: list[Attachment] = []
        self.notes: list[str] = []
        self._too_many = 0

    def add(self, part: Part) -> None:
        content = part.content()
        inline = part.disposition == "inline" or bool(part.cid and part.disposition != "attachment")
        self.add_content(content, part.kind, _told_name(part, content), part.cid, inline)

    def add_content(self, content: bytes, told: str, name: str, cid: str, is_inline: bool) -> None:
        media_type = _media_type(content, told)
        name = harmless.file_name(name) or _made_name(len(self.kept) + 1, media_type)
        if reason := self._refusal(content, name):
            self.notes.append(f"The file {name} was left out: {reason}")
            return
        if len(self.kept) >= self.limits.attachments:
            self._too_many += 1
            return
        if media_type in _STRIPPED:
            try:
                width, height = pictures.size(content, media_type)
                if width * height > self.limits.pixels:
                    self.notes.append(f"The picture {name} was left out: it has too many pixels.")
                    return
                content = pictures.stripped(content, media_type)
            except pictures.Damaged:
                self.notes.append(f"The picture {name} is damaged; it is kept as a plain file.")
                media_type = PLAIN
        else:
            content = self._without_metadata(content, media_type, name)
        self.kept.append(Attachment(self._own_name(name), media_type, content, cid, is_inline))

    def _without_metadata(self, content: bytes, media_type: str, name: str) -> bytes:
        try:
            found = metadata.without(content)
        except metadata.NotKnown as problem:
            words = f"The file {name} is kept as it came, with what it tells: {problem}."
            self.notes.append(words)
            return content
        if found is None and media_type.startswith("image/"):
            self.notes.append(f"The picture {name} is kept as it came, with what it tells.")
        return found or content

    def all_notes(self) -> list[str]:
        more = f"{self._too_many} more files were left out: at most {self.limits.attachments} fit."
        return self.notes[:50] + ([more] if self._too_many else [])

    def _refusal(self, content: bytes, name: str) -> str:
        ending = name.rpartition(".")[2].lower().strip() if "." in name else ""
        if ending in REFUSED:
            return f"a file that ends in .{ending} can run as a program."
        if content.startswith(_PROGRAMS):
            return "it is a program."
        if len(content) > self.limits.attachment_bytes:
            most = self.limits.attachment_bytes / 1048576
            return f"it has {len(content) / 1048576:.0f} MB, at most {most:.0f} MB fit."
        return ""

    def _own_name(self, name: str) -> str:
        taken = {file.name.lower() for file in self.kept}
        stem, dot, ending = name.rpartition(".") if "." in name else (name, "", "")
        number, fresh = 2, name
        while fresh.lower() in taken:
            fresh, number = f"{stem} ({number}){dot}{ending}", number + 1
        return fresh


def _told_name(part: Part, content: bytes) -> str:
    if part.name:
        return part.name
    if part.kind == "message/rfc822":
        inner, _ = headers.parse(content[:65_536])
        return f"{harmless.line(inner.text('subject'), 80) or 'letter'}.eml"
    return ""


def _made_name(number: int, media_type: str) -> str:
    return f"attachment-{number}.{_ENDINGS.get(media_type, 'bin')}"


def _media_type(content: bytes, told: str) -> str:
    """Pictures by their content alone; else what was said, unless a browser would act on it."""
    if found := pictures.kind(content):
        return found
    if told == "message/rfc822":
        return told
    if told == "application/pdf":
        return told if b"%PDF-" in content[:1024] else PLAIN
    if told.startswith(_SHOWN) and not _ACTIVE.search(told):
        return told
    return PLAIN
