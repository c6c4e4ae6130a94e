"""Was this written by a machine? Then it is never answered (RFC 3834)."""

from __future__ import annotations

import re

from tricorn.mail.reading.headers import Headers

MOST_STATIONS = (
    100  # RFC 5321, 6.3: more Received fields than this mean that a mail runs in circles
)

# Only whole beginnings that programs write: "Out of office is broken" is somebody's question.
_AWAY = re.compile(
    r"(?i)^\s*(out of (the )?office( auto-?reply| reply| message)?\s*(:|$)|ooo\s*:|auto(matic|mated)?[ -]?"
    r"(reply|response|answer)\s*(:|$)|(automatische|autom\.) (antwort|abwesenheits\w*)\s*(:|$)|"
    r"abwesenheits(notiz|nachricht|meldung|assistent)\s*(:|$)|abwesend\s*:|"
    r"r[ée]ponse automatique\s*(:|$)|absence du bureau\s*(:|$)|(message d['’])absence\s*:|"
    r"respuesta autom[áa]tica\s*(:|$)|fuera de (la )?oficina\s*(:|$)|"
    r"risposta automatica\s*(:|$)|fuori sede\s*(:|$)|automatisch(e)? antwoord\s*(:|$)|"
    r"afwezig(heid)?(sbericht)?\s*:|resposta autom[áa]tica\s*(:|$)|fora do escrit[óo]rio\s*:|"
    r"(odpowied[źz] automatyczna|automatyczna odpowied[źz])\s*(:|$)|poza biurem\s*:|"
    r"autosvar\s*(:|$)|automatiskt? svar\s*(:|$)|fr[åa]nvaromeddelande\s*(:|$)|"
    r"automaattinen vastaus\s*(:|$)|automatick[áa] odpov[ěe]ď\s*(:|$)|автоответ\s*(:|$))"
)
_REPLIES = ("x-autoreply", "x-autorespond", "x-autoreply-from", "x-mail-autoreply", "x-auto-reply")
_LISTS = (
    "list-id",
    "list-post",
    "list-help",
    "list-owner",
    "list-archive",
    "mailing-list",
    "x-mailing-list",
)


def why(headers: Headers, subject: str) -> str:
    """Return why it counts as automatic, "" for a letter somebody wrote.

    loop            it came through a hundred servers, or carries the mark of one that saw it before
    auto-replied    an answer by a machine, such as "I am away"
    auto-generated  a machine began it
    list, bulk      it went to many: a list, a newsletter
    null-sender     nobody takes an answer
    no-answer       somebody may have written it, but asks machines to be silent
    """
    submitted = headers.get("auto-submitted").split(";")[0].split("(")[0].strip().lower()
    precedence = headers.get("precedence").strip().lower()
    if len(headers.all("received")) > MOST_STATIONS or headers.get("x-loop"):
        return "loop"
    if submitted.startswith("auto-replied") or _is_away(headers, subject, precedence):
        return "auto-replied"
    if submitted and submitted != "no":
        return "auto-generated"
    if any(headers.get(name) for name in _LISTS) or precedence == "list":
        return "list"
    if (
        precedence in ("bulk", "junk")
        or headers.get("list-unsubscribe")
        or headers.get("feedback-id")
    ):
        return "bulk"
    if headers.get("return-path").strip() in ("<>", "< >", "<MAILER-DAEMON>"):
        return "null-sender"
    suppressed = {
        word.strip().lower() for word in headers.get("x-auto-response-suppress").split(",")
    }
    return "no-answer" if suppressed & {"all", "oof", "autoreply"} else ""


def _is_away(headers: Headers, subject: str, precedence: str) -> bool:
    return (
        precedence in ("auto_reply", "auto-reply")
        or any(headers.get(name).strip().lower() not in ("", "no") for name in _REPLIES)
        or headers.get("x-ms-exchange-inbox-rules-loop") != ""
        or headers.get("x-pm-autoreply") != ""
        or _AWAY.match(subject) is not None
    )
