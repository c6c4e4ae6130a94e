"""What an agreement costs a month by the provider's rates, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ..agreement import Agreement, Price
from ..hours import Holidays, Hours, Window
from ..hours.spec import DAY_NAMES
from ..money import MONTHS
from .amounts import check_currency, in_money, more_or_less, rounded_to, said
from .days import Days, days_of
from .rates import Rates, Team
from .shifts import Cell, Paid, Plan, Tariff, difference
from .when import When

HOUR = 3600
NO_RATES = (
    "The text names no price and no rates were given, so what it costs cannot be told. "
    "Write a [[price]], or hand over the provider's rates."
)
Counts = Mapping[str, int]
Teams = tuple[Mapping[str, int] | None, Mapping[str, int] | None]  # then, and now


@dataclass(frozen=True)
class Line:
    """One row of the reckoning: hours a month x people x what an hour costs = amount.

    `hours` has two digits behind the point, and is below zero for what is paid no more; `rate` has
    the surcharge of `more` percent in it.
    """

    window: str
    hours: Decimal
    people: int
    rate: Decimal
    more: Decimal
    on_call: bool
    amount: Decimal
    words: str


@dataclass(frozen=True)
class Priced:
    """What an agreement costs a month, and how that is reckoned.

    by      "text": its own prices; "rates": reckoned; "" where it cannot be told.
    before  The present price a month; None without a present agreement, or where nobody knows.
    total   The price a month; None where it cannot be told.
    extra   total less before: below zero is a saving; None where it cannot be told.
    lines   The people's hours that are paid more, or no more. Together they cost `work`, also where
            the text names the price; None without rates.
    prices  What the text of an agreement with this price says: ready for an option.
    words   The whole arithmetic in plain sentences, the lines included.
    """

    currency: str
    by: str
    before: Decimal | None
    total: Decimal | None
    extra: Decimal | None
    lines: tuple[Line, ...]
    work: Decimal | None
    prices: tuple[Price, ...]
    words: tuple[str, ...]


def priced(
    agreement: Agreement,
    rates: Rates | None,
    *,
    now: Agreement | None = None,
    team: Mapping[str, int] | None = None,
    team_now: Mapping[str, int] | None = None,
    year: int | None = None,
    counts: Counts | None = None,
    by_rates: bool = False,
) -> Priced:
    """Price one month of an agreement.

    now       The present agreement: the price is its price and what the hours beyond it cost.
    team      How many people are needed at once, by times like "mon-fri 08:00-18:00"; never fewer
              than the rates say. `team_now` the same of the present agreement (left out: `team`).
    year      Whose days are counted; left out, the mean of 28 years.
    counts    How many a month: {"person": 120, "ticket": 340, "hour": 60}, for such prices.
    by_rates  Reckon by rates although the text names its own price.
    Errors    BadInput for two currencies, naming both; BadCalendar for a time in `team`.
    Source    docs/engine/price.md, rules P3 to P8.
    """
    _check_money(agreement, now, rates)
    teams = (team, team_now or team)
    if agreement.prices and not by_rates:
        return _by_text(agreement, now, rates, teams, year, counts or {})
    if rates is None:
        return Priced("", "", None, None, None, (), None, (), (NO_RATES,))
    return _by_rates(agreement, now, rates, teams, year, counts or {})


def monthly(prices: Sequence[Price], counts: Counts) -> tuple[Fraction | None, str]:
    """Return what prices come to in a month, exact, and the arithmetic; None where it needs a
    count that nobody gave.

    Source  docs/engine/price.md, rule P6: a price of the text, for a month.
    """
    total, parts = Fraction(0), []
    for price in prices:
        each = Fraction(price.amount)
        if price.basis in ("flat", "person"):
            each /= MONTHS[price.per]
        if price.basis == "flat":
            parts.append(f"{price.amount:,f} {price.currency} a {price.per}")
        elif price.basis not in counts:
            return None, (
                f"The price of {price.amount:,f} {price.currency} for each {price.basis} needs to "
                f"know how many there are; say how many {price.basis}s a month."
            )
        else:
            n = counts[price.basis]
            each *= n
            per = f" a {price.per}" if price.basis == "person" else ""
            parts.append(f"{n:,} x {price.amount:,f} {price.currency} a {price.basis}{per}")
        total += each
    return total, " and ".join(parts)


def _check_money(agreement: Agreement, now: Agreement | None, rates: Rates | None) -> None:
    if rates is not None:
        check_currency(rates.currency, "The rates", agreement.prices, agreement.title)
        if now is not None:
            check_currency(rates.currency, "The rates", now.prices, now.title)
    elif now is not None and agreement.prices:
        check_currency(agreement.prices[0].currency, agreement.title, now.prices, now.title)


def _by_text(
    agreement: Agreement,
    now: Agreement | None,
    rates: Rates | None,
    teams: Teams,
    year: int | None,
    counts: Counts,
) -> Priced:
    currency = agreement.prices[0].currency
    exact, how = monthly(agreement.prices, counts)
    before = None if now is None else _before(now, rates, year, counts, teams[1])[0]
    total = None if exact is None else in_money(exact, currency)
    extra = None if before is None or total is None else total - before
    words = [how]
    if total is not None:
        words = [f"Its text names the price: {how}, which is {said(total, currency)} a month."]
    if extra is not None and before is not None:
        words.append(f"That is {_beside(extra, currency)} the present {said(before, currency)}.")
    lines: tuple[Line, ...] = ()
    work = None
    if rates is not None:
        lines, _ = _lines(agreement, now, rates, teams, year)
        work = _sum(lines)
    return Priced(
        currency, "text", before, total, extra, lines, work, agreement.prices, tuple(words)
    )


def _sum(lines: Sequence[Line]) -> Decimal:
    return sum((line.amount for line in lines), Decimal(0))


def _beside(extra: Decimal, currency: str) -> str:
    return more_or_less(extra, currency) + (" than" if extra else " as")


def _before(
    now: Agreement,
    rates: Rates | None,
    year: int | None,
    counts: Counts,
    team: Mapping[str, int] | None,
) -> tuple[Decimal | None, str]:
    """Return the present price a month, and where it comes from.

    Source  docs/engine/price.md, rule P7: the present price.
    """
    if now.prices:
        exact, how = monthly(now.prices, counts)
        if exact is None:
            return None, how
        amount = in_money(exact, now.prices[0].currency)
        return (
            amount,
            f"The present price is {how}: {said(amount, now.prices[0].currency)} a month.",
        )
    if rates is None:
        return None, NO_RATES
    found = _by_rates(now, None, rates, (team, team), year, counts)
    total = found.total or Decimal(0)
    return total, (
        f"The present agreement names no price; by the rates its hours cost "
        f"{said(total, rates.currency)} a month."
    )


def _by_rates(
    agreement: Agreement,
    now: Agreement | None,
    rates: Rates,
    teams: Teams,
    year: int | None,
    counts: Counts,
) -> Priced:
    currency = rates.currency
    lines, days = _lines(agreement, now, rates, teams, year)
    work = _sum(lines)
    words = [line.words for line in lines]
    if lines:
        words.insert(0, _about(days, year))
    cost = in_money(Fraction(work) * Fraction(rates.share), currency)
    if rates.share != 1 and work:
        words.append(
            f"This agreement bears {_percent(rates.share * 100)} of {said(work, currency)}: "
            f"{said(cost, currency)}."
        )
    if now is None and rates.monthly:
        cost += in_money(rates.monthly, currency)
        words.append(f"The fixed sum of a month is {said(rates.monthly, currency)}.")
    more = in_money(Fraction(cost) * Fraction(rates.margin) / 100, currency)
    if more:
        words.append(
            f"{_percent(rates.margin)} of {said(cost, currency)} is added: {said(more, currency)}."
        )
    if now is None:
        total = cost + more
        words.append(f"Together {said(total, currency)} a month.")
        alone = (_flat(total, currency),)
        return Priced(currency, "rates", None, total, None, lines, work, alone, tuple(words))
    extra = cost + more
    if not lines:
        words.append("Its hours cost as much as the present ones.")
    before, how = _before(now, rates, year, counts, teams[1])
    words.append(how)
    if before is None:
        words.append(
            f"It costs {more_or_less(extra, currency)} a month{'' if extra else ' as now'}."
        )
        return Priced(currency, "rates", None, None, extra, lines, work, (), tuple(words))
    if before + extra < 0:
        words.append(
            f"The rates would save {said(-extra, currency)}, more than the present price; a price "
            "is not below nothing."
        )
        extra = -before
    total = before + extra
    words.append(
        f"{said(before, currency)} and {more_or_less(extra, currency)} is "
        f"{said(total, currency)} a month."
        if extra
        else f"So it costs {said(total, currency)} a month, as now."
    )
    prices = _prices(now, total, extra, currency)
    return Priced(currency, "rates", before, total, extra, lines, work, prices, tuple(words))


def _prices(now: Agreement, total: Decimal, extra: Decimal, currency: str) -> tuple[Price, ...]:
    """Return the prices of an option: what is paid for each person, ticket or hour stays, the flat
    price of a month takes the difference. Where that cannot be, one flat price of the total."""
    if not extra and now.prices:
        return now.prices
    kept = tuple(price for price in now.prices if price.basis != "flat")
    flat = [price for price in now.prices if price.basis == "flat"]
    exact, _ = monthly(flat, {})
    amount = in_money((exact or Fraction(0)), currency) + extra
    if not kept or amount < 0:
        return (_flat(total, currency),)
    return (_flat(amount, currency), *kept)


def _flat(amount: Decimal, currency: str) -> Price:
    """A price in the one spelling that a text keeps: 9000, not 9000.00."""
    return Price(amount.normalize() + 0, currency)


def _lines(
    agreement: Agreement,
    now: Agreement | None,
    rates: Rates,
    teams: Teams,
    year: int | None,
) -> tuple[tuple[Line, ...], Days]:
    hours, old = staffed(agreement), () if now is None else staffed(now)
    calendars: list[Holidays] = []
    for whose in (rates.holidays, *(each.holidays for each in (*hours, *old))):
        if whose is not None and whose not in calendars:
            calendars.append(whose)
    days = days_of(calendars, agreement.from_on, year)
    after = Plan(hours, calendars, Tariff(rates, _team(teams[0])))
    before = Plan(old, calendars, Tariff(rates, _team(teams[1]))) if now is not None else None
    holidays = None if rates.holidays is None else calendars.index(rates.holidays)
    ledger = difference(after, before, days, holidays)
    return tuple(_written(ledger, days.months, rates.currency)), days


def staffed(agreement: Agreement) -> tuple[Hours, ...]:
    """Return the hours in which somebody has to be there: those of the clauses, each once.

    Source  docs/engine/price.md, rule P3: hours that several clauses share are staffed once.
    """
    return tuple(dict.fromkeys(agreement.hours[clause.hours] for clause in agreement.clauses))


def _team(team: Mapping[str, int] | None) -> list[Team]:
    return [Team(When.parse(text), people) for text, people in (team or {}).items()]


def _written(ledger: Counter[tuple[int, Paid]], months: int, currency: str) -> list[Line]:
    groups: dict[Paid, dict[int, int]] = {}
    for (weekday, paid), n in ledger.items():
        groups.setdefault(paid, {})[weekday] = n
    ordered = sorted(
        groups.items(),
        key=lambda one: (one[0].times < 0, one[0].is_holiday, min(one[1]), one[0].start),
    )
    return [line for paid, days in ordered if (line := _line(paid, days, months, currency)).hours]


def _line(paid: Paid, days: Mapping[int, int], months: int, currency: str) -> Line:
    """Source  docs/engine/price.md, rule P5: a line can be checked with what it shows."""
    cell = paid.cell
    seconds = sum(days.values()) * (paid.end - paid.start) * paid.times
    hours = rounded_to(2, Fraction(seconds, HOUR * months))
    amount = in_money(Fraction(hours) * cell.people * Fraction(cell.hour), currency)
    window = f"{_days(sorted(days))} {Window(paid.start, paid.end)}"
    if paid.is_holiday:
        window += " on public holidays"
    return Line(
        window,
        hours,
        cell.people,
        cell.hour,
        cell.more,
        cell.on_call,
        amount,
        f"{window}: {hours:,f} hours a month{_shift(paid)} x {_people(cell)} x "
        f"{_rate(cell, currency)} = {said(amount, currency)}.",
    )


def _shift(paid: Paid) -> str:
    if abs(paid.times) == 1:
        return ""
    times = f"{float(abs(paid.times)):.4g}"
    return f" (of a short shift, each hour paid {times} times)"


def _people(cell: Cell) -> str:
    return "1 person" if cell.people == 1 else f"{cell.people} people"


def _rate(cell: Cell, currency: str) -> str:
    plain = cell.hour.normalize()
    shown = in_money(plain, currency)
    said_rate = said(shown if shown == plain else plain, currency)
    if cell.on_call:
        return f"{said_rate} on call"
    return f"{said_rate} ({_percent(cell.more)} more)" if cell.more else said_rate


def _days(days: Sequence[int]) -> str:
    """Return "mon-fri", "sat" or "mon, wed": weekdays in order."""
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        DAY_NAMES[run[0]] if len(run) == 1 else f"{DAY_NAMES[run[0]]}-{DAY_NAMES[run[-1]]}"
        for run in runs
    )


def _percent(number: Decimal) -> str:
    return f"{number.normalize():f} %"


def _about(days: Days, year: int | None) -> str:
    weeks = f"{days.weeks_a_month:.3f}"
    if year is not None:
        return f"By the days of {year}: {weeks} weeks a month, public holidays as they fall."
    return (
        f"A month has {weeks} weeks (365.25 / 7 / 12), public holidays as in the mean of 28 years."
    )
