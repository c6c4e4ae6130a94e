"""Agreement texts for tests: one that says everything, and as many others as anybody wants."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from tests.engine.hours_given import HARD, hours_near
from tricorn.engine.agreement import (
    BASES,
    KINDS,
    METHODS,
    PER,
    PRIORITIES,
    RUNNING,
    STARTS,
    STOPS,
    Agreement,
    Availability,
    Clause,
    Credit,
    Entitled,
    Escalation,
    Exemption,
    Length,
    Price,
    Review,
    Signed,
    Workload,
)
from tricorn.engine.clock import Holder
from tricorn.engine.hours import Target

WHOLE = """
[agreement]
ref = "A-7"
title = "Mail and phone for Finance"
services = ["mail", "phone"]
from = 2026-05-04
to = 2027-05-03

[parties]
client = "Finance"
provider = "House IT"

[hours.desk]
zone = "Europe/Berlin"
[hours.desk.weekly]
mon = ["08:00-12:00", "13:00-20:00"]
fri = ["22:00-06:00"]
[hours.desk.holidays]
country = "DE"
subdivision = "BY"
[[hours.desk.closed]]
on = 2026-12-24
name = "Christmas Eve"
[[hours.desk.open]]
on = 2026-12-31
windows = ["10:00-14:00"]

[hours."day & night"]
zone = "UTC"
[hours."day & night".weekly]
sat = ["00:00-24:00"]

[[clause]]
id = "R1"
kinds = ["incident", "question"]
priorities = ["critical", "high"]
start = "began"
stop = "first_response"
hours = "desk"
target = "1h30m"
share = 0.95
per = "quarter"
stopped_by = ["customer", "supplier"]

[[clause]]
id = "R2"
stop = "resolved"
hours = "day & night"
target = "3d"

[[entitled]]
organisation = "Finance"
below = false
services = ["mail"]
funder = "Head office"

[[entitled]]
person = "una@example.org"

[[entitled]]
group = "Night shift"

[[entitled]]
place = "reception"
everyone = true

[[price]]
amount = 8240.50
currency = "EUR"
per = "month"

[[signed]]
by = "clive@example.org"
capacity = "Head of Finance"
on = 2026-05-01

[[signed]]
by = "Mo"
on = 2026-05-02
"""

# The same, and everything that the format learned later.
EVERYTHING = (
    WHOLE.replace(
        "to = 2027-05-03\n",
        """to = 2027-05-03
running = "move"
notice = "3 months"
renews = "1 year"
credits_at_most = "20 %"
""",
    )
    .replace(
        'per = "month"', 'per = "month"\n\n[[price]]\namount = 12\ncurrency = "eur"\nbasis = "hour"'
    )
    .replace(
        'capacity = "Head of Finance"', 'capacity = "Deputy"\nfor = "Clive Weber"\nmethod = "code"'
    )
    + """
[[availability]]
id = "V1"
services = ["mail"]
hours = "desk"
share = "99.5 %"

[[availability]]
id = "V2"
hours = "day & night"
share = 0.98
per = "year"

[[workload]]
id = "W1"
services = ["phone"]
kinds = ["incident", "request"]
priorities = ["high"]
at_most = 200
per = "month"

[[exception]]
id = "X1"
words = "What the power company does."

[[escalation]]
id = "E1"
services = ["mail"]
at = "80 %"
tell = "manager"

[[escalation]]
id = "E2"
at = "90m before"

[[escalation]]
id = "E3"
at = "late"
person = "mo@example.org"
client = true

[[credit]]
clause = "R1"
percent = 5

[[credit]]
clause = "R1"
below = "90 %"
percent = "10 %"

[[credit]]
clause = "V1"
below = 0.99
amount = 250

[[entitled]]
everyone = true
services = ["phone"]

[review]
per = "quarter"
within = "30 days"
"""
)

_words = (
    st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
_names = st.lists(_words, max_size=3, unique=True).map(tuple)
_days = st.dates(date(1900, 1, 1), date(2999, 12, 31))
_targets = st.one_of(
    st.builds(Target, seconds=st.integers(1, 10**8)), st.builds(Target, days=st.integers(1, 9999))
)
_hours = st.sampled_from(HARD).flatmap(lambda hard: hours_near(*hard))


def _some(known: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(known), max_size=3).map(tuple)


def _numbers(most: int, places: int) -> st.SearchStrategy[Decimal]:
    """Numbers in the one spelling that an agreement keeps: no zeros at the end, no exponent lost."""
    whole = st.integers(1, most * 10**places)
    return whole.map(lambda number: (Decimal(number) / 10**places).normalize())


@st.composite
def agreements(draw: st.DrawFn) -> Agreement:
    """Any agreement that a text can say."""
    hours = draw(st.dictionaries(_words, _hours, min_size=1, max_size=2))
    services = draw(_names.filter(bool))
    clauses = _numbered("R", draw(st.lists(_clauses(hours), min_size=1, max_size=3)))
    availability = _numbered("V", draw(st.lists(_availability(hours, services), max_size=2)))
    priced = draw(prices())
    from_on, other = draw(_days), draw(st.none() | _days)
    first, last = (from_on, None) if other is None else sorted([from_on, other])
    credits = draw(credits_for([*clauses, *availability])) if priced else ()
    return Agreement(
        ref=draw(_words),
        title=draw(_words),
        services=services,
        from_on=first,
        to_on=last,
        client=draw(_words),
        provider=draw(_words),
        hours=hours,
        clauses=clauses,
        entitled=tuple(draw(st.lists(_entitled(), max_size=3))),
        prices=priced,
        signed=tuple(draw(st.lists(_signed(), max_size=2))),
        kind=draw(st.sampled_from(["full", "trial"])) if last else "full",
        running=draw(st.sampled_from(RUNNING)),
        notice=draw(st.none() | _lengths),
        renews=draw(st.none() | _lengths) if last else None,
        credits_at_most=draw(st.none() | _numbers(1, 5)) if credits else None,
        review=draw(st.none() | st.builds(Review, per=st.sampled_from(PER), within=_lengths)),
        availability=availability,
        workloads=_numbered("W", draw(st.lists(_workloads(services), max_size=2))),
        exceptions=_numbered(
            "X", draw(st.lists(st.builds(Exemption, st.just("?"), _words), max_size=2))
        ),
        escalation=_numbered("E", draw(st.lists(_escalation(services), max_size=3))),
        credits=credits,
    )


_lengths = st.builds(Length, st.integers(1, 99), st.sampled_from(["day", "week", "month", "year"]))


def _numbered(letter: str, parts: list[Any]) -> tuple[Any, ...]:
    return tuple(replace(part, id=f"{letter}{n}") for n, part in enumerate(parts, 1))


def _clauses(hours: dict[str, Any]) -> st.SearchStrategy[Clause]:
    return st.builds(
        Clause,
        id=st.just("?"),
        kinds=_some(KINDS),
        priorities=_some(PRIORITIES),
        start=st.sampled_from(STARTS),
        stop=st.sampled_from(STOPS),
        hours=st.sampled_from(sorted(hours)),
        target=_targets,
        share=st.none() | _numbers(1, 5),
        per=st.sampled_from(PER),
        stopped_by=st.frozensets(st.sampled_from(list(Holder))),
    )


def _availability(
    hours: dict[str, Any], services: tuple[str, ...]
) -> st.SearchStrategy[Availability]:
    return st.builds(
        Availability,
        id=st.just("?"),
        hours=st.sampled_from(sorted(hours)),
        share=_numbers(1, 5),
        services=_some(services),
        per=st.sampled_from(PER),
    )


def _workloads(services: tuple[str, ...]) -> st.SearchStrategy[Workload]:
    return st.builds(
        Workload,
        id=st.just("?"),
        at_most=st.integers(1, 10**9),
        services=_some(services),
        kinds=_some(KINDS),
        priorities=_some(PRIORITIES),
        per=st.sampled_from(PER),
    )


@st.composite
def _escalation(draw: st.DrawFn, services: tuple[str, ...]) -> Escalation:
    when, most = draw(
        st.sampled_from([("before", 527_040), ("after", 527_040), ("share", 99), ("late", 0)])
    )
    whom = draw(st.sampled_from(["assignee", "team", "manager", "person"]))
    return Escalation(
        "?",
        when,
        draw(st.integers(1, most)) if most else 0,
        whom,
        draw(_words) if whom == "person" else "",
        draw(st.booleans()),
        draw(_some(services)),
    )


@st.composite
def prices(draw: st.DrawFn) -> tuple[Price, ...]:
    each = st.builds(
        Price,
        amount=_numbers(10**12 - 1, 4),
        currency=st.just(draw(st.sampled_from(["EUR", "USD"]))),
        per=st.sampled_from(PER),
        basis=st.sampled_from(BASES),
    )
    return tuple(draw(st.lists(each, max_size=2)))


@st.composite
def credits_for(draw: st.DrawFn, promises: list[Clause | Availability]) -> tuple[Credit, ...]:
    """Steps for some of the promises with a share: the less is kept, the more comes back."""
    found = []
    for promise in promises:
        if promise.share is None or not draw(st.booleans()):
            continue
        lower = draw(st.lists(_numbers(1, 5), max_size=2, unique=True))
        below = sorted((each for each in lower if each < promise.share), reverse=True)
        field, most = draw(st.sampled_from([("percent", 100), ("amount", 10**6)]))
        size = len(below) + 1
        given = sorted(draw(st.lists(_numbers(most, 2), min_size=size, max_size=size)))
        steps: list[Decimal | None] = [None, *below]
        found += [
            Credit(promise.id, step, **{field: each})
            for step, each in zip(steps, given, strict=True)
        ]
    return tuple(draw(st.permutations(found)))


def _signed() -> st.SearchStrategy[Signed]:
    return st.builds(
        Signed,
        by=_words,
        capacity=st.just("") | _words,
        on=_days,
        acting_for=st.just("") | _words,
        method=st.sampled_from(["", *METHODS]),
    )


def _entitled() -> st.SearchStrategy[Entitled]:
    scopes = ["person", "organisation", "group", "place", "everyone"]
    return st.sampled_from(scopes).flatmap(
        lambda scope: st.builds(
            Entitled,
            scope=st.just(scope),
            name=_words if scope != "everyone" else st.just(""),
            below=st.booleans() if scope == "organisation" else st.just(True),
            services=_names,
            funder=st.just("") | _words,
        )
    )
