"""Who is told of a complaint about somebody of us: its reviewer and who complained; and no word of it."""

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tricorn.journal.actor import COMMAND, VISITOR, WORKER
from tricorn.journal.models import Line
from tricorn.mail.reads import counts, in_sight
from tricorn.mail.writing import letters_of
from tricorn.notices.models import Notice
from tricorn.notices.verbs import choose, send_digest, tell
from tricorn.parties.models import House
from tricorn.standing.verbs import go_away
from tricorn.tickets import verbs

pytestmark = pytest.mark.django_db
SECRETS = ("Quincunx", "Desi", "nearly so")


@pytest.fixture
def rita(house):
    """Reviews complaints for the house; Rex stands in."""
    House.objects.update(public_url="https://help.example.org")
    person, deputy = (somebody(name, house.provider) for name in ("Rita", "Rex"))
    verbs.set_reviewer(person, deputy=deputy, by=COMMAND, at=LONG_AGO)
    return person


@pytest.fixture
def complaint(rita, una, mail, desi):
    """Una complained of Desi, who had the ticket before anybody said so."""
    ticket = make_ticket(una, mail, text="Quincunx of Desi")
    verbs.assign(ticket, by=WORKER, at=MONDAY, to=desi)
    tell(last(ticket, "ticket.assigned"), MONDAY)
    assert Notice.objects.get().person == desi
    return verbs.name_staff(ticket, [desi], by=COMMAND, at=NOON)


def last(ticket, kind):
    return Line.objects.about("ticket", ticket.pk).filter(kind=kind).latest("id")


def told(ticket, kind):
    """Who is told of the last line of a kind, and the letters that go out; none says anything."""
    line = last(ticket, kind)
    people = {(each.person.name, each.about) for each in tell(line, NOON)}
    letters = list(letters_of(line, NOON))
    for each in letters:
        assert not [word for word in SECRETS if word in each.subject + each.body]
    assert {each.recipient for each in letters} == {
        f"{name.lower()}@example.org" for name, _ in people
    }
    return people, letters


def test_its_reviewer_is_told_and_what_the_desk_was_told_before_is_gone(complaint, rita):
    people, (letter,) = told(complaint, "ticket.staff_named")

    assert people == {("Rita", "review")}
    assert "https://help.example.org/inquiries/" in letter.body
    assert (complaint.ref in letter.subject, complaint.ref in letter.body) == (False, False)
    assert {each.person for each in Notice.objects.all()} == {rita}


def test_who_complained_hears_that_there_is_an_answer_and_an_end(complaint, rita, una):
    verbs.answer_complaint(complaint, by=rita.actor, at=NOON, text="It was nearly so")
    people, (letter,) = told(complaint, "ticket.answered")
    assert people == {("Una", "answer")}
    assert f"https://help.example.org/t/{complaint.ref}/" in letter.body

    verbs.answer(complaint, by=una.actor, at=NOON, text="Quincunx again")
    assert told(complaint, "ticket.answered")[0] == {("Rita", "review")}

    verbs.end_inquiry(complaint, "upheld", by=rita.actor, at=NOON, text="It was nearly so")
    assert told(complaint, "ticket.resolved")[0] == {("Una", "answer")}


def test_who_is_named_hears_of_nothing_and_the_reviewer_of_their_reply(complaint, rita, desi):
    choose(desi, {("agent", "reported"): "at once"}, by=desi.actor, at=NOON)
    hearing = verbs.ask_named(complaint, desi, "Were you there?", by=rita.actor, at=NOON)
    assert tell(last(complaint, "ticket.named_asked"), NOON) == []

    verbs.reply_to_review(hearing, by=desi.actor, at=NOON, text="Quincunx")
    assert told(complaint, "ticket.named_replied")[0] == {("Rita", "review")}


def test_the_deputy_is_told_while_the_reviewer_is_away_and_the_next_one_when_handed_on(
    complaint, rita, house
):
    go_away(rita, since=LONG_AGO, until=NOON + HOUR, by=COMMAND, at=LONG_AGO)
    assert ("Rex", "review") in told(complaint, "ticket.staff_named")[0]

    other = somebody("Olga", house.provider)
    verbs.set_reviewer(other, by=COMMAND, at=LONG_AGO)
    verbs.name_staff(complaint, [rita], other, by=rita.actor, at=NOON)
    assert told(complaint, "ticket.staff_named")[0] == {("Olga", "review")}


def test_a_receipt_says_that_it_came_in_and_no_more(rita, mail, una, desi):
    given = verbs.Report(
        service=mail, text="Quincunx", contact_email="v@example.org", about_staff=True, names=[desi]
    )
    ticket = verbs.report(given, by=VISITOR, at=NOON)
    line = last(ticket, "ticket.staff_named")
    tell(line, NOON)

    letters = {each.recipient: each for each in letters_of(line, NOON)}

    assert set(letters) == {"rita@example.org", "v@example.org"}
    assert letters["v@example.org"].subject == f"[{ticket.ref}] your report"
    assert not [word for word in SECRETS if word in letters["v@example.org"].body]


def test_a_digest_does_not_say_what_it_is_about_and_manage_lists_no_such_letter(
    complaint, rita, una
):
    choose(una, {("requester", "answer"): "digest"}, by=una.actor, at=NOON)
    verbs.answer_complaint(complaint, by=rita.actor, at=NOON, text="It was nearly so")
    tell(last(complaint, "ticket.answered"), NOON)
    assert list(letters_of(last(complaint, "ticket.answered"), NOON)) == []
    send_digest(una, by=WORKER, at=NOON + HOUR)

    (letter,) = letters_of(Line.objects.get(kind="person.digested"), NOON + HOUR)
    assert f"- {complaint.ref}, your report: The desk has answered" in letter.body

    tell(last(complaint, "ticket.staff_named"), NOON)
    for each in letters_of(last(complaint, "ticket.staff_named"), NOON):
        each.save()
    assert (in_sight().count(), counts()["waiting"]) == (0, 0)
