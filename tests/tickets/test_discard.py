"""A held report that was none: cancelled, and neither a use nor a fact is left of it."""

from tests.cast import MONDAY, NOON, make_ticket
from tricorn.standing.models import Fact, Use
from tricorn.tickets import verbs
from tricorn.tickets.verbs.review import discard


def test_spam_is_no_use_and_makes_nobody_aware(una, mail, desi):
    ticket = verbs.report(
        verbs.Report(service=mail, text="buy now", requester=una, held_for="many links"),
        by=una.actor,
        at=MONDAY,
    )

    discard(ticket, by=desi.actor, at=NOON)

    ticket.refresh_from_db()
    assert ticket.state == "cancelled"
    assert not Use.objects.exists()
    assert not Fact.objects.exists()


def test_what_a_real_ticket_shows_too_stays_known(una, mail, desi):
    spam = verbs.report(
        verbs.Report(service=mail, text="buy now", requester=una, held_for="many links"),
        by=una.actor,
        at=MONDAY,
    )
    real = make_ticket(una, mail, at=NOON)

    discard(spam, by=desi.actor, at=NOON)

    aware = Fact.objects.get(kind="aware")
    assert (aware.evidence_id, aware.since) == (real.pk, NOON)
