"""How each database is told: SQLite's FTS5 and PostgreSQL's tsvector, of the same words.

Both get words that are folded already. FTS5 splits them at the spaces between them (tokenizer
"ascii": whatever is not ASCII belongs to a word); tsvector and tsquery are written as literals, so
that neither a parser nor a dictionary of the server's locale changes a word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tricorn.search.kinds import Document
from tricorn.search.words import Term, Wanted, words_of

# No folded text can hold this sign.
MARK = "¬"
# Up to here words keep their order; later ones are kept once each. tsvector counts to 16,383.
IN_ORDER = 14_000
# A tsvector holds a megabyte.
MOST_BYTES = 500_000
MOST_PLACES = 200


def columns_of(document: Document) -> tuple[list[str], list[str], list[str]]:
    """Return the words of title, body and aside, as many as both databases can keep."""
    fitted = []
    room, size = IN_ORDER, 0
    kept: set[str] = set()
    for text in (document.title, document.body, document.aside):
        words = []
        for word in words_of(text):
            is_new = word not in kept
            if not is_new and room <= 0:
                continue
            if is_new:
                size += len(word.encode()) + 8
                if size > MOST_BYTES:
                    continue
                kept.add(word)
            words.append(word)
            room -= 1
        fitted.append(words)
    return fitted[0], fitted[1], fitted[2]


def fts_row(document: Document) -> tuple[int, str, str, str, str]:
    """Return a document as a row of FTS5."""
    title, body, aside = map(" ".join, columns_of(document))
    marks = " ".join(MARK + mark for mark in document.marks)
    return document.subject_id, title, body, aside, marks


def vector(document: Document) -> str:
    """Return a document as the literal of a tsvector: title A, body B, aside C, marks without."""
    places: dict[str, list[str]] = {}
    at = 1
    for words, weight in zip(columns_of(document), "ABC", strict=True):
        for word in words:
            found = places.setdefault(word, [])
            if len(found) < MOST_PLACES:
                found.append(f"{min(at, 16_383)}{weight}")
            at += 1
        at += 1  # no phrase goes on from the title into the body
    words_at = [f"'{word}':{','.join(found)}" for word, found in places.items()]
    return " ".join([*words_at, *(f"'{MARK}{mark}'" for mark in document.marks)])


def fts_query(
    wanted: Wanted, columns: Sequence[str], marks: Iterable[str] = (), *, any_of: bool = False
) -> str:
    """Return what is looked for as FTS5 reads it, in these columns; every word is quoted."""
    terms = (" OR " if any_of else " AND ").join(map(_fts_term, wanted.terms))
    if wanted.without:
        terms = f"({terms}) NOT ({' OR '.join(map(_fts_term, wanted.without))})"
    within = f"{{{' '.join(columns)}}} : ({terms})"
    return " AND ".join([*(f'"{MARK}{mark}"' for mark in marks), within])


def _fts_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.begins else "")


def ts_query(
    wanted: Wanted, weights: str, marks: Iterable[str] = (), *, any_of: bool = False
) -> str:
    """Return what is looked for as the literal of a tsquery, at these weights ("": at any)."""
    terms = (" | " if any_of else " & ").join(_ts_term(each, weights) for each in wanted.terms)
    parts = [*(f"'{MARK}{mark}'" for mark in marks), f"({terms})"]
    parts += [f"!({_ts_term(each, weights)})" for each in wanted.without]
    return " & ".join(parts)


def _ts_term(term: Term, weights: str) -> str:
    *first, last = term.words
    suffix = f":{weights}" if weights else ""
    end = f":*{weights}" if term.begins else suffix
    joined = " <-> ".join([*(f"'{word}'{suffix}" for word in first), f"'{last}'{end}"])
    return f"({joined})" if first else joined
