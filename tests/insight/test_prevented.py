"""What options would have covered of a month: all at once gives what one by one would."""

from datetime import UTC, datetime, timedelta
from random import Random

from tests.insight.considering import declined
from tests.web.decide.month import people
from tricorn.insight.considered import considered
from tricorn.insight.kins import Period
from tricorn.insight.month import Month
from tricorn.insight.own import own_matters
from tricorn.insight.prevented import prevented, relevant
from tricorn.insight.scope import everything
from tricorn.tickets import verbs

NOVEMBER = datetime(2026, 12, 12, 9, tzinfo=UTC)
OCTOBER = Month(2026, 10)


def test_all_at_once_is_what_one_by_one_gives(
    house, finance, mail, mo, clive, desi, django_assert_max_num_queries
):
    """Forty reports at random moments, some of them waiting for somebody in between."""
    declined(house, finance, mo, clive)
    chance = Random(7)
    crowd = people(8, finance)
    for _ in range(40):
        at = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(25 * 24 * 60))
        person = chance.choice(crowd)
        ticket = verbs.report(
            verbs.Report(
                service=mail,
                text="Mail is slow",
                requester=person,
                began_at=at - timedelta(minutes=chance.randrange(600)),
            ),
            by=person.actor,
            at=at,
        )
        later = at + timedelta(minutes=chance.randrange(1, 3000))
        if chance.random() < 0.5:
            verbs.answer(ticket, by=desi.actor, at=at + timedelta(minutes=1), text="Since when?")
            verbs.wait(ticket, by=desi.actor, at=at + timedelta(minutes=1), holder="customer")
            verbs.go_on(ticket, by=desi.actor, at=later)
        verbs.resolve(ticket, by=desi.actor, at=later + timedelta(hours=20), note="It runs.")
    party = everything()[0]
    period = Period.of(OCTOBER, party.zone, NOVEMBER)
    options = relevant(considered(clients=[finance.pk]), finance.pk, party.service_ids, period)

    with django_assert_max_num_queries(4):
        found = prevented(options, party.version_ids, period)

    one_by_one = {}
    for person in crowd:
        own = own_matters(person.pk, [party], start=period.start, end=period.first_at, at=NOVEMBER)
        for each in own:
            covered = options[0].covered(each.matter)
            if covered is not None:
                one_by_one[int(each.ref.removeprefix("T-"))] = (covered.seconds,)
    assert len(found) > 10
    assert found == one_by_one
