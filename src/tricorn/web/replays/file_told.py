"""What a page says of an export: how it was read, what was left out, what could not be learned."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from tricorn.insight.models import Replay

# The reader of exports speaks to the command line, too; a page has boxes instead of options.
OPTIONS = (
    ("Name its encoding, for example --encoding cp1252.", "Save it in UTF-8, and hand it in."),
    (", or name its encoding: --encoding utf-16.", "."),
    (" (--map MAP.toml, docs/formats.md)", ""),
    (" (--map MAP.toml)", ""),
    ("--format ", ""),
)


def on_page(sentence: str) -> str:
    """Return a sentence about a file without the options of the command."""
    for option, words in OPTIONS:
        sentence = sentence.replace(option, words)
    return sentence


def about_file(replay: Replay) -> list[str]:
    """Return how an upload was read, in sentences; nothing for our own tickets."""
    told = replay.told
    if replay.source != "upload" or "rows" not in told:
        return []
    known = {"format": told["format"], "reason": told["reason"]}
    notes = (note for note in told["notes"] if note != unlearned(replay))
    said = [gettext("Read as %(format)s: %(reason)s.") % known, *map(on_page, notes)]
    for refused in told["refused"].values():
        count = {"count": refused["count"], "rows": told["rows"], "why": refused["sentence"]}
        said.append(
            ngettext(
                "%(count)s of %(rows)s rows was left out: %(why)s",
                "%(count)s of %(rows)s rows were left out: %(why)s",
                refused["count"],
            )
            % count
        )
    return said


def unlearned(replay: Replay) -> str:
    """Return why today's rule could not be learned, as long as nobody said what holds today."""
    return "" if replay.present else str(replay.told.get("unlearned", ""))
