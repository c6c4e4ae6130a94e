"""Options on a plane: what each costs a month, and how long people waited while it was closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from . import said
from .picture import Picture, Table
from .scales import Place, linear, ticks
from .strokes import (
    ACCENT,
    EDGE,
    GROUND,
    LINE,
    QUIET,
    SMALL,
    WIDTH,
    box,
    drawn,
    fit,
    label,
    line,
    width_of,
)
from .values import Outcome

MOST = 12
LEFT, TOP, BOTTOM = 46.0, 26.0, 286.0
RIGHT = WIDTH - 12
BAR = 9.0
LABELS = (150.0, 96.0, 60.0)  # room for a name, as long as there is any


@dataclass(frozen=True)
class Box:
    x1: float
    y1: float
    x2: float
    y2: float

    def meets(self, other: Box) -> bool:
        return (
            self.x1 < other.x2 and other.x1 < self.x2 and self.y1 < other.y2 and other.y1 < self.y2
        )

    def wider(self, by: float) -> Box:
        return Box(self.x1 - by, self.y1 - by, self.x2 + by, self.y2 + by)


def frontier(
    name: str,
    outcomes: Sequence[Outcome],
    *,
    title: str = "What it costs, and how long people waited for the desk to open",
) -> Picture:
    """Draw each option as a bar from the fewest to the most hours waited, at its price.

    A beaten option is hollow and says so. Options without price or hours, and those in another
    currency than the first, are not drawn but stand in the sentence and in the table.
    """
    able = [each for each in outcomes if _can(each)]
    currency = able[0].price.currency if able and able[0].price else ""
    alike = [o for o in able if o.price is not None and o.price.currency == currency]
    told = _told(alike)
    alike.sort(key=lambda o: (o not in told, bool(o.beaten_by)))
    chosen = alike[:MOST]
    sentence = _sentence(outcomes, alike, len(able) - len(alike), len(chosen))
    marks = _plane(chosen, currency) if chosen else [label(0, 16, "Nothing to draw yet.")]
    height = BOTTOM + 46 if chosen else 24
    return drawn(name, title, sentence, _table(outcomes), height, marks)


def _told(alike: Sequence[Outcome]) -> tuple[Outcome, ...]:
    """Return the cheapest, the one that leaves least waiting, and the first, which is now."""
    if not alike:
        return ()
    least = min(alike, key=lambda o: (_waited(o)[1], _waited(o)[0], _price(o)))
    return min(alike, key=_price), least, alike[0]


def _can(outcome: Outcome) -> bool:
    return (
        outcome.price is not None
        and outcome.price.amount.is_finite()
        and outcome.waited is not None
        and all(map(isfinite, outcome.waited))
    )


def _price(outcome: Outcome) -> float:
    return float(outcome.price.amount) if outcome.price else 0.0


def _waited(outcome: Outcome) -> tuple[float, float]:
    return outcome.waited or (0.0, 0.0)


def _plane(chosen: Sequence[Outcome], currency: str) -> list[str]:
    prices = [_price(each) for each in chosen]
    low, high = min(prices), max(prices)
    spare = (high - low) * 0.08
    across = linear(low - spare, high + spare, LEFT + 8, RIGHT - 8)
    most = max(_waited(each)[1] for each in chosen) or 1.0
    up = linear(0, most * 1.05, BOTTOM, TOP)
    marks = _axes(across, up, (low, high), most, currency)
    bars = _apart([_bar_box(each, across, up) for each in chosen])
    for each, place in zip(chosen, bars, strict=True):
        marks.append(_bar(each, place))
    taken = [Box(b.x1 - 2, b.y1 - 2, b.x2 + 2, b.y2 + 2) for b in bars]
    for each, place in zip(chosen, bars, strict=True):
        words, spot = _named(each, place, taken, bars)
        if spot is None:
            continue
        taken.append(spot)
        leader = _leader(place, spot)
        if leader is not None:
            marks.append(line(leader.x1, leader.y1, leader.x2, leader.y2, paint=EDGE))
        marks.append(label(spot.x1 + 2, spot.y2 - 4, words, strong=not each.beaten_by, halo=True))
    return marks


def _named(
    outcome: Outcome, place: Box, taken: Sequence[Box], bars: Sequence[Box]
) -> tuple[str, Box | None]:
    """Return the name as it fits, and where; no place at all leaves it to tip and table."""
    words, spot = "", None
    for room in LABELS:
        words = fit(outcome.name, room) + (" (beaten)" if outcome.beaten_by else "")
        spot = _spot(place, width_of(words), taken, bars)
        if spot is not None:
            break
    return words, spot


def _apart(bars: list[Box]) -> list[Box]:
    """Move bars that would hide one another a little to the right."""
    placed: list[Box] = []
    moved: dict[int, Box] = {}
    for n in sorted(range(len(bars)), key=lambda n: (bars[n].x1, bars[n].y1)):
        bar = bars[n]
        while any(bar.wider(2).meets(other) for other in placed) and bar.x2 < RIGHT:
            bar = Box(bar.x1 + 1, bar.y1, bar.x2 + 1, bar.y2)
        placed.append(bar)
        moved[n] = bar
    return [moved[n] for n in range(len(bars))]


def _leader(bar: Box, spot: Box) -> Box | None:
    """Return the line from a bar to its words; None where they stand beside it."""
    beside = min(abs(spot.x1 - bar.x2), abs(bar.x1 - spot.x2)) <= 6
    above = min(abs(spot.y2 - bar.y1), abs(spot.y1 - bar.y2)) <= 6 and spot.x1 < bar.x2
    middle = (spot.y1 + spot.y2) / 2
    near = min(max(middle, bar.y1), bar.y2)
    if (beside and abs(near - middle) <= 6) or (above and spot.x2 > bar.x1):
        return None
    right = spot.x1 >= bar.x2
    return Box(bar.x2 if right else bar.x1, near, spot.x1 if right else spot.x2, middle)


def _axes(
    across: Place, up: Place, prices: tuple[float, float], most: float, currency: str
) -> list[str]:
    marks = [label(0, 13, "hours waited for the desk to open")]
    for value in ticks(0, most * 1.05):
        y = up(value)
        marks.append(line(LEFT, y, RIGHT, y, paint=LINE))
        words = said.number(value, 1)
        if width_of(words) <= LEFT - 6:
            marks.append(label(LEFT - 6, y + 4, words, anchor="end"))
        else:
            marks.append(label(0, y - 4, words, halo=True))
    marks.append(line(LEFT, BOTTOM, RIGHT, BOTTOM, paint=EDGE))
    last = -WIDTH
    for value in ticks(*prices, about=3) if prices[0] < prices[1] else [prices[0]]:
        x, words = across(value), said.number(value, 2)
        half = width_of(words) / 2
        x_words = min(max(x, half), WIDTH - half)
        if x_words - half < last + 6:
            continue
        last = x_words + half
        marks.append(line(x, BOTTOM, x, BOTTOM + 4, paint=EDGE))
        marks.append(label(x_words, BOTTOM + 18, words, anchor="middle"))
    words = fit(f"{currency} a month", WIDTH)
    return [*marks, label(RIGHT, BOTTOM + 36, words, anchor="end")]


def _bar_box(outcome: Outcome, across: Place, up: Place) -> Box:
    x = across(_price(outcome))
    low, high = _waited(outcome)
    top, bottom = up(high), up(low)
    if bottom - top < BAR:
        middle = (top + bottom) / 2
        top, bottom = middle - BAR / 2, middle + BAR / 2
    return Box(x - BAR / 2, top, x + BAR / 2, bottom)


def _bar(outcome: Outcome, place: Box) -> str:
    low, high = _waited(outcome)
    tip = f"{outcome.name}: {said.money(outcome.price)}, {said.between(low, high)}"
    fill, edge = (GROUND, QUIET) if outcome.beaten_by else (ACCENT, GROUND)
    return box(
        place.x1,
        place.y1,
        place.x2 - place.x1,
        place.y2 - place.y1,
        fill=fill,
        edge=edge,
        round_=4,
        tip=tip,
    )


def _spot(bar: Box, wide: float, taken: Sequence[Box], bars: Sequence[Box]) -> Box | None:
    """Return the best free place for words of that width; None if there is none.

    Best is beside, above or below the bar; then near by, with a line that crosses no other bar.
    """
    wide, tall = wide + 4, SMALL + 4.0
    centre, middle = (bar.x1 + bar.x2) / 2, (bar.y1 + bar.y2) / 2
    aside = [bar.x2 + 3, bar.x1 - 3 - wide]
    aside += [LEFT + 16 * n for n in range(int((RIGHT - LEFT - wide) // 16) + 1)]
    spots = [(x, TOP - 8 + 4 * n) for x in aside for n in range(67)]
    over = min(max(centre - wide / 2, LEFT), WIDTH - wide)
    spots += [(over, bar.y1 - tall - 3), (over, bar.y2 + 3)]
    found: list[tuple[float, Box]] = []
    for x, y in spots:
        spot = Box(x, y, x + wide, y + tall)
        if x < LEFT or spot.x2 > WIDTH or y < TOP - 10 or spot.y2 > BOTTOM:
            continue
        if any(spot.meets(other) for other in taken):
            continue
        leader = _leader(bar, spot)
        cost = 0.0 if leader else abs(y + tall / 2 - middle) / 8
        if leader is not None:
            xs, ys = sorted((leader.x1, leader.x2)), sorted((leader.y1, leader.y2))
            lane = Box(xs[0], ys[0] - 1, xs[1], ys[1] + 1)
            cost = 30 + xs[1] - xs[0] + ys[1] - ys[0]
            cost += 200 * sum(lane.meets(other) for other in bars if other is not bar)
        found.append((cost, spot))
    return min(found, key=lambda each: each[0])[1] if found else None


def _sentence(
    outcomes: Sequence[Outcome], alike: Sequence[Outcome], foreign: int, shown: int
) -> str:
    if not outcomes:
        return "There are no options to compare yet."
    words = []
    if len(alike) == 1:
        only = alike[0]
        words.append(
            f"{only.name} costs {said.money(only.price)} a month; people waited "
            f"{said.between(*_waited(only))} while it was closed."
        )
    elif alike:
        cheapest, least, _first = _told(alike)
        both = "costs least and leaves least waiting" if cheapest is least else "costs least"
        words.append(_one(cheapest, both))
        if cheapest is not least:
            words.append(_one(least, "leaves least waiting"))
    beaten = [o.name for o in outcomes if o.beaten_by]
    if beaten:
        verb = "is" if len(beaten) == 1 else "are"
        words.append(
            f"{said.together(beaten)} {verb} beaten: another option costs no more and leaves no "
            "more waiting."
        )
    unknown = [o.name for o in outcomes if not _can(o)]
    if unknown:
        words.append(f"Not drawn, since price or hours cannot be told: {said.together(unknown)}.")
    if foreign:
        words.append(f"{said.count(foreign, 'option')} in another currency cannot be compared.")
    words.append(said.more(shown, len(alike), "options"))
    return " ".join(filter(None, words))


def _one(outcome: Outcome, what: str) -> str:
    return (
        f"{outcome.name} {what}: {said.money(outcome.price)} a month, "
        f"{said.between(*_waited(outcome))} waited for the desk to open."
    )


def _table(outcomes: Sequence[Outcome]) -> Table:
    return Table.of(
        ("Option", "Price a month", "Waited for the desk to open", "Beaten by"),
        [
            (
                each.name,
                said.money(each.price),
                said.between(*each.waited) if each.waited else said.CANNOT_TELL,
                each.beaten_by or said.NONE,
            )
            for each in outcomes
        ],
    )
