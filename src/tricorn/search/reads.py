"""Finding by words: the best first, what is similar, and a subquery for the queue."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

from tricorn.search.dialects import fts_query, ts_query
from tricorn.search.kinds import table
from tricorn.search.words import Term, Wanted, wanted, words_of

# Of a word that is in more than these, the newest are weighed against each other.
MOST_WEIGHED = 1_000
# A word in more documents than these says nothing about what is similar.
RARE = 400
MOST_RARE = 6
MOST_TRIED = 16
TITLE, SAID, ASIDE = "A", "B", "C"
EVERYWHERE = TITLE + SAID
COLUMNS = {TITLE: "title", SAID: "body", ASIDE: "aside"}


def find(
    kind: str,
    text: str | Wanted,
    *,
    most: int,
    ids: Collection[int] | None = None,
    within: str = EVERYWHERE,
    marks: Sequence[str] = (),
) -> list[int]:
    """Return what the text means, best first; only of these ids, if given. One query.

    `within` says where to look: title A, body B, aside C.
    """
    looked = wanted(text) if isinstance(text, str) else text
    if not looked or (ids is not None and not ids):
        return []
    condition, params = _condition(kind, looked, within, marks)
    if ids is not None:
        condition, params = _of(condition, params, ids)
    key = _key()
    newest = f"SELECT {key} AS id, {_best(kind)} AS rank FROM {table(kind)} WHERE {condition}"
    rank: list[Any] = [] if connection.vendor == "sqlite" else [_literal(looked, within, marks)]
    sql = f"SELECT id FROM ({newest} ORDER BY {key} DESC LIMIT %s) found ORDER BY rank, id DESC LIMIT %s"
    return _ids(sql, [*rank, *params, MOST_WEIGHED, most])


def matches(
    kind: str,
    text: str | Wanted,
    *,
    within: str = EVERYWHERE,
    marks: Sequence[str] = (),
    most: int | None = None,
) -> RawSQL:
    """Return the ids of what the text means as a subquery: `filter(pk__in=matches(...))`.

    With `most`, only the newest so many. A text without a word means nothing.
    """
    looked = wanted(text) if isinstance(text, str) else text
    key = _key()
    output = BigIntegerField()
    if not looked:
        return RawSQL(f"SELECT {key} FROM {table(kind)} WHERE 1 = 0", [], output)
    condition, params = _condition(kind, looked, within, marks)
    sql = f"SELECT {key} FROM {table(kind)} WHERE {condition}"
    if most is not None:
        sql, params = f"{sql} ORDER BY {key} DESC LIMIT %s", [*params, most]
    return RawSQL(sql, params, output)


def is_more_than(
    most: int,
    kind: str,
    text: str | Wanted,
    *,
    within: str = EVERYWHERE,
    marks: Sequence[str] = (),
) -> bool:
    """Whether more than so many fit: counted no further than that."""
    some = matches(kind, text, within=within, marks=marks)
    with connection.cursor() as cursor:
        sql = f"SELECT count(*) FROM ({some.sql} LIMIT %s) found"
        cursor.execute(sql, [*some.params, most + 1])
        return bool(cursor.fetchone()[0] > most)


def among(
    kind: str, text: str | Wanted, ids: Collection[int], *, within: str = EVERYWHERE
) -> set[int]:
    """Return which of these the text means, unweighed. One query."""
    looked = wanted(text) if isinstance(text, str) else text
    if not looked or not ids:
        return set()
    condition, params = _of(*_condition(kind, looked, within, ()), ids)
    return set(_ids(f"SELECT {_key()} FROM {table(kind)} WHERE {condition}", params))


def similar(
    kind: str,
    text: str,
    *,
    most: int,
    ids: Collection[int] | None = None,
    within: str = EVERYWHERE,
) -> list[int]:
    """Return what shares the rarest words of the text, what shares most first: two queries.

    Each word weighs by how few others have it, on both databases alike. A text of common words
    alone is like what has them all.
    """
    words = sorted(dict.fromkeys(words_of(text[:5000])), key=lambda word: (-len(word), word))
    words = [word for word in words if len(word) > 2][:MOST_TRIED]
    if not words or (ids is not None and not ids):
        return []
    found = dict(zip(words, _counts(kind, words, within), strict=True))
    rare = sorted((word for word in words if 0 < found[word] <= RARE), key=lambda w: found[w])
    if not rare:
        common = sorted(word for word in words if found[word])[:3]
        looked = Wanted(tuple(Term((word,)) for word in common))
        return find(kind, looked, most=most, ids=ids, within=within)
    key = _key()
    parts, params = [], []
    for word in rare[:MOST_RARE]:
        condition, values = _condition(kind, Wanted((Term((word,)),)), within, ())
        if ids is not None:
            condition, values = _of(condition, values, ids)
        weight = 1 + RARE // found[word]
        parts.append(f"SELECT {key} AS id, {weight} AS weight FROM {table(kind)} WHERE {condition}")
        params += values
    union = " UNION ALL ".join(parts)
    sql = f"SELECT id FROM ({union}) found GROUP BY id ORDER BY sum(weight) DESC, id DESC LIMIT %s"
    return _ids(sql, [*params, most])


def count(kind: str) -> int:
    """Return how many of a kind can be found."""
    name = f"{table(kind)}_docsize" if connection.vendor == "sqlite" else table(kind)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {name}")
        return int(cursor.fetchone()[0])


def _counts(kind: str, words: Sequence[str], within: str) -> list[int]:
    """Return in how many documents each word is, counted no further than one more than RARE."""
    parts, params = [], []
    for word in words:
        some = matches(kind, Wanted((Term((word,)),)), within=within)
        parts.append(f"(SELECT count(*) FROM ({some.sql} LIMIT {RARE + 1}) found)")
        params += list(some.params)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        return [int(each) for each in cursor.fetchone()]


def _condition(
    kind: str, looked: Wanted, within: str, marks: Sequence[str]
) -> tuple[str, list[Any]]:
    literal = _literal(looked, within, marks)
    if connection.vendor == "sqlite":
        return f"{table(kind)} MATCH %s", [literal]
    return "vector @@ %s::tsquery", [literal]


def _literal(looked: Wanted, within: str, marks: Sequence[str]) -> str:
    if connection.vendor == "sqlite":
        return fts_query(looked, [COLUMNS[each] for each in within], marks)
    # A weight makes the server look at each row again; everywhere needs none.
    return ts_query(looked, "" if set(within) == set(COLUMNS) else within, marks)


def _of(condition: str, params: list[Any], ids: Collection[int]) -> tuple[str, list[Any]]:
    if connection.vendor == "sqlite":
        # The plus: by its words, not by one search for each of the ids. Between the first and the
        # last of them, for a frequent word is in many documents besides.
        chosen = "rowid BETWEEN %s AND %s AND +rowid IN (SELECT value FROM json_each(%s))"
        listed = f"[{','.join(map(str, map(int, ids)))}]"
        return f"{condition} AND {chosen}", [*params, min(ids), max(ids), listed]
    return f"{condition} AND id = ANY(%s)", [*params, list(ids)]


def _key() -> str:
    return "rowid" if connection.vendor == "sqlite" else "id"


def _best(kind: str) -> str:
    """Return how well a row fits, the best smallest: words of the title count most."""
    if connection.vendor == "sqlite":
        return f"bm25({table(kind)}, 6.0, 1.0, 1.0, 0.0)"
    return "-ts_rank('{0, 0.2, 0.2, 1}', vector, %s::tsquery)"


def _ids(sql: str, params: list[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [int(row[0]) for row in cursor.fetchall()]
