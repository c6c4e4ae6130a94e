"""What a client reads of a study: figures about enough people, or none."""

from functools import partial

import numpy as np

from tests.studies.given import WEEK, agreement, tickets
from tricorn.engine.replay import History
from tricorn.insight.replays.small import cells, shown
from tricorn.studies import Case, Choice, Plan, study
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
