"""One option beside what is agreed now: on time, hours waited for the desk to open, price."""

from __future__ import annotations

from math import isfinite

from tricorn.engine.measures import Share

from . import said
from .picture import Picture, Table
from .scales import floor_of_shares, linear
from .strokes import (
    ACCENT,
    EDGE,
    INK,
    LINE,
    LOOKS,
    TRACK,
    WIDTH,
    box,
    drawn,
    fit,
    hatch,
    label,
    line,
    marker,
    width_of,
)
from .values import Money, Outcome

MOST = 8
FEW = 3  # so many promises are told one by one
UNKNOWN = "cannot be told"
MOVES = ("rises", "falls", "stays", UNKNOWN)
NOW, THEN = LOOKS[0], LOOKS[1]
Pair = tuple[str, Share | None, Share | None]


def before_after(name: str, now: Outcome, option: Outcome, *, title: str = "") -> Picture:
    """Draw what is now (circle, hollow bar) beside what would be (diamond, hatched bar).

    Promises that only one of both has stand with the one mark that there is.
    """
    title = title or f"Before and after: {option.name}"
    pairs = pairs_of(now, option)
    pattern, filled = hatch(name)
    words = [*_shares_said(pairs), _waited_said(now, option), _price_said(now, option)]
    sentence = f"{option.name} beside {now.name}: {'; '.join(filter(None, words))}."
    if not any(words):
        sentence = f"{option.name} beside {now.name}: there is nothing to compare yet."
    more = said.more(min(len(pairs), MOST), len(pairs), "promises")
    sentence = f"{sentence} {more}".rstrip()
    height, marks = _key(now.name, option.name)
    if pairs:
        height, more_marks = _shares(pairs[:MOST], height + 12)
        marks += more_marks
    bars = [
        ("Waited for the desk to open", _told(now), _told(option), _bounds_said),
        ("Price a month", _as_bounds(now.price), _as_bounds(option.price), None),
    ]
    for over, one, other, say in bars:
        if one is None and other is None:
            continue
        texts = (say(one), say(other)) if say else (said.money(now.price), said.money(option.price))
        if over.startswith("Price") and _two_currencies(now, option):
            height, more_marks = _words(over, texts, height + 16)
        else:
            height, more_marks = _bars(over, (one, other), texts, height + 16, filled)
        marks += more_marks
    table = _table(now, option, pairs)
    return drawn(name, title, sentence, table, height + 4, [pattern, *marks])


def pairs_of(now: Outcome, option: Outcome) -> list[Pair]:
    """Return every promise of either with both shares, in the order of now."""
    before, after = dict(now.on_time), dict(option.on_time)
    return [(key, before.get(key), after.get(key)) for key in {**before, **after}]


def _key(now: str, option: str) -> tuple[float, list[str]]:
    marks = [marker(6, 7, NOW, hollow=True), label(17, 12, fit(now, WIDTH - 20))]
    marks += [marker(6, 27, THEN), label(17, 32, fit(option, WIDTH - 20))]
    return 36, marks


def _shares(pairs: list[Pair], y: float) -> tuple[float, list[str]]:
    told = [s for _, *both in pairs for s in both if s is not None and s.can_tell]
    low = floor_of_shares(s.value for s in told if s.value is not None)
    place = linear(low, 1.0, 8, WIDTH - 8)
    marks = [label(0, y + 12, "On time", strong=True)]
    y += 18
    for key, before, after in pairs:
        words = _arrow(_share_said(before), _share_said(after))
        marks.append(label(WIDTH, y + 14, words, anchor="end"))
        marks.append(label(0, y + 14, fit(key, WIDTH - width_of(words) - 14)))
        at = y + 28
        marks.append(line(8, at, WIDTH - 8, at, paint=LINE))
        known = [
            (place(s.value), look)
            for s, look in ((before, NOW), (after, THEN))
            if s is not None and s.can_tell and s.value is not None
        ]
        if len(known) == 2:
            marks.append(line(known[0][0], at, known[1][0], at, paint=INK, wide=2))
        marks += [marker(x, at, look, hollow=look is NOW, r=5) for x, look in known]
        y += 40
    marks.append(label(8, y + 8, said.share(low, 0), anchor="start"))
    marks.append(label(WIDTH - 8, y + 8, "100 %", anchor="end"))
    return y + 10, marks


def _bars(
    over: str,
    both: tuple[tuple[float, float] | None, tuple[float, float] | None],
    texts: tuple[str, str],
    y: float,
    filled: str,
) -> tuple[float, list[str]]:
    """Draw two stretches on one scale from zero; the lighter end is the least, the edge the most."""
    most = max((each[1] for each in both if each), default=0.0) or 1.0
    place = linear(0, most, 0, WIDTH - 24)
    marks = [label(0, y + 12, over, strong=True)]
    y += 20
    for bounds, text, look in zip(both, texts, (NOW, THEN), strict=True):
        marks.append(marker(6, y + 8, look, hollow=look is NOW))
        marks.append(label(WIDTH, y + 12, text, anchor="end"))
        y += 18
        marks.append(box(0, y, WIDTH, 9, fill=TRACK))
        if bounds is not None:
            low, high = place(bounds[0]), place(bounds[1])
            fill = EDGE if look is NOW else filled
            paint = EDGE if look is NOW else ACCENT
            if bounds[0] == bounds[1]:
                marks.append(box(0, y, high, 9, fill=fill))
            else:
                marks.append(line(0, y + 4.5, low, y + 4.5, paint=EDGE, dash="2 3"))
                marks.append(box(low, y, max(high - low, 2), 9, fill=fill, edge=paint))
        y += 17
    return y, marks


def _words(over: str, texts: tuple[str, str], y: float) -> tuple[float, list[str]]:
    """Two currencies have no scale in common: they are said and not drawn."""
    words = _arrow(*texts)
    return y + 18, [label(0, y + 12, over, strong=True), label(WIDTH, y + 12, words, anchor="end")]


def _as_bounds(price: Money | None) -> tuple[float, float] | None:
    if price is None or not price.amount.is_finite():
        return None
    return float(price.amount), float(price.amount)


def _two_currencies(now: Outcome, option: Outcome) -> bool:
    return bool(now.price and option.price and now.price.currency != option.price.currency)


def _told(outcome: Outcome) -> tuple[float, float] | None:
    bounds = outcome.waited
    return bounds if bounds is not None and all(map(isfinite, bounds)) else None


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} → {after}"


def _share_said(found: Share | None) -> str:
    if found is None:
        return said.NONE
    return said.share(found.value) if found.can_tell else said.TOO_FEW


def _bounds_said(bounds: tuple[float, float] | None) -> str:
    if bounds is None or not all(map(isfinite, bounds)):
        return said.CANNOT_TELL
    return said.between(*bounds)


def _shares_said(pairs: list[Pair]) -> list[str]:
    """A few words on each of a few promises; how many rise and fall of many."""
    told = [pair for pair in pairs if pair[1] is not None and pair[2] is not None]
    if len(told) <= FEW:
        return [_pair_said(*pair) for pair in told]
    moves = [_move(before, after) for _, before, after in told]
    parts = [f"{verb} for {moves.count(verb)}" for verb in MOVES if verb in moves]
    return [f"on time {', '.join(parts)} of {len(told)} promises"]


def _pair_said(key: str, before: Share | None, after: Share | None) -> str:
    move = _move(before, after)
    if before is None or after is None or move == UNKNOWN:
        return f"{key}: {said.TOO_FEW}"
    if move == "stays":
        return f"{key}: on time stays at {said.share(before.value)}"
    was, now = said.beside(before.value, after.value), said.beside(after.value, before.value)
    return f"{key}: on time {move} from {was} to {now}"


def _move(before: Share | None, after: Share | None) -> str:
    if before is None or after is None or not (before.can_tell and after.can_tell):
        return UNKNOWN
    if before.value is None or after.value is None:
        return UNKNOWN
    if before.value == after.value:
        return "stays"
    return "rises" if after.value > before.value else "falls"


def _waited_said(now: Outcome, option: Outcome) -> str:
    if _told(now) is None or _told(option) is None:
        return ""
    before, after = _bounds_said(now.waited), _bounds_said(option.waited)
    if before == after:
        return f"hours waited for the desk to open stay at {before}"
    return f"hours waited for the desk to open go from {before} to {after}"


def _price_said(now: Outcome, option: Outcome) -> str:
    if _as_bounds(now.price) is None or _as_bounds(option.price) is None:
        return ""
    before, after = said.money(now.price), said.money(option.price)
    if before == after:
        return f"the price stays at {before} a month"
    if _two_currencies(now, option):
        return f"the prices, {before} and {after} a month, are in two currencies"
    return f"the price goes from {before} to {after} a month"


def _table(now: Outcome, option: Outcome, pairs: list[Pair]) -> Table:
    rows = [
        (f"On time: {key}", said.counted(before), said.counted(after))
        for key, before, after in pairs
    ]
    rows.append(
        ("Waited for the desk to open", _bounds_said(now.waited), _bounds_said(option.waited))
    )
    rows.append(("Price a month", said.money(now.price), said.money(option.price)))
    return Table.of(("What", now.name, option.name), rows)
