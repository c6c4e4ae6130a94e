"""What somebody wrote themselves, apart from what they quoted and signed with.

When in doubt it is their own. Whatever is cut away is returned too, so nothing is lost.
"""

from __future__ import annotations

import re

from mailparser_reply.constants import MAIL_LANGUAGES

LONGEST_INTRODUCTION = 300
MOST_TRIES = 60
LONGEST_SIGNATURE = 20

# "On Monday Una wrote:" in more languages than the library knows, without their order of words.
_WROTE = re.compile(
    r"(?i)\b(wrote|writes|schrieb|schreibt|geschrieben|a [ée]crit|escribi[óo]|ha scritto|scrisse|"
    r"schreef|escreveu|napisa[łl]\w*|pisze|skrev|skrifaði|kirjoitti|nap[íi]sal\w*|írta|a scris|"
    r"yazdı|написал\w*|пишет|писал\w*|έγραψε|va escriure|escribiu)\b|写道|님이 작성|wrote\s*:"
)
# The library's own patterns, each tried on one short piece at a time: they can be slow on more.
_INTRODUCTIONS = [
    re.compile(language["wrote_header"], re.MULTILINE | re.IGNORECASE)
    for language in MAIL_LANGUAGES.values()
    if "wrote_header" in language
]
_WHEN_OR_WHO = re.compile(r"\d{1,4}[./:\-年월 ]|\S@\S|<[^>]{0,100}>")
_SAID_BY = re.compile(r"(?i)^\s*(<?\S+@\S+>?|\d{4}[-/]\d{2}[-/]\d{2} .*<\S+@\S+>)\s*:?\s*$")
_QUOTE = re.compile("^[ \t]{0,3}[>\uff1e]")
_RULE = re.compile(r"^\s*[_\-=*\u2014\u2500]{10,}\s*$")
_ORIGINAL = re.compile(
    r"(?i)^[\s>*]*-{2,}\s*(original message|reply message|reply separator|original appointment|"
    r"urspr[üu]ngliche nachricht|original-?nachricht|message d['’]origine|message original|"
    r"mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|"
    r"oryginalna wiadomo[śs][ćc]|wiadomo[śs][ćc] oryginalna|ursprungligt meddelande|"
    r"originalmeddelande|opprinnelig melding|oprindelig meddelelse|alkuper[äa]inen viesti|"
    r"p[ůu]vodn[íi] zpr[áa]va|исходное сообщение|eredeti üzenet)\s*-{0,}\s*$"
)
_FORWARDED = re.compile(
    r"(?i)^[\s*]*(-{2,}\s*)?(begin )?(forwarded|weitergeleitete|message transf|mensaje reenviado|"
    r"messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada|"
    r"wiadomo[śs][ćc] przekazana|przekazana wiadomo|vidarebefordrat|videresendt|"
    r"anfang der weitergeleiteten|d[ée]but du message)"
)
_LABELS = {
    "from": "from von de da van från fra od lähettäjä от kimden feladó",
    "when": "sent date gesendet datum envoyé fecha enviado enviada inviato data verzonden wysłano "
    "wysłane skickat sendt dato odesláno lähetetty дата отправлено gönderildi envoyée",
    "rest": "to subject cc an betreff à objet para asunto assunto a oggetto aan onderwerp do temat "
    "till ämne til emne komu předmět kopie kopia dw ccn reply-to organization кому тема konu kime "
    "vastaanottaja aihe importance priority",
}
_LABEL = {word: kind for kind, words in _LABELS.items() for word in words.split()}
_LABELLED = re.compile(r"^[\s>*]*([^\s:*]{1,20})\s?:\s?\*?[ \t]*(.*)$")
_DAY = re.compile(r"\d{1,4}[./:\-年월 ]\s?\S{1,12}[./:\-月일 ]?\s?\d")
_TIME_OR_WHO = re.compile(r"\S@\S|\d:\d\d|\d[hH.]\d\d")
_FROM_PHONE = re.compile(
    r"(?i)^\s*[_*]?((sent|get) (from|using|via|with) (my |the )?\S.{0,60}|get outlook for .{0,60}|"
    r"(von meinem|gesendet von|diese nachricht wurde von meinem) .{1,70}|"
    r"envoy[ée] (de|depuis|à partir) .{1,60}|"
    r"enviado (desde|do|de) .{1,60}|inviato da(l)? .{1,60}|verzonden (vanaf|met|via) .{1,60}|"
    r"wys[łl]an[oe] z .{1,60}|skickat fr[åa]n .{1,60}|sendt fra .{1,60}|l[äa]hetetty .{1,60}|"
    r"отправлено (с|из) .{1,60})\s*$"
)


def split(text: str, *, is_reply: bool = True, is_forward: bool = False) -> tuple[str, str]:
    """(own, quoted) of a plain text.

    Lines behind `>` are quoted and what stands between them is own. A header of an earlier mail
    quotes all that follows, unless it is forwarded: that is news, so it stays.
    """
    rows = _Rows(text.split("\n"))
    rows.mark_lines(is_reply)
    if not is_forward:
        rows.mark_tail()
    rows.mark_signature()
    return rows.joined(False), rows.joined(True)


def introduces(words: str, *, is_before_quote: bool = False) -> bool:
    """Is this a line like "On Monday Una wrote:"?

    Right before a quote a date, an address and a colon are enough.
    """
    bare = words.strip().rstrip("*_ ")
    if not bare.endswith((":", "\uff1a", ">")) or len(bare) > LONGEST_INTRODUCTION:
        return False
    if not _WHEN_OR_WHO.search(bare):
        return False
    if _WROTE.search(bare) or (is_before_quote and _DAY.search(bare) and "@" in bare):
        return True
    return not bare.endswith(">") and any(way.search(bare) for way in _INTRODUCTIONS)


def forwards(words: str) -> bool:
    """Is this the line that comes before a mail that is passed on?"""
    return _FORWARDED.match(words) is not None


def is_header(text: str) -> bool:
    """Does the header of an earlier mail begin here?"""
    rows = [row for row in text.split("\n") if _bare(row)]
    return bool(rows) and (_ORIGINAL.match(rows[0]) is not None or _is_header(rows, 0))


class _Rows:
    """The lines of a text and which of them are quoted."""

    def __init__(self, rows: list[str]) -> None:
        self.rows = rows
        self.quoted = [False] * len(rows)
        self._tries = 0

    def mark_lines(self, is_reply: bool) -> None:
        """Mark the lines behind `>`, and the line that introduces them, over up to four rows.

        A first letter quotes nobody: there such lines count only with an introduction.
        """
        in_quote = found = False
        for n, row in enumerate(self.rows):
            if _QUOTE.match(row):
                self.quoted[n] = True
                if not in_quote:
                    found = self._mark_introduction(n) or found
                in_quote = True
            elif row.strip():
                in_quote = False
            elif in_quote:
                self.quoted[n] = True
        if not is_reply and not found:
            self.quoted = [False] * len(self.rows)

    def _mark_introduction(self, quote: int) -> bool:
        last = quote - 1
        while last >= 0 and not self.rows[last].strip() and quote - last <= 3:
            last -= 1
        for first in range(last, max(last - 4, -1), -1):
            if self.quoted[first] or not self.rows[first].strip():
                return False
            words = " ".join(row.strip() for row in self.rows[first : last + 1])
            if self._introduces(words, True) or (first == last and _SAID_BY.match(words[:300])):
                first -= self._is_half(first, words)
                self.quoted[first:quote] = [True] * (quote - first)
                return True
        return False

    def _is_half(self, first: int, words: str) -> bool:
        """Does the date, or the opening of "<address>", stand in the row above?"""
        above = self.rows[first - 1].strip() if first else ""
        if not above or len(above) > 120 or above.endswith((".", "!", "?", ":")):
            return False
        is_open = words.count(">") > words.count("<") or not re.search(r"\d", words)
        return is_open and not self.quoted[first - 1] and re.search(r"\d", above) is not None

    def _introduces(self, words: str, is_before_quote: bool = False) -> bool:
        self._tries += 1
        return self._tries <= MOST_TRIES and introduces(words, is_before_quote=is_before_quote)

    def mark_tail(self) -> None:
        """Mark all that follows the header of an earlier mail that is not behind `>`."""
        for n, row in enumerate(self.rows):
            if self.quoted[n] or not row.strip():
                continue
            if _FORWARDED.match(row):
                return
            if not self._begins_tail(n, row):
                continue
            start = n
            while start and not _bare(self.rows[start - 1]):
                start -= 1
            if not any(
                _bare(own) and not self.quoted[m] for m, own in enumerate(self.rows[:start])
            ):
                # Nothing own stands above, so what follows may be the answer itself.
                continue
            self.quoted[start:] = [True] * (len(self.rows) - start)
            return

    def _begins_tail(self, n: int, row: str) -> bool:
        if _ORIGINAL.match(row) or _is_header(self.rows, n):
            return True
        if not _WHEN_OR_WHO.search(row[:1_000]):
            return False
        # An introduction with no `>` below it: only with a date, a verb, and a time or an address.
        for last in range(n, min(n + 3, len(self.rows))):
            if not self.rows[last].strip():
                return False
            words = " ".join(part.strip() for part in self.rows[n : last + 1])[
                :LONGEST_INTRODUCTION
            ]
            if words.endswith((":", "\uff1a")):
                below = [part for part in self.rows[last + 1 : last + 6] if part.strip()]
                if not below or _QUOTE.match(below[0]):
                    return False
                full = _DAY.search(words) and _TIME_OR_WHO.search(words)
                return bool(full) and self._introduces(words)
        return False

    def mark_signature(self) -> None:
        """Mark the signature of the own part, the line a phone adds, and rules left at the end."""
        own = [n for n, row in enumerate(self.rows) if not self.quoted[n] and row.strip()]
        own = self._without_rules(own)
        for place in range(len(own) - 1, max(len(own) - LONGEST_SIGNATURE, 0) - 1, -1):
            if place and self.rows[own[place]].rstrip() in ("--", "__"):
                # Words between two quotes are an answer, not a signature.
                middle = range(own[place], own[-1])
                if not any(self.quoted[m] and self.rows[m].strip() for m in middle):
                    for n in own[place:]:
                        self.quoted[n] = True
                    own = own[:place]
                break
        while len(own) > 1 and _FROM_PHONE.match(self.rows[own[-1]]):
            self.quoted[own.pop()] = True
        self._without_rules(own)

    def _without_rules(self, own: list[int]) -> list[int]:
        while len(own) > 1 and _RULE.match(self.rows[own[-1]]):
            self.quoted[own.pop()] = True
        return own

    def joined(self, wanted: bool) -> str:
        chosen: list[str] = []
        last = -1
        for n, row in enumerate(self.rows):
            if self.quoted[n] != wanted:
                continue
            if chosen and last != n - 1 and chosen[-1].strip() and row.strip():
                chosen.append("")
            chosen.append(row)
            last = n
        return re.sub(r"\n{4,}", "\n\n\n", "\n".join(chosen)).strip("\n").rstrip()


def _bare(row: str) -> str:
    """The row, or "" when it is blank or only a rule."""
    return "" if _RULE.match(row) else row.strip()


def _is_header(rows: list[str], n: int) -> bool:
    """Do lines like "From: ...", "Sent: ...", "Subject: ..." begin here?

    Blank lines may stand between, and one line that is the rest of the line above.
    """
    seen: list[str] = []
    strange = 0
    for row in rows[n : n + 16]:
        match = _LABELLED.match(row[:300])
        kind = _LABEL.get(match[1].lower(), "") if match else ""
        if kind:
            seen.append(kind)
            strange = 0
        elif not seen or len(seen) >= 4 or (row.strip() and (strange := strange + 1) > 1):
            break
    if "from" not in seen or "when" not in seen:
        return False
    return len(seen) >= (3 if seen[0] == "from" else 4)
