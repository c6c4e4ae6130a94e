"""Read one mail: cut it into parts, take each for what it is, and say what was left out."""

from __future__ import annotations

import hashlib
import html as html_words
import re

from tricorn.mail.reading import (
    addresses,
    armour,
    automatic,
    bounces,
    harmless,
    headers,
    html_letter,
    parts,
    quoting,
)
from tricorn.mail.reading.attached import Files
from tricorn.mail.reading.headers import Headers
from tricorn.mail.reading.letter import Address, Limits, Read, Unreadable
from tricorn.mail.reading.parts import Part

USUAL = Limits()
MOST_DATA = 100  # pictures written into the HTML itself
MADE_AT = "made.tricorn.invalid"
FILES = {"text/calendar", "text/csv", "text/vcard", "text/x-vcard", "text/directory", "text/xml"}
FILES |= {"text/css", "text/javascript", "text/rtf", "text/rfc822-headers"}

_ID = re.compile(r"<[^\s<>@]{1,400}@[^\s<>@]{1,400}>")
_FORWARD = re.compile(r"(?i)^\s*(\[[^]]{1,40}\]\s*)?(fwd?|wg|tr|rv|i|enc|doorst|vs|vb|pd|fs)\s*:")
_DATA = re.compile(r"(?i)([\"'])\s*data:(image/[a-z0-9.+-]{1,40});base64,([^\"']{40,}+)\1")
_KNOWN = {"from", "to", "subject", "date", "message-id", "received", "content-type", "mime-version"}
_KNOWN |= {
    "return-path",
    "cc",
    "bcc",
    "reply-to",
    "sender",
    "x-mailer",
    "in-reply-to",
    "references",
}


SIGNED = "The mail is signed; the signature is not checked, and stays in the letter as it came."
SIGNATURES = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
}


def read(raw: bytes, *, limits: Limits = USUAL) -> Read:
    """Read a mail from its bytes. The same bytes always give the same.

    Errors  Unreadable, and nothing else, with a sentence that says why.
    """
    if len(raw) > limits.mail_bytes:
        most = limits.mail_bytes / 1048576
        raise Unreadable(f"The mail has {len(raw) / 1048576:.1f} MB; at most {most:g} MB are read.")
    if not raw.strip():
        raise Unreadable("The mail is empty.")
    try:
        return _Reading(raw, limits).read()
    except Unreadable:
        raise
    # Whatever strangers find to send: the mail is kept, and somebody looks at it.
    except Exception as problem:
        raise Unreadable(
            f"The mail could not be taken apart ({type(problem).__name__})."
        ) from problem


class _Reading:
    """One mail on its way to being read."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw = raw
        self.limits = limits
        self.files = Files(limits)
        self.notes: list[str] = []
        # What is to be read, in order: ("plain" or "html", the words).
        self.bodies: list[tuple[str, str]] = []
        self._taken = 0
        self.unopened = ""

    def read(self) -> Read:
        raw = self.raw
        if b"\n" not in raw:
            raw = raw.replace(b"\r", b"\n")
        mail = parts.cut(raw.lstrip(b"\r\n"), self.limits)
        head = mail.headers
        if not _KNOWN & set(head.names()):
            raise Unreadable("This is no mail: there is no header in front of its words.")
        if head.odd_lines:
            self.notes.append(f"Lines in its header that are none were skipped: {head.odd_lines}.")
        self._take(mail, 0)
        subject = harmless.line(head.text("subject"))
        earlier = self._references(head)
        text, quoted, html = self._words(bool(earlier), bool(_FORWARD.match(subject)))
        senders = self._addresses(head, "from") or self._addresses(head, "sender")
        bounce, is_report = bounces.found(
            mail, senders[0].address if senders else "", f"{text}\n{quoted}"
        )
        if len(senders) > 1:
            self.notes.append("The mail names several senders; the first one counts.")
        return Read(
            message_id=self._id(head),
            references=earlier,
            sender=senders[0] if senders else None,
            reply_to=self._addresses(head, "reply-to"),
            to=self._addresses(head, "to"),
            cc=self._addresses(head, "cc"),
            delivered_to=self._delivered(head),
            subject=subject,
            sent_at=headers.moment(head.get("date")),
            text=text,
            quoted=quoted,
            html=html,
            attachments=tuple(self.files.kept),
            automatic="bounce" if bounce else automatic.why(head, subject) or "report" * is_report,
            bounce=bounce,
            unopened=self.unopened,
            notes=tuple(dict.fromkeys((*self.notes, *self.files.all_notes()))),
        )

    def _id(self, head: Headers) -> str:
        match = _ID.search(head.get("message-id"))
        if match and match[0].isascii() and match[0].isprintable() and len(match[0]) <= 500:
            return match[0]
        return f"<{hashlib.sha256(self.raw).hexdigest()[:32]}@{MADE_AT}>"

    def _references(self, head: Headers) -> tuple[str, ...]:
        told = [*head.all("references"), *head.all("in-reply-to")]
        found = [i for value in told for i in _ID.findall(value) if i.isascii() and i.isprintable()]
        unique = list(dict.fromkeys(found))
        most = self.limits.references
        # The first began the thread, the last ones are what this answers.
        return tuple(unique if len(unique) <= most else [unique[0], *unique[1 - most :]])

    def _addresses(self, head: Headers, name: str) -> tuple[Address, ...]:
        found, are_more = addresses.found(head.all(name), self.limits.recipients)
        if are_more:
            most = self.limits.recipients
            self.notes.append(
                f"{name.capitalize()} names more than {most} people; {most} are kept."
            )
        return found

    def _delivered(self, head: Headers) -> tuple[str, ...]:
        told = [
            value
            for name in ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
            for value in head.all(name)
        ]
        return tuple(
            address.address for address in addresses.found(told, self.limits.recipients)[0]
        )

    def _take(self, part: Part, depth: int) -> None:
        """Take a part for what it is: words to read, a file to keep, or parts inside."""
        kind = part.kind
        if part.inside:
            self._take_inside(part, depth)
        elif kind.startswith("multipart/"):
            return
        elif kind.startswith("text/") and kind not in FILES and self._is_body(part, depth):
            words = part.text(0 if kind == "text/html" else 8 * self.limits.text_length)
            if "\ufffd" in words and "\ufffd".encode() not in part.body:
                self.notes.append("Some characters could not be read.")
            self.bodies.append(
                ("html", words) if kind == "text/html" else ("plain", self._bare(words))
            )
        elif kind in bounces.REPORTS:
            # What is no list of fields but words of a server belongs to its letter.
            if b"-recipient:" not in part.body.lower():
                self.bodies.append(("plain", part.text()))
        elif kind == "text/rfc822-headers":
            return
        else:
            if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
                self.unopened = "sealed"
                self.notes.append(
                    "The mail is encrypted or sealed by S/MIME; it is kept as a file."
                )
            if kind in ("application/ms-tnef", "application/vnd.ms-tnef"):
                self.unopened = "packed"
                self.notes.append("Outlook packed files into winmail.dat; it is kept as a file.")
            self.files.add(part)

    def _take_inside(self, part: Part, depth: int) -> None:
        if part.kind == "multipart/alternative":
            self._take_alternatives(part, depth)
            return
        inside = part.inside
        if part.kind == "multipart/signed":
            self.notes.append(SIGNED)
            inside = [each for each in inside if each.kind not in SIGNATURES]
        if part.kind == "multipart/encrypted":
            self.unopened = "sealed"
            self.notes.append("The mail is encrypted; its content is kept as a file.")
        for inner in inside:
            self._take(inner, depth + 1)

    def _take_alternatives(self, part: Part, depth: int) -> None:
        """The same letter several times: plain words and HTML are one body, the rest are files."""
        before, self.bodies = self.bodies, []
        for inner in part.inside:
            self._take(inner, depth + 1)
        plain = "\n\n".join(
            words for kind, words in self.bodies if kind == "plain" and words.strip()
        )
        html = "\n".join(words for kind, words in self.bodies if kind == "html" and words.strip())
        self.bodies = before + ([("both", plain + "\0" + html)] if plain or html else [])

    def _bare(self, words: str) -> str:
        """Plain words without the frame of a PGP signature; encrypted ones stay as they are."""
        if armour.ENCRYPTED in words:
            self.unopened = "sealed"
            self.notes.append("Its words are encrypted by PGP; they are kept as they came.")
        bare = armour.without_signature(words)
        if bare is None:
            return words
        self.notes.append(SIGNED)
        return bare

    def _is_body(self, part: Part, depth: int) -> bool:
        """Words to read, or a file? A named part is a file, unless it is the whole letter."""
        return part.disposition != "attachment" and (not part.name or depth == 0)

    def _words(self, is_reply: bool, is_forward: bool) -> tuple[str, str, str]:
        """(own, quoted, HTML) of all bodies one after the other."""
        own: list[str] = []
        folded: list[str] = []
        shown: list[str] = []
        has_html = False
        for kind, words in self.bodies:
            plain, _, html = words.partition("\0") if kind == "both" else (words, "", "")
            if kind == "html":
                plain, html = "", words
            text, quoted, clean = self._one(plain, html, is_reply, is_forward)
            has_html = has_html or bool(clean)
            own.append(text)
            folded.append(quoted)
            shown.append(clean or _as_html(text))
        text = "\n\n".join(words for words in own if words)
        quoted = "\n\n".join(words for words in folded if words)
        if not text and quoted and not (is_reply and self.files.kept):
            text, quoted = quoted, ""
        return (
            self._cut(text, "words"),
            self._cut(quoted, "quoted words"),
            "\n".join(shown) if has_html else "",
        )

    def _one(self, plain: str, html: str, is_reply: bool, is_forward: bool) -> tuple[str, str, str]:
        plain = harmless.block(plain[: self.limits.text_length * 4])
        text, quoted = quoting.split(plain, is_reply=is_reply, is_forward=is_forward)
        if not html:
            return text, quoted, ""
        source = self._without_data(html)
        if len(source) > self.limits.html_length:
            self.notes.append("Its HTML is too long; only its beginning was read.")
            source = source[: self.limits.html_length]
        page = html_letter.read(source, is_reply=is_reply, is_forward=is_forward)
        if page.remote_pictures:
            some = page.remote_pictures
            told = "A picture" if some == 1 else f"{some} pictures"
            self.notes.append(f"{told} kept elsewhere will not be loaded: it tells who reads when.")
        if not page.is_whole:
            self.notes.append("Its HTML has too many elements; only its beginning was read.")
        # A program that writes no real plain words says so in a line or two.
        if not text.strip() or len(page.text) > 10 * len(text) + 200:
            text, quoted = harmless.block(page.text), harmless.block(page.quoted)
        return text, quoted, page.html

    def _without_data(self, html: str) -> str:
        """Pictures inside the HTML become files; their place keeps their cid."""

        def taken(match: re.Match[str]) -> str:
            self._taken += 1
            if self._taken > MOST_DATA:
                return '""'
            content = headers.base64(match[3].encode("ascii", "ignore"))
            cid = f"{hashlib.sha256(content).hexdigest()[:16]}@{MADE_AT}"
            self.files.add_content(content, match[2].lower(), "", cid, True)
            return f'"cid:{cid}"'

        return _DATA.sub(taken, html) if "data:" in html[:50_000_000] else html

    def _cut(self, words: str, what: str) -> str:
        most = self.limits.text_length
        if len(words) <= most:
            return words
        self.notes.append(f"Its {what} are very long; the first {most:,} characters are kept.")
        return words[:most]


def _as_html(text: str) -> str:
    blocks = [html_words.escape(block) for block in text.split("\n\n") if block.strip()]
    return "".join("<p>" + block.replace("\n", "<br>") + "</p>" for block in blocks)
