"""A private service's tickets are there for who has duty for it by name, and for nobody else."""

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.roles import find_scheme
from tricorn.insight.models import Replay
from tricorn.insight.month import Month
from tricorn.insight.replays.sources import sources_for_house
from tricorn.insight.replays.verbs import begin_replay
from tricorn.insight.reports import REPORTS, Question
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.standing.models import Duty, Fact
from tricorn.standing.offered import offered_to
from tricorn.standing.portrait import portrait
from tricorn.standing.verbs import end_duty, give_duty, share
from tricorn.standing.verbs import note_once as entitle
from tricorn.tickets import verbs
from tricorn.tickets.models import Outage, Ticket, services_served
from tricorn.tickets.reads import desk, my, outages, problems, queue
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.reads.ticket import ticket_shown

FM = find_scheme("fm")


@pytest.fixture
def staff(house, hours):
    """The queue of complaints about work: HR reads it."""
    return add_service(
        by=COMMAND, at=LONG_AGO, name="Staff matters", provider=house.provider, hours=hours
    )


@pytest.fixture
def hera(house, staff):
    """Manages and serves Staff matters, which is private."""
    person = somebody("Hera", house.provider)
    give_duty(person, "manage", by=COMMAND, at=LONG_AGO, service=staff)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO, service=staff)
    share(staff, by=COMMAND, at=LONG_AGO, is_private=True)
    staff.refresh_from_db()
    return person


@pytest.fixture
def secret(hera, staff, una):
    return make_ticket(una, staff, text="Quincunx shouts at us")


def agent(person):
    return queue.Agent.of(portrait(person.pk, NOON))


def test_a_duty_for_every_service_does_not_open_it_nor_does_managing_all(
    secret, mail, una, cleo, desi, mo, hera
):
    ordinary = make_ticket(cleo, mail)

    for person in (desi, mo):
        assert list(Ticket.objects.visible_to(person.actor)) == [ordinary]
        assert list(Ticket.objects.served_by(person.pk)) == [ordinary]
        assert services_served(person.pk) == {mail.pk}
        assert portrait(person.pk, NOON).served() == {mail.pk}
    assert list(Ticket.objects.visible_to(hera.actor)) == [secret]
    assert list(Ticket.objects.visible_to(una.actor)) == [secret]
    assert set(Ticket.objects.visible_to(COMMAND)) == {ordinary, secret}


def test_while_no_service_is_private_every_service_is_said_without_a_list(mail, desi):
    assert services_served(desi.pk) is None
    assert portrait(desi.pk, NOON).served("desk") is None
    assert portrait(desi.pk, NOON).hidden == frozenset()


def test_where_every_service_is_private_a_duty_for_all_opens_nothing(secret, mail, desi, hera):
    give_duty(hera, "manage", by=COMMAND, at=LONG_AGO, service=mail)
    share(mail, by=COMMAND, at=LONG_AGO, is_private=True)

    assert services_served(desi.pk) == set()
    assert portrait(desi.pk, NOON).served() == frozenset()


def test_queue_search_counts_and_filters_do_not_know_it(secret, staff, desi, hera):
    for filters in (
        Filters(),
        Filters(text="quincunx"),
        Filters(tab="unassigned"),
        Filters(service=staff.slug),
        Filters(tab="done"),
    ):
        assert not queue.page(agent(desi), filters, at=NOON, scheme=FM).rows
    counts = queue.counts(agent(desi), NOON)
    assert (counts.all, counts.unassigned, counts.late, counts.held) == (0, 0, 0, 0)
    assert queue.exactly(agent(desi), secret.ref) is None
    assert staff not in queue.services(agent(desi))

    assert len(queue.page(agent(hera), Filters(text="quincunx"), at=NOON, scheme=FM).rows) == 1
    assert queue.counts(agent(hera), NOON).all == 1
    assert queue.exactly(agent(hera), secret.ref) == secret
    assert queue.services(agent(hera)) == [staff]


def test_the_queue_costs_no_query_more(secret, mail, desi, django_assert_num_queries):
    with django_assert_num_queries(6):
        known = portrait(desi.pk, NOON)
    reader = queue.Agent.of(known)
    with django_assert_num_queries(3):
        queue.page(reader, Filters(), at=NOON, scheme=FM)


def test_earlier_tickets_of_a_person_leave_it_out(secret, mail, una, desi, hera):
    ticket = make_ticket(una, mail)

    assert not ticket_shown(ticket, agent(desi), at=NOON, scheme=FM).who.earlier
    give_duty(hera, "desk", by=COMMAND, at=LONG_AGO, service=mail)
    assert ticket_shown(ticket, agent(hera), at=NOON, scheme=FM).who.earlier == (secret,)


def test_reports_replays_and_runs_leave_it_out(secret, staff, mail, mo, hera):
    def reported(person):
        months = (Month(2026, 10), Month(2026, 10), "UTC")
        question = Question(*months, services=portrait(person.pk, NOON).served("manage"))
        return REPORTS["reported"](question, NOON).whole.cells[0].n

    assert (reported(mo), reported(hera)) == (0, 1)
    tried = [
        [each.services[0] for each in sources_for_house(portrait(person.pk, NOON), NOON, "UTC")]
        for person in (mo, hera)
    ]
    assert tried == [[mail], [staff]]
    day = MONDAY.date()
    run = begin_replay([staff], day, day, by=hera.actor, at=NOON + 48 * HOUR)
    assert not Replay.objects.visible_to(mo.actor, NOON).exists()
    assert Replay.objects.visible_to(hera.actor, NOON).get() == run


def test_an_outage_counts_and_lists_only_what_one_may_see(secret, mail, staff, desi, hera):
    outage = Outage.objects.create(began_at=MONDAY, noted_at=MONDAY)
    outage.services.set([mail, staff])
    outage.tickets.add(secret)

    assert outages.unended(agent(desi), NOON)[0].told_by == 0
    assert outages.tickets_of(outage, agent(desi)) == []
    assert outages.unended(agent(hera), NOON)[0].told_by == 1
    assert outages.tickets_of(outage, agent(hera)) == [secret]


@pytest.mark.parametrize("who", ["desi", "mo"])
def test_no_verb_reaches_it_from_outside(secret, who, request, una):
    outsider = request.getfixturevalue(who)
    lines = Line.objects.count()

    for verb, given in (
        (verbs.answer, {"text": "Hello"}),
        (verbs.add_note, {"text": "Hello"}),
        (verbs.resolve, {"note": "Hello"}),
        (verbs.assign, {"to": outsider}),
        (verbs.hand_over, {"note": "Hello"}),
        (verbs.change_persons, {"requester": outsider, "affected": None}),
        (verbs.seen, {}),
    ):
        with pytest.raises(StandingRefused):
            verb(secret, by=outsider.actor, at=NOON, **given)
    assert Line.objects.count() == lines


def test_a_problem_counts_only_what_one_may_see(secret, staff, mail, desi, hera):
    both = verbs.Described("Disk", (mail, staff))
    problem = verbs.add_problem(both, by=COMMAND, at=NOON, ticket=secret)

    assert [(each, each.caused) for each in problems.listed(agent(desi), show="open")] == [
        (problem, 0)
    ]
    assert problems.listed(agent(hera), show="open").get().caused == 1


def test_nothing_is_noted_split_or_shared_there_by_a_duty_for_every_service(
    secret, mail, desi, una
):
    ordinary = make_ticket(una, mail)
    verbs.add_note(ordinary, by=desi.actor, at=MONDAY, text="Two things")
    said, staff = [ordinary.messages.first().pk], secret.service
    who = {"by": desi.actor, "at": NOON}

    for deed in (
        lambda: verbs.begin_outage(verbs.Noted((mail, staff), MONDAY), **who),
        lambda: verbs.add_problem(verbs.Described("Disk", (staff,)), **who),
        lambda: verbs.split(ordinary, verbs.Part(said, staff, None), **who),
        lambda: verbs.keep_canned(name="Hello", text="Hello", service=staff, **who),
    ):
        with pytest.raises(StandingRefused):
            deed()


def test_it_goes_to_nobody_outside_and_who_serves_it_is_offered(secret, desi, mo, hera):
    assert desk.agents_of(secret, NOON) == [hera]
    with pytest.raises(BadInput, match="does not work at the desk"):
        verbs.assign(secret, by=hera.actor, at=NOON, to=desi)


def test_handed_over_into_it_a_ticket_is_gone_for_the_others(mail, staff, una, desi, hera):
    ticket = make_ticket(una, mail)

    verbs.hand_over(ticket, by=desi.actor, at=NOON, note="Yours", service=staff)

    assert not Ticket.objects.visible_to(desi.actor).filter(pk=ticket.pk).exists()
    assert queue.served_ticket(agent(hera), ticket.ref).exists()


def test_who_typed_it_in_for_somebody_does_not_read_on(hera, staff, una, desi):
    given = verbs.Report(service=staff, text="Taken down", requester=una, reported_by=desi)
    ticket = verbs.report(given, by=desi.actor, at=NOON)

    assert not Ticket.objects.visible_to(desi.actor).own(desi.pk).exists()
    with pytest.raises(StandingRefused):
        verbs.answer(ticket, by=desi.actor, at=NOON, text="And?")
    assert my.mine(una.pk).get() == ticket


def test_turning_to_it_leaves_no_fact_that_others_read(secret, una, desi, mo, hera):
    assert not Fact.objects.filter(person=una).exists()
    hidden = portrait(mo.pk, NOON).hidden
    assert secret.service_id in portrait(una.pk, NOON).uses
    assert not portrait(una.pk, NOON).without(hidden).uses
    assert portrait(hera.pk, NOON).hidden == frozenset()


def test_only_who_manages_it_by_name_lets_somebody_in(hera, staff, desi, mo):
    with pytest.raises(StandingRefused, match="Only who manages this very service"):
        give_duty(mo, "desk", by=mo.actor, at=NOON, service=staff)
    assert not Duty.objects.filter(person=mo, service=staff).exists()

    give_duty(desi, "desk", by=hera.actor, at=NOON, service=staff)

    line = Line.objects.filter(kind="person.duty_given").latest("id")
    assert (line.subject_id, line.data["service"]) == (desi.pk, staff.pk)
    assert staff.pk in (services_served(desi.pk) or ())


def test_only_who_manages_it_by_name_opens_it(hera, staff, mo):
    with pytest.raises(StandingRefused):
        share(staff, by=mo.actor, at=NOON, is_private=False)
    staff.refresh_from_db()
    assert staff.is_private

    share(staff, by=hera.actor, at=NOON, is_private=False)
    assert Line.objects.filter(kind="service.made_open", subject_id=staff.pk).exists()
    assert services_served(mo.pk) is None


def test_it_is_never_without_somebody_who_manages_it(hera, staff, mail, mo):
    with pytest.raises(BadInput, match="Nobody manages Mail by name"):
        share(mail, by=mo.actor, at=NOON, is_private=True)
    last = Duty.objects.get(person=hera, duty="manage")
    with pytest.raises(BadInput, match="Nobody else manages Staff matters"):
        end_duty(last, by=mo.actor, at=NOON)


@pytest.mark.parametrize(
    ("intake", "expected"),
    [
        ("everybody", {"visitor", "una", "cleo"}),
        ("signed_in", {"una", "cleo"}),
        ("entitled", {"cleo"}),
        ("desk", set()),
    ],
)
def test_who_may_ask_is_apart_from_who_reads(hera, staff, una, cleo, intake, expected):
    share(staff, by=hera.actor, at=NOON, is_private=True, intake=intake)
    entitle(cleo.pk, "entitled", at=LONG_AGO, evidence="test", evidence_id=1, service_id=staff.pk)
    known = {"visitor": None, "una": portrait(una.pk, NOON), "cleo": portrait(cleo.pk, NOON)}

    offered = {name for name, who in known.items() if staff in offered_to(who)}

    assert offered == expected
    assert list(desk.services_to_reach(set()).filter(pk=staff.pk)) == [staff] * (intake != "desk")
    assert staff in desk.services_to_reach({staff.pk})


def test_what_names_no_service_never_goes_into_a_private_one(hera, staff, mail):
    assert offered_to(None).first() == mail
