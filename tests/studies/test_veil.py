"""What a client reads of a study: figures about enough people, or none."""

from functools import partial

import numpy as np
import pytest

from tests.studies.given import DAY, HOUR, MONDAY, WEEK, agreement, tickets
from tricorn.engine.frontier import Goal
from tricorn.engine.rates import Rates
from tricorn.engine.replay import Extra, History
from tricorn.insight.replays.small import cells, shown
from tricorn.studies import Case, Choice, Plan, study
from tricorn.studies.searching import search
from tricorn.studies.veil import HIDDEN, veil_of
from tricorn.studies.veiled import veiled_page

SATURDAY = {**WEEK, "sat": ["09:00-13:00"]}


def seen(history, fewest=5):
    case = Case(history, Plan(Choice("now", agreement()), (Choice("sat", agreement(SATURDAY)),)))
    veil = veil_of(case, partial(shown, fewest=fewest), partial(cells, fewest=fewest))
    return veiled_page(case, study(case), veil), veil


def test_enough_people_are_counted_and_no_ticket_is_named():
    page, veil = seen(tickets(400))

    assert veil.tells("closed", 0)
    assert page.lead.startswith("2")
    assert "came while the desk was closed" in page.lead
    assert "%" in page.clauses.table.rows[0][1]
    assert page.changed is None
    assert "T17" not in str(page)


def test_hours_of_the_week_about_few_people_stand_as_nothing():
    page, veil = seen(tickets(400))

    assert not veil.cells.all()
    rows = page.closed.pictures[0].table.rows
    drawn = sum(int(cell.replace(",", "")) for row in rows[:24] for cell in row[1:])
    assert 0 < drawn < 400
    assert "An hour with too few people stands as 0." in page.closed.sentence


def test_few_people_are_in_no_figure():
    few = tickets(60)
    history = History.from_columns(
        few.refs, few.reported, resolved=few.resolved, person=np.arange(60) % 3
    )
    page, _ = seen(history)

    assert page.clauses.table.rows[0][1:] == (HIDDEN, HIDDEN)
    assert page.options.rows[0][2:] == (HIDDEN, HIDDEN)
    assert page.costs.break_even == ()
    assert page.closed.figures == ()


def few_people(many, others=0):
    """Tickets of Saturdays 10:00 by one person, and of Mondays noon by others."""
    saturday = MONDAY + 5 * DAY + 13 * HOUR
    reported = np.array(
        [saturday + 7 * DAY * n for n in range(many)] + [MONDAY + 15 * HOUR] * others
    )
    return History.from_columns(
        [f"T{k}" for k in range(many + others)],
        reported,
        resolved=reported + 60 * HOUR,
        person=np.array([0] * many + list(range(1, others + 1))),
    )


def test_a_run_about_one_person_says_not_even_how_many_tickets_there_were():
    page, veil = seen(few_people(3))

    assert not veil.tells("all")
    assert page.facts[0] == ("Tickets", HIDDEN)
    assert page.staffing is None
    assert page.costs.break_even == ()
    picture = page.closed.pictures[0]
    assert "of 3 tickets" not in picture.svg + picture.sentence
    assert not any("3 tickets" in sentence for sentence in page.caveats)


def test_what_all_less_the_shown_would_leave_is_not_told():
    history = few_people(2, others=30)
    case = Case(history, Plan(Choice("now", agreement()), ()))

    veil = veil_of(case, partial(shown, fewest=5), partial(cells, fewest=5))

    assert veil.tells("all")
    assert not veil.tells("closed", 0)


def test_hours_waited_are_not_told_where_few_would_have_met_another_opening():
    """Twenty came in the night, one person on Saturday; Saturdays change that one's wait alone."""
    saturday, night = MONDAY + 5 * DAY + 13 * HOUR, MONDAY + 25 * HOUR
    reported = np.array([night] * 20 + [saturday, saturday, MONDAY + 15 * HOUR] + [night] * 20)
    history = History.from_columns(
        [f"T{k}" for k in range(43)],
        reported,
        resolved=reported + 60 * HOUR,
        person=np.array([*range(20), 50, 50, 51, *range(20, 40)]),
    )
    page, veil = seen(history)

    assert not veil.tells("sooner", 1)
    assert page.options.rows[1][3] == HIDDEN
    assert page.costs.break_even == ()


@pytest.mark.parametrize("is_fitted", [True, False])
def test_a_search_that_may_not_tell_how_long_tickets_took_tries_the_present_targets_alone(
    is_fitted,
):
    rates = Rates.from_toml('currency = "EUR"\nhour = 42\n', "rates")
    now = Choice("now", agreement(price=(400, "EUR")))
    plan = Plan(now, (), windows=(Extra.parse("sat 09:00-13:00"),), rates=rates)

    found, _ = search(tickets(400), plan, goal=Goal("99.5 %"), is_fitted=is_fitted)

    targets = {str(each.agreement.clauses[0].target) for each in found.options}
    assert targets
    assert (targets <= {"4h", "6h", "8h", "12h", "16h"}) is not is_fitted
