"""Who is told what: whoever a line concerns, once, as they chose, and nobody else."""

from datetime import timedelta

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.journal.models import Line
from tricorn.journal.verbs import write
from tricorn.notices.abouts import ABOUTS, CAPACITIES, HAPPENED, HOWS
from tricorn.notices.concerned import HEARD
from tricorn.notices.models import ABOUTS as STORED
from tricorn.notices.models import Notice, Preference
from tricorn.notices.reads import told, unread
from tricorn.notices.verbs import KEPT, choose, forget_old, read, read_all, tell
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs as tickets

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(una, mail, desi):
    return make_ticket(una, mail)


def last(ticket, kind):
    return Line.objects.about("ticket", ticket.pk).filter(kind=kind).latest("id")


def said(ticket, kind, by=WORKER, **data):
    """Return a line as another part of the house writes it."""
    return write(ticket, kind, by=by, at=NOON, **data)


def who(notices):
    return {(each.person.name, each.capacity, each.about, each.how) for each in notices}


def answered(ticket, by, text="Is it better?"):
    tickets.answer(ticket, by=by.actor, at=NOON, text=text)
    return last(ticket, "ticket.answered")


def test_whose_matter_it_is_hears_of_an_answer_and_who_answers_does_not(ticket, desi):
    assert who(tell(answered(ticket, desi), NOON)) == {("Una", "requester", "answer", "at once")}


def test_telling_twice_is_telling_once(ticket, desi):
    line = answered(ticket, desi)

    first, second = tell(line, NOON), tell(line, NOON + HOUR)

    assert [each.pk for each in first] == [each.pk for each in second]
    assert Notice.objects.get().made_at == NOON


def test_who_has_it_hears_when_it_is_answered_or_opened_again(ticket, una, desi):
    tickets.assign(ticket, by=desi.actor, at=NOON, to=desi)
    assert tell(last(ticket, "ticket.assigned"), NOON) == []

    assert who(tell(answered(ticket, una), NOON)) == {("Desi", "agent", "answered", "page")}
    tickets.resolve(ticket, by=desi.actor, at=NOON, note="Done")
    tickets.reopen(ticket, by=una.actor, at=NOON)
    assert who(tell(last(ticket, "ticket.reopened"), NOON)) == {
        ("Desi", "agent", "answered", "page")
    }


def test_what_somebody_is_given_by_another_is_told(ticket, desi, house):
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO)

    tickets.assign(ticket, by=desi.actor, at=NOON, to=dora)

    assert who(tell(last(ticket, "ticket.assigned"), NOON)) == {
        ("Dora", "agent", "assigned", "page")
    }


@pytest.mark.parametrize(
    ("kind", "about", "how"),
    [
        ("ticket.mentioned", "mentioned", "at once"),
        ("ticket.reminded", "reminded", "at once"),
        ("ticket.escalated", "escalated", "at once"),
        ("rule.notified", "rule", "page"),
    ],
)
def test_lines_that_name_persons_tell_those_who_work_there(
    ticket, una, desi, sam, kind, about, how
):
    named = [desi.pk, una.pk, sam.pk, 10**9, "x", None]
    one = kind in ("ticket.mentioned", "ticket.reminded")
    data = {"person": desi.pk} if one else {"persons": named}

    assert who(tell(said(ticket, kind, **data), NOON)) == {("Desi", "agent", about, how)}
    if one:
        assert tell(said(ticket, kind, person=una.pk), NOON) == []
        assert tell(said(ticket, kind), NOON) == []


def test_what_is_new_is_told_to_who_chose_so_for_the_services_they_serve(
    ticket, desi, una, house, hours
):
    line = last(ticket, "ticket.reported")
    assert tell(line, NOON) == []

    for person in (desi, una):
        Preference.objects.create(person=person, capacity="agent", about="reported", how="page")

    assert who(tell(line, NOON)) == {("Desi", "agent", "reported", "page")}
    off = said(ticket, "ticket.split_off")
    assert who(tell(off, NOON)) == {("Desi", "agent", "reported", "page")}


def test_who_follows_hears_in_the_capacity_they_have_and_named_ones_once(ticket, una, desi, cleo):
    tickets.follow(ticket, by=desi.actor, at=NOON)
    tickets.follow(ticket, by=una.actor, at=NOON)
    for person in (desi, cleo):
        ticket.followers.get_or_create(person=person, defaults={"since": NOON})

    assert who(tell(answered(ticket, una), NOON)) == {("Desi", "agent", "followed", "page")}
    tickets.resolve(ticket, by=desi.actor, at=NOON, note="Done")
    tickets.reopen(ticket, by=desi.actor, at=NOON)
    assert who(tell(last(ticket, "ticket.reopened"), NOON)) == {
        ("Una", "requester", "followed", "digest")
    }


def test_a_note_that_names_somebody_tells_them(ticket, una, desi, house):
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO)

    tickets.add_note(ticket, by=desi.actor, at=NOON, text="@Dora, have you seen this?")

    assert who(tell(last(ticket, "ticket.mentioned"), NOON)) == {
        ("Dora", "agent", "mentioned", "at once")
    }


def test_whose_matter_was_merged_hears_of_the_answer_on_their_own(ticket, una, cleo, mail, desi):
    hers = make_ticket(cleo, mail, text="Mail is slow here too")
    tickets.merge(hers, into=ticket, by=desi.actor, at=NOON)

    notices = tell(answered(ticket, desi), NOON)

    assert {(each.person.name, each.ticket_id) for each in notices} == {
        ("Una", ticket.pk),
        ("Cleo", hers.pk),
    }


def test_off_tells_nothing_and_a_choice_is_heeded(ticket, una, desi):
    choose(una, {("requester", "answer"): "off"}, by=una.actor, at=NOON)
    assert tell(answered(ticket, desi), NOON) == []

    choose(una, {("requester", "answer"): "digest"}, by=una.actor, at=NOON)
    assert {each.how for each in tell(answered(ticket, desi, "And now?"), NOON)} == {"digest"}


def test_who_may_not_see_it_any_more_is_not_told(ticket, una, desi):
    tickets.assign(ticket, by=desi.actor, at=NOON, to=desi)
    desi.duties.update(until=NOON)

    assert tell(answered(ticket, una), NOON) == []


def test_held_reports_and_those_who_left_are_told_of_nothing(ticket, una, desi):
    line = answered(ticket, desi)
    una.is_active = False
    una.save()
    assert tell(line, NOON) == []

    una.is_active = True
    una.save()
    ticket.held_for = "many links"
    ticket.save()
    assert tell(line, NOON) == []


def test_other_lines_are_not_heard(ticket):
    assert tell(said(ticket, "ticket.noted"), NOON) == []


@pytest.mark.parametrize(
    "given",
    [
        {("requester", "nothing"): "page"},
        {("customer", "answer"): "page"},
        {("requester", "rating"): "digest"},
        {("requester", "answer"): "sometimes"},
    ],
)
def test_ways_that_are_not_offered_are_refused_and_nothing_written(una, given):
    with pytest.raises(BadInput):
        choose(una, {("requester", "answer"): "off", **given}, by=una.actor, at=NOON)

    assert not Preference.objects.exists()


def test_choosing_what_is_so_already_writes_nothing(una):
    assert choose(una, {("requester", "answer"): "at once"}, by=una.actor, at=NOON) == 0
    assert choose(una, {("requester", "answer"): "page"}, by=una.actor, at=NOON) == 1

    line = Line.objects.get(kind="person.told_otherwise")
    assert line.data == {"ways": {"requester answer": "page"}}


def test_a_notice_is_read_once_and_only_by_whom_it_is_for(ticket, una, desi):
    (notice,) = tell(answered(ticket, desi), NOON)

    assert read(desi, notice.pk, at=NOON) is None
    assert unread(una.pk, NOON) == 1
    assert read(una, notice.pk, at=NOON).read_at == NOON
    assert read(una, notice.pk, at=NOON + HOUR).read_at == NOON
    assert unread(una.pk, NOON) == 0
    assert read_all(una, at=NOON) == 0


def test_what_one_may_not_see_any_more_is_named_no_more(ticket, una, desi):
    tickets.assign(ticket, by=desi.actor, at=NOON, to=desi)
    notices = tell(answered(ticket, una), NOON)
    assert [(each.ref, each.summary) for each in told(notices, desi.actor)] == [
        (ticket.ref, "Mail is slow")
    ]

    desi.duties.update(until=NOON)

    assert [(each.ref, each.summary) for each in told(notices, desi.actor)] == [("", "")]


def test_what_was_read_long_ago_is_removed(ticket, una, desi):
    tell(answered(ticket, desi), NOON)
    tell(answered(ticket, desi, "Again"), NOON)
    read(una, Notice.objects.first().pk, at=MONDAY)

    assert forget_old(at=MONDAY + KEPT) == 0
    assert forget_old(at=MONDAY + KEPT + timedelta(seconds=1)) == 1
    assert Notice.objects.count() == 1


def test_the_table_is_whole():
    assert {each.code for each in ABOUTS} == set(STORED)
    assert {each.capacity for each in ABOUTS} == set(CAPACITIES)
    assert all(each.how in each.choices and set(each.choices) <= set(HOWS) for each in ABOUTS)
    assert {kind for _, kind in HAPPENED} == HEARD
