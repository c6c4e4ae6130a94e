"""Letters that came back: what mail servers say about it (RFC 3464), and how older ones say it."""

from __future__ import annotations

import re

from tricorn.mail.reading import addresses, harmless, headers
from tricorn.mail.reading.headers import Headers
from tricorn.mail.reading.letter import Bounce
from tricorn.mail.reading.parts import Part

REPORTS = {"message/delivery-status", "message/global-delivery-status"}
MOST_ADDRESSES = 100
LOOKED_AT = 20_000

_ID = re.compile(r"<[^\s<>@]{1,400}@[^\s<>]{1,400}>")
_FAILED = re.compile(
    r"(?i)^\s*(\*+ ?)?(undeliver|mail delivery (failed|failure|system|subsystem)|delivery (status notif"
    r"|failure|has failed|problem|delayed)|returned (mail|to sender)|failure notice|unzustellbar|"
    r"non remis|non distribu|mail not deliver|message (not|could not be) deliver|warning: (message|"
    r"could not send)|no se puede entregar|mancata consegna|onbestelbaar|nie dostarczono|"
    r"kunde inte levereras|n[ãa]o entregue)"
)
_MACHINE = re.compile(r"(?i)^(mailer-?daemon|postmaster|mail-?daemon|mailerdaemon)(@|$)")
_STATUS = re.compile(r"\b([245])\.\d{1,3}\.\d{1,3}\b")
_REPLY = re.compile(r"\b([45])\d\d[ -]")
_LATER = re.compile(
    r"(?i)will (be retried|keep trying|continue)|still (being )?(re)?tr|delay|mailbox full|over quota"
)
_ADDRESS = re.compile(r"[^\s<>\"'():;,\[\]]{1,64}@[a-zA-Z0-9.-]{3,255}[a-zA-Z0-9]")
_QUOTED_MAIL = re.compile(
    r"(?im)^(-{3,}.*(original|copy of|returned|header).*|return-path:|received: )"
)
_QUOTED_ID = re.compile(r"(?im)^[\s>]*message-id:\s*(<[^\s<>]{1,400}>)")


def found(mail: Part, sender: str, text: str) -> tuple[Bounce | None, bool]:
    """(what came back, is it a report of a server at all).

    A report of success or of opening is a report without a bounce.
    """
    kinds = {part.kind for part in mail.walk()}
    if kinds & REPORTS:
        reports = (part for part in mail.walk() if part.kind in REPORTS)
        return next(filter(None, (_reported(mail, part) for part in reports)), None), True
    if "message/disposition-notification" in kinds:
        return None, True
    told = mail.headers.all("x-failed-recipients")
    subject = mail.headers.text("subject")
    is_machine = bool(_MACHINE.match(sender)) or mail.headers.get("return-path").strip() == "<>"
    if told or (is_machine and _FAILED.match(subject)):
        return _unreported(mail, told, text), True
    return None, False


def _reported(mail: Part, report: Part) -> Bounce | None:
    """The groups of a report: the server's own, then one for each address."""
    failed: dict[str, str] = {}
    delayed: dict[str, str] = {}
    is_permanent = False
    for group in _groups(report):
        address = _recipient(group)
        action = group.get("action").strip().lower()
        status = _STATUS.search(group.get("status"))
        kind = status[1] if status else "5" if action == "failed" else "4"
        if not address or action in ("delivered", "relayed", "expanded"):
            continue
        if action not in ("failed", "delayed") and kind == "2":
            continue
        reason = _sentence(group.get("diagnostic-code") or group.get("status") or action)
        if action == "delayed" or kind == "4":
            delayed.setdefault(address, reason)
        else:
            failed.setdefault(address, reason)
            is_permanent = True
    chosen = failed if is_permanent else delayed
    if not chosen:
        return None
    some = tuple(chosen)[:MOST_ADDRESSES]
    return Bounce(some, is_permanent, next(iter(chosen.values())), _originals(mail))


def _groups(report: Part) -> list[Headers]:
    body = report.content()[:1_000_000]
    groups: list[Headers] = []
    while body.strip() and len(groups) < 1_000:
        group, length = headers.parse(body)
        groups.append(group)
        if not length:
            break
        body = body[length:]
    return groups


def _recipient(group: Headers) -> str:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        value = group.text(name)
        if address := addresses.clean(value.rpartition(";")[2].strip()):
            return address
    return ""


def _sentence(reason: str) -> str:
    """The server's words without the kind of system in front."""
    return harmless.line(
        re.sub(r"(?i)^\s*(smtp|x-[a-z0-9-]+|dns)\s*;\s*", "", headers.decoded(reason)), 300
    )


def _originals(mail: Part) -> tuple[str, ...]:
    """The Message-IDs of what came back: out of the mail or the header inside, or of the thread."""
    ids: list[str] = []
    for part in mail.walk():
        if part.kind in (
            "message/rfc822",
            "text/rfc822-headers",
            "message/global",
            "message/global-headers",
        ):
            inner, _ = headers.parse(part.content()[:200_000])
            ids += _ID.findall(inner.get("message-id"))[:1]
    for name in ("in-reply-to", "references"):
        ids += _ID.findall(mail.headers.get(name))[-20:]
    return tuple(dict.fromkeys(ids))[:20]


def _unreported(mail: Part, told: list[str], text: str) -> Bounce | None:
    """A report in prose: qmail, Exim and others. The addresses stand before the quoted mail."""
    begin = text[:LOOKED_AT]
    quoted = _QUOTED_MAIL.search(begin)
    prose = begin[: quoted.start()] if quoted else begin
    named, _ = addresses.found(told, MOST_ADDRESSES)
    some = [address.address for address in named]
    some = some or [clean for match in _ADDRESS.findall(prose) if (clean := addresses.clean(match))]
    mine = {
        address.address
        for name in ("from", "to", "delivered-to", "x-original-to")
        for address in addresses.found(mail.headers.all(name), 20)[0]
    }
    some = [address for address in dict.fromkeys(some) if address not in mine][:MOST_ADDRESSES]
    if not some:
        return None
    rows = [row.strip() for row in prose.split("\n")]
    why = next((row for row in rows if _STATUS.search(row) or _REPLY.search(row)), "")
    status = _STATUS.search(why) or _REPLY.search(why)
    is_permanent = (
        status[1] == "5" if status else not _LATER.search(f"{mail.headers.text('subject')} {prose}")
    )
    ids = (*_originals(mail), *_QUOTED_ID.findall(begin))
    reason = _sentence(why) or harmless.line(mail.headers.text("subject"), 300)
    return Bounce(tuple(some), is_permanent, reason, tuple(dict.fromkeys(ids))[:20])
