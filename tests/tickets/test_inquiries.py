"""A complaint that names somebody of us is with its reviewer, and does not exist for anybody else."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.engine.roles import find_scheme
from tricorn.files.models import File
from tricorn.files.verbs import attach_photo
from tricorn.insight.month import Month
from tricorn.insight.replays.own import fetch, wanted
from tricorn.insight.reports import REPORTS, Question
from tricorn.journal.actor import COMMAND, VISITOR, WORKER
from tricorn.journal.models import Line
from tricorn.mail.compose import ticket_letters
from tricorn.standing.models import Fact
from tricorn.standing.portrait import portrait
from tricorn.standing.verbs import go_away
from tricorn.tickets import verbs
from tricorn.tickets.jobs import months_before, tend_inquiries
from tricorn.tickets.models import Hearing as Asked
from tricorn.tickets.models import Inquiry, Message, Named, Outage, Presence, Ticket
from tricorn.tickets.reads import my, outages, queue
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.reads.ticket import ticket_shown

FM = find_scheme("fm")
YEAR = timedelta(days=366)


@pytest.fixture
def rita(house):
    """Reviews complaints for the house; works at no desk."""
    person = somebody("Rita", house.provider)
    verbs.set_reviewer(person, by=COMMAND, at=LONG_AGO)
    return person


@pytest.fixture
def complaint(rita, una, mail, desi):
    """Una complains of Desi, and the desk saw it before."""
    ticket = make_ticket(una, mail, text="Quincunx of Desi")
    verbs.assign(ticket, by=desi.actor, at=MONDAY, to=desi)
    verbs.seen(ticket, by=desi.actor, at=NOON)
    outage = Outage.objects.create(began_at=MONDAY, noted_at=MONDAY)
    outage.services.add(mail)
    outage.tickets.add(ticket)
    return verbs.name_staff(ticket, [desi], by=desi.actor, at=NOON)


def agent(person):
    return queue.Agent.of(portrait(person.pk, NOON))


def inquiry_of(ticket):
    return Inquiry.objects.get(pk=ticket.pk)


def test_it_exists_for_who_complained_and_its_reviewer_alone(complaint, una, desi, mo, rita, sam):
    for person in (desi, mo, sam, rita):
        assert not Ticket.objects.visible_to(person.actor).exists()
        assert not Ticket.objects.served_by(person.pk).exists()
    assert Ticket.objects.visible_to(una.actor).get() == complaint
    assert my.mine(una.pk).get() == complaint
    assert Inquiry.objects.read_by(rita.pk, NOON).get().ticket == complaint
    for person in (una, desi, mo, sam):
        assert not Inquiry.objects.read_by(person.pk, NOON).exists()


@pytest.mark.parametrize("who", ["desi", "mo"])
def test_no_list_count_or_search_of_the_desk_knows_it(complaint, una, mail, who, request):
    reader = agent(request.getfixturevalue(who))
    ordinary = make_ticket(una, mail, at=NOON)

    rows = queue.page(reader, Filters(text="quincunx"), at=NOON, scheme=FM).rows
    counts = queue.counts(reader, NOON)
    shown = ticket_shown(ordinary, reader, at=NOON, scheme=FM)

    assert not rows
    assert (counts.all, counts.held) == (1, 0)
    assert queue.held(reader) == ()
    assert queue.exactly(reader, complaint.ref) is None
    assert not queue.served_ticket(reader, complaint.ref).exists()
    assert not shown.who.earlier
    assert outages.unended(reader, NOON)[0].told_by == 0
    assert not Presence.objects.exists()


def test_no_report_replay_fact_or_letter_knows_it(complaint, una, mail):
    question = Question(Month(2026, 10), Month(2026, 10), "UTC")

    for report in REPORTS.values():
        assert report(question, NOON + HOUR).is_empty
    assert fetch(wanted({mail.pk}, LONG_AGO, NOON + YEAR)).tickets.shape[1] == 0
    assert not Fact.objects.filter(person=una).exists()
    for line in Line.objects.filter(subject="ticket", subject_id=complaint.pk):
        assert not list(ticket_letters(line, "receipt", complaint, at=NOON))


def test_no_verb_of_the_desk_reaches_it(complaint, desi, mo, rita):
    for person in (desi, mo, rita):
        for verb, given in (
            (verbs.answer, {"text": "Hello"}),
            (verbs.add_note, {"text": "Hello"}),
            (verbs.release, {}),
            (verbs.discard, {}),
            (verbs.assign, {"to": person}),
            (verbs.change_persons, {"requester": person, "affected": person}),
        ):
            with pytest.raises(StandingRefused):
                verb(complaint, by=person.actor, at=NOON, **given)
    for person in (desi, mo):
        with pytest.raises(StandingRefused):
            verbs.end_inquiry(complaint, "dismissed", by=person.actor, at=NOON, text="No")


def test_the_journal_says_how_many_were_named_and_never_who(complaint, desi):
    line = Line.objects.get(kind="ticket.staff_named")

    assert line.data == {"named": 1, "reviewer": inquiry_of(complaint).reviewer_id}


def test_for_whom_it_is_is_not_shown_a_complaint_that_names_them(rita, mail, una, cleo, desi):
    given = verbs.Report(service=mail, text="About Cleo", requester=una, affected=cleo)
    ticket = verbs.report(given, by=una.actor, at=MONDAY)

    verbs.name_staff(ticket, [cleo], by=desi.actor, at=NOON)

    assert not Ticket.objects.visible_to(cleo.actor).exists()
    assert not my.mine(cleo.pk).exists()


def test_at_the_door_a_tick_is_enough(rita, mail, desi):
    given = verbs.Report(service=mail, text="The man at the counter", about_staff=True)

    ticket = verbs.report(given, by=VISITOR, at=NOON)

    assert (ticket.kind, ticket.held_for) == ("complaint", "reviewer")
    assert inquiry_of(ticket).reviewer == rita
    assert not Ticket.objects.visible_to(desi.actor).exists()


def test_it_goes_to_who_is_not_named_not_away_and_no_part_of_it(rita, house, mail, una, desi, mo):
    dana, sven = somebody("Dana", house.provider), somebody("Sven", house.provider)
    verbs.set_reviewer(rita, by=COMMAND, at=MONDAY, deputy=dana)
    verbs.set_reviewer(sven, by=COMMAND, at=MONDAY, service=mail)

    def goes_to(*named, at=NOON, requester=una):
        ticket = make_ticket(requester, mail, at=at, text=str(named))
        return inquiry_of(verbs.name_staff(ticket, named, by=desi.actor, at=at)).reviewer

    assert goes_to(mo) == sven
    assert goes_to(sven) == rita
    assert goes_to(sven, rita) == dana
    assert goes_to(requester=sven) == rita
    go_away(sven, by=COMMAND, at=NOON)
    assert goes_to(at=NOON + HOUR) == rita
    with pytest.raises(BadInput, match="Nobody is there who may read"):
        goes_to(sven, rita, dana)
    unwished = make_ticket(una, mail, at=NOON, text="Mo is no reviewer")
    with pytest.raises(BadInput):
        verbs.name_staff(unwished, [], mo, by=desi.actor, at=NOON)


def test_a_reviewer_who_turns_out_to_be_named_reads_no_further(complaint, house, rita):
    with pytest.raises(BadInput):
        verbs.name_staff(complaint, [rita], by=rita.actor, at=NOON)
    sven = somebody("Sven", house.provider)
    verbs.set_reviewer(sven, by=COMMAND, at=NOON)

    verbs.name_staff(complaint, [rita], by=rita.actor, at=NOON)

    assert not Inquiry.objects.read_by(rita.pk, NOON).exists()
    assert Inquiry.objects.read_by(sven.pk, NOON).exists()


def test_the_deputy_reads_while_the_reviewer_is_away_unless_named(complaint, rita, mo, desi):
    verbs.set_reviewer(rita, by=COMMAND, at=NOON, deputy=mo)
    assert not Inquiry.objects.read_by(mo.pk, NOON).exists()

    absence = go_away(rita, by=COMMAND, at=NOON, until=NOON + HOUR)
    assert Inquiry.objects.read_by(mo.pk, NOON).exists()
    assert not Inquiry.objects.read_by(mo.pk, absence.until).exists()

    verbs.set_reviewer(rita, by=COMMAND, at=NOON, deputy=desi)
    assert not Inquiry.objects.read_by(desi.pk, NOON).exists()


def test_who_is_named_reads_the_question_replies_once_and_sees_nothing_else(
    complaint, rita, desi, mo
):
    question = verbs.ask_named(complaint, desi, "Were you there?", by=rita.actor, at=NOON)
    with pytest.raises(StandingRefused):
        verbs.reply_to_review(question, by=mo.actor, at=NOON, text="I was")

    verbs.reply_to_review(question, by=desi.actor, at=NOON, text="I was not")
    verbs.reply_to_review(question, by=desi.actor, at=NOON, text="I was not")

    assert Asked.objects.get().reply == "I was not"
    assert not Ticket.objects.visible_to(desi.actor).exists()
    assert not Message.objects.filter(text__contains="I was").exists()
    with pytest.raises(MoveRefused):
        verbs.reply_to_review(question, by=desi.actor, at=NOON, text="Or was I")
    with pytest.raises(BadInput, match="is not named"):
        verbs.ask_named(complaint, mo, "And you?", by=rita.actor, at=NOON)


def test_who_complained_is_answered_reads_the_end_and_may_come_back(complaint, rita, una):
    verbs.answer_complaint(complaint, by=rita.actor, at=NOON, text="When was it?")
    verbs.answer(complaint, by=una.actor, at=NOON + HOUR, text="On Friday")
    verbs.end_inquiry(complaint, "upheld", by=rita.actor, at=NOON + HOUR, text="We are sorry")

    complaint.refresh_from_db()
    assert (complaint.state, inquiry_of(complaint).outcome) == ("resolved", "upheld")
    with pytest.raises(MoveRefused, match="over already"):
        verbs.end_inquiry(complaint, "upheld", by=rita.actor, at=NOON + HOUR, text="Again")

    verbs.reopen(complaint, by=una.actor, at=NOON + 2 * HOUR)
    complaint.refresh_from_db()
    assert (complaint.state, complaint.held_for) == ("open", "reviewer")


def test_what_is_passed_on_is_a_new_ticket_in_the_reviewers_words(complaint, rita, una, desi):
    fresh = verbs.release_inquiry(
        complaint, by=rita.actor, at=NOON, text="Callers wait too long", answer="Passed on"
    )

    assert Ticket.objects.visible_to(desi.actor).get() == fresh
    assert fresh.requester is None
    assert [each.text for each in fresh.messages.all()] == ["Callers wait too long"]
    assert (inquiry_of(complaint).outcome, fresh.held_for) == ("released", "")


def test_names_are_kept_for_a_year_after_the_end_and_then_gone(complaint, rita, desi):
    verbs.ask_named(complaint, desi, "Were you there?", by=rita.actor, at=NOON)
    verbs.end_inquiry(complaint, "dismissed", by=rita.actor, at=NOON, text="It was not so")

    assert tend_inquiries(NOON + timedelta(days=364)) == 0
    assert tend_inquiries(NOON + YEAR) == 1
    assert tend_inquiries(NOON + YEAR) == 0

    assert not Named.objects.exists()
    assert Asked.objects.get().person is None
    assert Message.objects.filter(text__contains="Quincunx").exists()
    assert not Ticket.objects.visible_to(desi.actor).exists()
    line = Line.objects.get(kind="ticket.names_expired")
    assert (line.actor, line.data) == (WORKER, {"named": 1, "blanked": False})


def test_the_house_may_have_the_words_go_with_the_names(complaint, house, rita):
    verbs.keep_names(house, by=COMMAND, at=NOON, months=1, blanks_words=True)
    Message.objects.filter(ticket=complaint).update(html="<p>Quincunx</p>", quoted="Quincunx")
    add_photo(complaint)
    verbs.end_inquiry(complaint, "settled", by=rita.actor, at=NOON, text="Settled")

    assert tend_inquiries(NOON + timedelta(days=32)) == 1

    complaint.refresh_from_db()
    assert complaint.summary == ""
    assert not Message.objects.exclude(text="", html="", quoted="").exists()
    assert not File.objects.exists()


def add_photo(ticket):
    with io.BytesIO() as out:
        Image.new("RGB", (8, 8)).save(out, "PNG")
        attach_photo(ticket, out.getvalue(), by=WORKER, at=NOON)


def test_without_a_reviewer_it_is_held_until_one_is_set(house, mail, una, rita):
    given = verbs.Report(
        service=mail, text="Of Rita", requester=una, about_staff=True, names=(rita,)
    )
    ticket = verbs.report(given, by=una.actor, at=NOON)
    assert inquiry_of(ticket).reviewer is None

    sven = somebody("Sven", house.provider)
    verbs.set_reviewer(sven, by=COMMAND, at=NOON)

    assert tend_inquiries(NOON) == 1
    assert inquiry_of(ticket).reviewer == sven


@pytest.mark.parametrize(
    ("at", "months", "expected"),
    [
        ("2027-03-31", 1, "2027-02-28"),
        ("2027-01-15", 12, "2026-01-15"),
        ("2026-12-31", 13, "2025-11-30"),
    ],
)
def test_months_before_ends_on_a_day_that_there_is(at, months, expected):
    day = NOON.replace(year=int(at[:4]), month=int(at[5:7]), day=int(at[8:]))

    assert months_before(day, months).date().isoformat() == expected
