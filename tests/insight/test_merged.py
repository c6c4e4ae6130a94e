"""A merged ticket counts in no figure while it is merged; the survivor counts once."""

from datetime import timedelta

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tricorn.insight.kins import Period, tickets_of
from tricorn.insight.month import Month
from tricorn.insight.own import own_matters
from tricorn.insight.replays.own import build, fetch, wanted
from tricorn.insight.reports import REPORTS, Question
from tricorn.insight.scope import everything
from tricorn.insight.uncovered import uncovered_tickets
from tricorn.tickets import verbs

DAY = timedelta(days=1)
LATER = NOON + 60 * DAY


def counted(a7):
    period = Period.of(Month(2026, 10), "Europe/Berlin", LATER)
    assert period is not None
    return [row[0] for row in tickets_of([a7.pk], period).get(a7.pk, [])]


def test_the_month_counts_the_survivor_once_and_after_unmerging_both(a7, mail, cleo, desi):
    one, two = make_ticket(cleo, mail), make_ticket(cleo, mail, at=MONDAY + HOUR)
    party = [each for each in everything() if each.agreement == a7.agreement]

    def own():
        found = own_matters(cleo.pk, party, start=MONDAY - DAY, end=LATER, at=LATER)
        return {each.ref for each in found}

    verbs.merge(two, by=desi.actor, at=NOON, into=one)
    assert counted(a7) == [one.pk]
    assert own() == {one.ref}

    verbs.unmerge(two, by=desi.actor, at=NOON + HOUR)
    assert sorted(counted(a7)) == [one.pk, two.pk]
    assert own() == {one.ref, two.ref}


def reports(name):
    months = Question(Month(2026, 10), Month(2026, 10), "Europe/Berlin")
    return REPORTS[name](months, LATER).whole.cells[0]


def test_a_duplicate_that_was_merged_is_in_no_report_while_it_is(mail, una, desi):
    one, two = make_ticket(una, mail), make_ticket(una, mail)
    verbs.merge(two, by=desi.actor, at=MONDAY + HOUR, into=one)
    verbs.resolve(one, by=desi.actor, at=NOON, note="Done")

    assert [reports(name).n for name in ("reported", "done", "by-holder")] == [1, 1, 1]
    assert (reports("first-contact").n, reports("first-contact").of) == (1, 1)


def test_unmerging_is_no_coming_back_and_no_waiting(mail, una, desi):
    one, two = make_ticket(una, mail), make_ticket(una, mail)
    verbs.merge(two, by=desi.actor, at=MONDAY + HOUR, into=one)
    verbs.unmerge(two, by=desi.actor, at=NOON)
    verbs.resolve(two, by=desi.actor, at=NOON + HOUR, note="Done")
    assert reports("reopened").n == 0
    assert (reports("first-contact").n, reports("first-contact").of) == (1, 1)

    verbs.reopen(two, by=una.actor, at=NOON + 2 * HOUR)

    assert reports("reopened").n == 1


def test_a_replay_reads_the_survivor_alone(mail, una, desi):
    one, two = make_ticket(una, mail), make_ticket(una, mail)
    asked = wanted(None, MONDAY - DAY, NOON + DAY)

    verbs.merge(two, by=desi.actor, at=NOON, into=one)
    history = build(fetch(asked))

    assert [str(each) for each in history.refs] == [one.ref]
    assert list(uncovered_tickets(mail.pk, start=MONDAY, end=NOON)) == [one]
