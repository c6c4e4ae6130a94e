"""Agreement texts for tests: one that says everything, and as many others as anybody wants."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tests.engine.hours_given import HARD, hours_near
from tricorn.engine.agreement import (
    KINDS,
    PER,
    PRIORITIES,
    STARTS,
    STOPS,
    Agreement,
    Clause,
    Entitled,
    Price,
    Signed,
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
    clauses = st.builds(
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
    drawn = draw(st.lists(clauses, min_size=1, max_size=3))
    from_on, other = draw(_days), draw(st.none() | _days)
    first, last = (from_on, None) if other is None else sorted([from_on, other])
    return Agreement(
        ref=draw(_words),
        title=draw(_words),
        services=draw(_names.filter(bool)),
        from_on=first,
        to_on=last,
        client=draw(_words),
        provider=draw(_words),
        hours=hours,
        clauses=tuple(
            Clause(**{**vars(clause), "id": f"R{n}"}) for n, clause in enumerate(drawn, 1)
        ),
        entitled=tuple(draw(st.lists(_entitled(), max_size=3))),
        prices=tuple(
            draw(
                st.lists(
                    st.builds(
                        Price,
                        amount=_numbers(10**12 - 1, 4),
                        currency=st.sampled_from(["EUR", "USD"]),
                        per=st.sampled_from(PER),
                    ),
                    max_size=2,
                )
            )
        ),
        signed=tuple(
            draw(
                st.lists(
                    st.builds(Signed, by=_words, capacity=st.just("") | _words, on=_days),
                    max_size=2,
                )
            )
        ),
    )


def _entitled() -> st.SearchStrategy[Entitled]:
    return st.sampled_from(["person", "organisation", "group", "place"]).flatmap(
        lambda scope: st.builds(
            Entitled,
            scope=st.just(scope),
            name=_words,
            below=st.booleans() if scope == "organisation" else st.just(True),
            services=_names,
            funder=st.just("") | _words,
        )
    )
