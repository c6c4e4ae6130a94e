"""Reports count tickets by month and group; never by person, and teams only when large enough."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput
from tricorn.insight.month import Month
from tricorn.insight.reports import REPORTS, Question
from tricorn.journal.actor import COMMAND
from tricorn.parties.verbs import add_organisation, join
from tricorn.tickets import verbs
from tricorn.tickets.bridge import running
from tricorn.tickets.models import HOLDERS, Clock

ZONE = "Europe/Berlin"
SEPTEMBER, OCTOBER = Month(2026, 9), Month(2026, 10)
IN_SEPTEMBER = datetime(2026, 9, 14, 8, tzinfo=UTC)
TWO = Question(SEPTEMBER, OCTOBER, ZONE)


def asked(name, at=NOON, **more):
    return REPORTS[name](Question(SEPTEMBER, OCTOBER, ZONE, **more), at)


def figures(line):
    return [(cell.n, cell.of) if cell.of is not None else cell.n for cell in line.cells]


def by_name(sheet):
    return {line.name: figures(line) for line in sheet.lines}


@pytest.fixture
def busy(a7, mail, cleo, una, desi):
    """Four matters: done at once, come back, waited for, still new."""
    at_once = make_ticket(una, mail, at=IN_SEPTEMBER)
    verbs.resolve(at_once, by=desi.actor, at=IN_SEPTEMBER + HOUR, note="Done")
    again = make_ticket(cleo, mail, at=IN_SEPTEMBER, text="Again and again")
    verbs.answer(again, by=desi.actor, at=IN_SEPTEMBER + HOUR, text="We look")
    verbs.resolve(again, by=desi.actor, at=IN_SEPTEMBER + 2 * HOUR, note="Done")
    verbs.reopen(again, by=cleo.actor, at=MONDAY)
    waited = make_ticket(cleo, mail, at=MONDAY, text="Needs a part")
    verbs.wait(waited, by=desi.actor, at=MONDAY + HOUR, holder="supplier")
    verbs.go_on(waited, by=desi.actor, at=MONDAY + 3 * HOUR)
    verbs.resolve(waited, by=desi.actor, at=MONDAY + 4 * HOUR, note="Replaced")
    make_ticket(None, mail, at=MONDAY, text="The lamp flickers")


def test_what_came_is_counted_in_its_month_of_the_house(mail, una):
    last_of_september = datetime(2026, 9, 30, 21, 59, tzinfo=UTC)
    make_ticket(una, mail, at=last_of_september)
    make_ticket(una, mail, at=last_of_september + timedelta(minutes=2), text="Again")

    assert figures(asked("reported").whole) == [1, 1]


def test_what_is_left_is_what_came_less_what_was_done(busy):
    assert figures(asked("reported").whole) == [2, 2]
    assert figures(asked("done").whole) == [1, 1]
    assert figures(asked("backlog").whole) == [1, 2]


def test_age_is_that_of_what_is_still_to_be_done(busy):
    sheet = asked("age")

    assert dict(zip(sheet.across, figures(sheet.whole), strict=True)) == {
        "day": 1,
        "week": 0,
        "month": 1,
        "quarter": 0,
        "older": 0,
    }


def test_what_came_back_is_counted_when_it_did(busy):
    assert figures(asked("reopened").whole) == [0, 1]


def test_done_at_once_is_of_all_that_was_resolved(busy):
    assert figures(asked("first-contact").whole) == [(1, 1), (0, 1)]


def test_a_late_promise_that_still_runs_is_not_kept(a7, mail, cleo):
    make_ticket(cleo, mail)

    assert figures(asked("on-time", at=MONDAY).whole) == [(0, 0), (0, 0)]
    assert figures(asked("on-time", at=MONDAY + 10 * 24 * HOUR).whole) == [(0, 0), (0, 2)]


def test_promises_kept_are_of_those_decided(busy):
    first, second = asked("on-time").whole.cells

    assert (first.n, first.of) == (3, 3)
    assert (second.n, second.of) == (1, 2)  # the answer came late


def test_time_is_divided_among_those_who_held_it_up(busy):
    sheet = asked("by-holder")
    seconds = dict(zip(sheet.across, (cell.seconds for cell in sheet.whole.cells), strict=True))

    hours = {name: found / 3600 for name, found in seconds.items() if found}
    assert hours == {
        "provider, on clock": 3,
        "supplier, on clock": 2,
        "provider, on wall": 3,
        "supplier, on wall": 2,
    }


def test_the_night_counts_on_the_wall_alone(a7, mail, cleo, una, desi):
    tuesday = MONDAY + 24 * HOUR
    for person in (cleo, una):  # by the clause, and by the house promise
        ticket = make_ticket(person, mail, at=MONDAY + 11 * HOUR)
        verbs.wait(ticket, by=desi.actor, at=MONDAY + 11.5 * HOUR, holder="customer")
        verbs.go_on(ticket, by=desi.actor, at=tuesday + HOUR)
        verbs.resolve(ticket, by=desi.actor, at=tuesday + 2 * HOUR, note="Done")

    sheet = asked("by-holder", at=tuesday + 3 * HOUR, by="agreement")

    found = {line.name: [cell.seconds / 3600 for cell in line.cells] for line in sheet.lines}
    customer, provider = HOLDERS.index("customer"), HOLDERS.index("provider")
    for times in (found["A-7"], found[""]):
        assert (times[customer], times[provider]) == (1.5, 1.5)
        assert (times[5 + customer], times[5 + provider]) == (13.5, 1.5)
    assert sheet.whole.cells[0].n == 2


def test_the_report_agrees_with_the_tickets_own_clocks(a7, mail, cleo, desi):
    tickets = []
    for n in range(3):
        ticket = make_ticket(cleo, mail, at=MONDAY + n * 5 * HOUR)
        for k, holder in enumerate(("supplier", "customer", "provider")):
            since = MONDAY + (n * 5 + k + 1) * HOUR
            verbs.wait(ticket, by=desi.actor, at=since, holder=holder)
            verbs.go_on(ticket, by=desi.actor, at=since + HOUR / 2)
        verbs.resolve(ticket, by=desi.actor, at=MONDAY + (20 + n) * HOUR, note="Done")
        tickets.append(ticket)
    verbs.reopen(tickets[0], by=cleo.actor, at=MONDAY + 26 * HOUR)
    verbs.resolve(tickets[0], by=desi.actor, at=MONDAY + 28 * HOUR, note="Done")

    cells = asked("by-holder", at=MONDAY + 30 * HOUR).whole.cells

    wanted = Counter()
    for clock in Clock.objects.filter(measure="resolution").select_related("clause", "target"):
        run = running(clock, clock.ticket.waits.all())
        wanted.update(run.by_holder(clock.stopped_at))
    assert [cell.seconds for cell in cells[:5]] == [
        wanted[holder].total_seconds() if holder in wanted else 0 for holder in HOLDERS
    ]


def test_it_is_split_by_service_and_by_agreement(busy, house, hours, una):
    lamp = add_service(by=COMMAND, at=LONG_AGO, name="Lamps", provider=house.provider, hours=hours)
    make_ticket(una, lamp)

    assert by_name(asked("reported", by="service")) == {"Lamps": [0, 1], "Mail": [2, 2]}
    assert by_name(asked("reported", by="agreement")) == {"A-7": [1, 1], "": [1, 2]}
    assert figures(asked("reported", services=frozenset({lamp.pk})).whole) == [0, 1]


def team(name, size):
    found = add_organisation(by=COMMAND, at=LONG_AGO, name=name)
    for number in range(size):
        join(somebody(f"{name}{number} Person"), found, by=COMMAND, at=LONG_AGO)
    return found


def handed(ticket, to, desi):
    verbs.hand_over(ticket, by=desi.actor, at=MONDAY, note="Yours", team=to)


def test_a_team_of_fewer_than_five_is_never_shown_by_itself(mail, una, cleo, desi, a7):
    handed(make_ticket(una, mail), team("Five", 5), desi)
    handed(make_ticket(cleo, mail), team("Four", 4), desi)
    make_ticket(cleo, mail, text="Of no team")

    assert by_name(asked("reported", by="team")) == {"Five": [0, 1], "": [0, 2]}


def test_small_teams_are_shown_together_when_they_are_enough(mail, una, cleo, desi, a7):
    handed(make_ticket(una, mail), team("Three", 3), desi)
    handed(make_ticket(cleo, mail), team("Two", 2), desi)

    (line,) = asked("reported", by="team").lines
    assert (line.is_small, figures(line)) == (True, [0, 2])


def test_what_is_held_for_review_is_in_no_report(mail, una):
    given = verbs.Report(service=mail, text="Buy this", held_for="many links", requester=una)
    verbs.report(given, by=una.actor, at=MONDAY)

    assert all(asked(name).is_empty for name in REPORTS)


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_costs_the_same_queries_whatever_is_in_it(
    name, busy, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6 if name == "by-holder" else 4):
        asked(name, by="service")


@pytest.mark.parametrize(
    ("first", "last", "by"),
    [(OCTOBER, SEPTEMBER, ""), (Month(2020, 1), OCTOBER, ""), (SEPTEMBER, OCTOBER, "assignee")],
)
def test_a_question_that_is_none_is_refused(first, last, by):
    with pytest.raises(BadInput):
        Question(first, last, ZONE, by=by)
