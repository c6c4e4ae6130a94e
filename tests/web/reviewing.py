"""A reviewed agreement for tests of pages: A-7, October reviewed on 2 November 2026."""

from datetime import UTC, datetime, timedelta

from tests.cast import A7, LONG_AGO
from tests.web.decide.month import people, told
from tricorn.agreements.models import Review
from tricorn.agreements.verbs import activate
from tricorn.engine.agreement import Agreement
from tricorn.insight.reviews import prepare_reviews
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.standing.verbs import grant

OCTOBER = datetime(2026, 10, 5, 8, tzinfo=UTC)  # a Monday, 10:00 in Berlin
PREPARED = datetime(2026, 11, 2, 9, tzinfo=UTC)
OVERDUE = datetime(2026, 11, 20, 9, tzinfo=UTC)
MORE = """
[[workload]]
id = "W1"
at_most = 5

[[availability]]
id = "V1"
hours = "desk"
share = 0.995

[[credit]]
clause = "R2"
percent = 10

[review]
per = "month"
"""


def reviewed(mail, clive, finance, desi, *, late=6, on_time=9):
    """Return the review of October, with so many tickets late and on time; Clive may decide."""
    begun = datetime(2026, 10, 1, tzinfo=UTC)  # what was before it was on record is not reviewed
    version = activate(Agreement.from_toml(A7 + MORE), by=COMMAND, at=begun).version
    grant(clive, finance, ["decide", "accept"], by=COMMAND, at=LONG_AGO)
    for n, person in enumerate(people(late + on_time, finance)):
        takes = timedelta(days=9) if n < late else timedelta(hours=1)
        told(mail, person, desi, at=OCTOBER, takes=takes)
    prepare_reviews(PREPARED, by=WORKER)
    return Review.objects.get(agreement=version.agreement, period_to="2026-10-31")
