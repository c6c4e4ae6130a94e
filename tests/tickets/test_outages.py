"""Outages: begun, ended, corrected, taken back, linked; each refusal in one sentence."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, SATURDAY, make_ticket, somebody
from tests.tickets.test_two_at_once import at_once
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.journal.models import Line
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Outage
from tricorn.tickets.verbs import Noted

DAY = timedelta(days=1)


@pytest.fixture
def laptop(house, hours):
    return add_service(by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours)


@pytest.fixture
def noted(mail):
    return Noted(services=(mail,), began_at=SATURDAY, summary="The disk of the server is full")


@pytest.fixture
def outage(noted, desi):
    return verbs.begin_outage(noted, by=desi.actor, at=MONDAY)


def told(outage):
    return [line.kind for line in Line.objects.about("outage", outage.pk)]


def test_an_outage_begins_earlier_is_linked_and_ends(mail, desi, cleo, noted):
    ticket = make_ticket(cleo, mail)

    outage = verbs.begin_outage(noted, by=desi.actor, at=MONDAY, ticket=ticket)
    verbs.end_outage(outage, by=desi.actor, at=NOON, ended_at=MONDAY + HOUR)

    outage.refresh_from_db()
    assert (outage.began_at, outage.ended_at) == (SATURDAY, MONDAY + HOUR)
    assert (outage.noted_by, outage.noted_at) == (desi, MONDAY)
    assert list(outage.tickets.all()) == [ticket]
    assert told(outage) == ["outage.begun", "outage.ended"]
    line = Line.objects.about("ticket", ticket.pk).last()
    assert (line.kind, line.data) == ("ticket.outage_linked", {"outage": outage.pk})
    assert not Line.objects.filter(data__icontains="disk").exists()


def test_times_are_corrected_and_the_line_says_which(desi, noted, outage):
    verbs.change_outage(outage, replace(noted, began_at=SATURDAY - HOUR), by=desi.actor, at=NOON)

    line = Line.objects.about("outage", outage.pk).last()
    assert line.kind == "outage.changed"
    assert line.data == {
        "changed": ["began_at"],
        "began_at_was": SATURDAY.isoformat(),
        "began_at": (SATURDAY - HOUR).isoformat(),
    }
    outage.refresh_from_db()
    assert outage.began_at == SATURDAY - HOUR


def test_services_places_and_words_are_corrected_too(desi, noted, outage, laptop, reception, mail):
    other = replace(
        noted,
        services=(mail, laptop),
        places=(reception,),
        summary="Power cut",
        found_by="monitoring",
    )

    verbs.change_outage(outage, other, by=desi.actor, at=NOON)

    line = Line.objects.about("outage", outage.pk).last()
    assert line.data["changed"] == ["found_by", "summary", "services", "places"]
    assert set(outage.services.all()) == {mail, laptop}
    assert list(outage.places.all()) == [reception]


def test_nothing_different_writes_nothing(desi, noted, outage):
    verbs.change_outage(outage, noted, by=desi.actor, at=NOON)

    assert told(outage) == ["outage.begun"]


def test_what_ended_by_mistake_lasts_again(desi, noted, outage):
    verbs.end_outage(outage, by=desi.actor, at=NOON)

    verbs.change_outage(outage, noted, by=desi.actor, at=NOON)

    outage.refresh_from_db()
    assert outage.ended_at is None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"began_at": NOON + HOUR}, "cannot have begun in the future"),
        ({"began_at": NOON - 4000 * DAY}, "more than ten years ago"),
        ({"ended_at": SATURDAY}, "would end before it begins"),
        ({"ended_at": SATURDAY - HOUR}, "would end before it begins"),
        ({"ended_at": NOON + HOUR}, "cannot have ended in the future"),
        ({"services": ()}, "Choose the services"),
        ({"found_by": "nobody"}, "is found by one of"),
        ({"summary": "x" * 201}, "at most 200 fit"),
        ({"is_planned": True}, "until when the planned work lasts"),
        (
            {"is_planned": True, "began_at": NOON + 367 * DAY, "ended_at": NOON + 368 * DAY},
            "more than a year ahead",
        ),
        ({"is_planned": True, "ended_at": NOON + 400 * DAY}, "at most a year"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(desi, noted, given, words):
    with pytest.raises(BadInput, match=words):
        verbs.begin_outage(replace(noted, **given), by=desi.actor, at=NOON)

    assert not Outage.objects.exists()
    assert not Line.objects.filter(subject="outage").exists()


def test_a_change_is_checked_like_a_beginning(desi, noted, outage):
    with pytest.raises(BadInput, match="would end before it begins"):
        verbs.change_outage(
            outage, replace(noted, ended_at=SATURDAY - HOUR), by=desi.actor, at=NOON
        )

    assert told(outage) == ["outage.begun"]


def test_the_same_service_is_not_down_twice_at_one_time(desi, noted, outage, mail, laptop):
    with pytest.raises(BadInput) as refusal:
        verbs.begin_outage(
            replace(noted, services=(mail, laptop), began_at=MONDAY), by=desi.actor, at=NOON
        )

    assert str(refusal.value) == (
        f"Mail: {outage.ref} is on record for that time and these places already. "
        f"Change {outage.ref}, or give other times or places."
    )
    assert Outage.objects.count() == 1


def test_other_places_other_services_and_planned_work_may_overlap(
    desi, noted, outage, laptop, reception
):
    for other in (
        replace(noted, places=(reception,)),
        replace(noted, services=(laptop,)),
        replace(noted, is_planned=True, ended_at=NOON),
    ):
        verbs.begin_outage(other, by=desi.actor, at=NOON)

    assert Outage.objects.count() == 4


def test_one_may_follow_another_without_a_gap(desi, noted, outage):
    verbs.end_outage(outage, by=desi.actor, at=NOON, ended_at=MONDAY)

    verbs.begin_outage(replace(noted, began_at=MONDAY), by=desi.actor, at=NOON)
    with pytest.raises(BadInput, match="on record for that time"):
        verbs.change_outage(outage, replace(noted, ended_at=NOON), by=desi.actor, at=NOON)


def test_an_outage_ends_once(desi, outage):
    verbs.end_outage(outage, by=desi.actor, at=NOON)

    with pytest.raises(MoveRefused, match="has ended already"):
        verbs.end_outage(outage, by=desi.actor, at=NOON)
    assert told(outage) == ["outage.begun", "outage.ended"]


def test_planned_work_is_announced_ends_early_or_is_called_off(desi, noted, mail):
    work = replace(noted, is_planned=True, began_at=NOON + DAY, ended_at=NOON + DAY + 4 * HOUR)
    outage = verbs.begin_outage(work, by=desi.actor, at=NOON)

    with pytest.raises(MoveRefused, match="has not begun yet"):
        verbs.end_outage(outage, by=desi.actor, at=NOON)
    verbs.end_outage(outage, by=desi.actor, at=NOON + DAY + HOUR)
    outage.refresh_from_db()
    assert outage.ended_at == NOON + DAY + HOUR

    verbs.take_back_outage(outage, by=desi.actor, at=NOON + DAY + HOUR)
    verbs.take_back_outage(outage, by=desi.actor, at=NOON + DAY + HOUR)
    assert told(outage) == ["outage.begun", "outage.ended", "outage.taken_back"]


def test_one_taken_back_counts_nowhere_and_is_not_changed(desi, noted, outage, cleo, mail):
    verbs.take_back_outage(outage, by=desi.actor, at=MONDAY)

    assert not Outage.objects.touching(SATURDAY, None).exists()
    ticket = make_ticket(cleo, mail)
    for deed in (
        lambda: verbs.end_outage(outage, by=desi.actor, at=NOON),
        lambda: verbs.change_outage(outage, noted, by=desi.actor, at=NOON),
        lambda: verbs.link_ticket(outage, ticket, by=desi.actor, at=NOON),
    ):
        with pytest.raises(MoveRefused, match="was taken back"):
            deed()
    verbs.begin_outage(noted, by=desi.actor, at=NOON)


def test_linking_and_unlinking_twice_is_once(desi, outage, cleo, mail):
    ticket = make_ticket(cleo, mail)

    for verb in (verbs.link_ticket, verbs.link_ticket, verbs.unlink_ticket, verbs.unlink_ticket):
        verb(outage, ticket, by=desi.actor, at=NOON)

    kinds = [line.kind for line in Line.objects.about("ticket", ticket.pk)]
    assert kinds[1:] == ["ticket.outage_linked", "ticket.outage_unlinked"]


def test_only_who_serves_every_service_may_note_it(house, mail, laptop, noted, cleo, desi, outage):
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    other = replace(noted, services=(mail, laptop))

    for who in (dora.actor, cleo.actor, VISITOR):
        with pytest.raises(StandingRefused, match="Only the desk of this service"):
            verbs.begin_outage(other, by=who, at=NOON)
        with pytest.raises(StandingRefused):
            verbs.end_outage(outage, by=who, at=NOON)
        with pytest.raises(StandingRefused):
            verbs.change_outage(outage, noted, by=who, at=NOON)
        with pytest.raises(StandingRefused):
            verbs.take_back_outage(outage, by=who, at=NOON)
        with pytest.raises(StandingRefused):
            verbs.link_ticket(outage, make_ticket(None, mail), by=who, at=NOON)
    assert told(outage) == ["outage.begun"]
    verbs.begin_outage(replace(noted, services=(laptop,)), by=dora.actor, at=NOON)


@pytest.mark.parametrize(
    "given",
    [{"ended_at": SATURDAY}, {"found_by": "rumour"}, {"is_planned": True, "ended_at": None}],
)
def test_the_database_refuses_what_must_never_be(outage, given):
    with pytest.raises(IntegrityError), transaction.atomic():
        Outage.objects.filter(pk=outage.pk).update(**given)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_note_the_same_at_once_one_does(mail, desi, noted):
    answers = at_once(
        lambda: verbs.begin_outage(noted, by=desi.actor, at=NOON),
        lambda: verbs.begin_outage(noted, by=desi.actor, at=NOON),
    )

    assert sorted(type(each).__name__ for each in answers) == ["BadInput", "Outage"]
    assert Outage.objects.count() == 1
