"""Tags, checklists, answers to questions, following: the verbs of an agent's aids."""

import pytest

from tests.cast import LONG_AGO, NOON, make_ticket, somebody
from tricorn.catalogue.questions import add_question, change_question, move_question, questions_of
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.questions import Question
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.journal.verbs import digest
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Follower, Tag, Ticket
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.reads.aids import aids_of, tags_like, tags_on
from tricorn.tickets.texts import changed_texts


@pytest.fixture
def ticket(mail, cleo, a7):
    return make_ticket(cleo, mail)


@pytest.fixture
def mia(house):
    person = somebody("Mia", house.provider)
    give_duty(person, "desk", by=COMMAND, at=LONG_AGO)
    return person


def told(ticket):
    """The kinds of what happened to a ticket after it was reported."""
    lines = Line.objects.about("ticket", ticket.pk).exclude(kind="ticket.reported")
    return list(lines.values_list("kind", flat=True))


# Tags


def test_a_tag_is_put_on_once_whatever_its_case(ticket, desi):
    for name in ("Printer", " #printer ", "PRINTER"):
        verbs.tag(ticket, by=desi.actor, at=NOON, name=name)

    assert tags_on(ticket) == ("Printer",)
    assert told(ticket) == ["ticket.tagged"]


def test_a_tag_is_taken_off_and_one_that_is_not_there_is_off_already(ticket, desi):
    verbs.tag(ticket, by=desi.actor, at=NOON, name="printer")
    for _ in range(2):
        verbs.untag(ticket, by=desi.actor, at=NOON, name="Printer")

    assert tags_on(ticket) == ()
    assert told(ticket) == ["ticket.tagged", "ticket.untagged"]


def test_whose_matter_it_is_does_not_tag_it_and_nothing_is_written(ticket, cleo):
    with pytest.raises(StandingRefused):
        verbs.tag(ticket, by=cleo.actor, at=NOON, name="printer")

    assert (Tag.objects.count(), told(ticket)) == (0, [])


@pytest.mark.parametrize("name", ["", " # ", "x" * 41])
def test_a_tag_is_one_short_name(ticket, desi, name):
    with pytest.raises(BadInput):
        verbs.tag(ticket, by=desi.actor, at=NOON, name=name)


def test_two_tags_merged_are_one_and_the_old_name_leads_to_it(ticket, mail, cleo, desi, mo):
    other = make_ticket(cleo, mail, at=NOON)
    one = verbs.tag(ticket, by=desi.actor, at=NOON, name="print")
    two = verbs.tag(ticket, by=desi.actor, at=NOON, name="printer")
    verbs.tag(other, by=desi.actor, at=NOON, name="print")

    verbs.merge_tags(one, by=mo.actor, at=NOON, into=two)
    verbs.tag(other, by=desi.actor, at=NOON, name="print")

    assert tags_on(ticket) == tags_on(other) == ("printer",)
    assert tags_like("#pri") == ["printer"]


def test_a_tag_is_renamed_unless_another_is_called_so(ticket, desi, mo):
    one = verbs.tag(ticket, by=desi.actor, at=NOON, name="print")
    verbs.tag(ticket, by=desi.actor, at=NOON, name="paper")

    with pytest.raises(BadInput, match="Merge this one into it"):
        verbs.rename_tag(one, by=mo.actor, at=NOON, name="Paper")
    verbs.rename_tag(one, by=mo.actor, at=NOON, name="Printer")

    assert tags_on(ticket) == ("Printer", "paper")


# What a service asks


@pytest.fixture
def asked(mail, mo):
    """Mail asks for a room, and the desk for a device number."""
    given = {"by": mo.actor, "at": LONG_AGO}
    room = add_question(mail, Question("", "Room?", "choice", choices=("A", "B")), **given)
    why = add_question(mail, Question("", "Why?", "long"), **given)
    mail.refresh_from_db()
    return room.key, why.key


def test_answers_come_with_the_report_and_the_journal_keeps_only_a_hash_of_words(
    asked, mail, cleo, a7
):
    room, why = asked
    report = verbs.Report(mail, "New", requester=cleo, fields={room: "A", why: "my knee"})

    ticket = verbs.report(report, by=cleo.actor, at=NOON)

    line = Line.objects.get(kind="ticket.fields_changed")
    assert ticket.fields == {room: "A", why: "my knee"}
    assert line.data == {"changed": [room, why], "figures": {room: "A"}}
    assert list(changed_texts()) == []
    Ticket.objects.update(fields={room: "B"})
    assert list(changed_texts()) == [
        f"What is answered on {ticket.ref} is not what the journal saw."
    ]


def test_a_wrong_answer_makes_no_ticket(asked, mail, cleo):
    report = verbs.Report(mail, "New", requester=cleo, fields={asked[0]: "Z"})

    with pytest.raises(BadInput, match="choose one of A, B"):
        verbs.report(report, by=cleo.actor, at=NOON)

    assert not Ticket.objects.exists()


def test_the_desk_changes_an_answer_and_takes_another_away(asked, ticket, desi):
    room, why = asked
    verbs.edit_fields(ticket, by=desi.actor, at=NOON, given={room: "A", why: "broken"})
    for _ in range(2):
        verbs.edit_fields(ticket, by=desi.actor, at=NOON, given={room: "B", why: ""})

    ticket.refresh_from_db()
    assert ticket.fields == {room: "B"}
    assert told(ticket) == ["ticket.fields_changed"] * 2
    line = Line.objects.filter(kind="ticket.fields_changed").last()
    assert line.digest == digest(bytes(ticket.fields_key), f'{{"{room}": "B"}}')


def test_a_retired_question_keeps_its_answers_and_its_key(asked, ticket, mail, mo, desi):
    room, why = asked
    verbs.edit_fields(ticket, by=desi.actor, at=NOON, given={room: "A"})
    before = questions_of(mail)[0]

    given = {"by": mo.actor, "at": NOON}
    change_question(
        mail, room, Question(room, "Room?", "choice", "", ("A", "B"), "", False, True), **given
    )
    move_question(mail, why, -1, **given)
    new = add_question(mail, Question("", "Room?"), **given)
    mail.refresh_from_db()

    assert [each.key for each in questions_of(mail)] == [why, room, new.key]
    assert new.key not in (room, why)
    shown = aids_of(Ticket.objects.get(), Agent(desi.pk, None, ())).asked
    assert [(each.question.key, each.value) for each in shown if each.value] == [(room, "A")]
    with pytest.raises(BadInput, match="Retire the question"):
        change_question(mail, room, Question(room, before.label), **given)


def test_answers_go_along_to_another_service(asked, ticket, house, hours, desi):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    verbs.edit_fields(ticket, by=desi.actor, at=NOON, given={asked[0]: "A"})

    moved = verbs.hand_over(ticket, by=desi.actor, at=NOON, note="Yours", service=laptop)

    shown = aids_of(moved, Agent(desi.pk, None, ())).asked
    assert [(each.question.label, each.value) for each in shown] == [("Room?", "A")]


# Checklists


def test_a_checklist_is_copied_ticked_and_says_who_and_when(ticket, mail, mo, desi):
    kept = verbs.keep_checklist(
        mail, by=mo.actor, at=NOON, name="New hire", items=["Account", " ", "Laptop", "Account"]
    )
    verbs.add_checklist(ticket, by=desi.actor, at=NOON, checklist=kept)
    verbs.add_items(ticket, by=desi.actor, at=NOON, items=["Key", "Laptop"])
    item = ticket.check_items.get(text="Laptop")

    for _ in range(2):
        verbs.tick(item, by=desi.actor, at=NOON)

    aids = aids_of(ticket, Agent(desi.pk, None, ()))
    assert [each.text for each in aids.checks] == ["Account", "Laptop", "Key"]
    assert (aids.ticked, aids.left) == (1, 2)
    assert (aids.checks[1].ticked_by, aids.checks[1].ticked_at) == (desi, NOON)
    verbs.untick(item, by=desi.actor, at=NOON)
    verbs.remove_item(item, by=desi.actor, at=NOON)
    assert told(ticket) == [
        "ticket.checklist_added",
        "ticket.checklist_added",
        "ticket.ticked",
        "ticket.unticked",
        "ticket.check_removed",
    ]


def test_what_is_left_to_do_forbids_no_resolving(ticket, desi):
    verbs.add_items(ticket, by=desi.actor, at=NOON, items=["Account"])

    assert verbs.resolve(ticket, by=desi.actor, at=NOON, note="Done").state == "resolved"


@pytest.mark.parametrize("items", [[], [" "], ["x" * 201], [str(n) for n in range(61)]])
def test_a_list_needs_a_few_short_lines(ticket, mail, mo, desi, items):
    with pytest.raises(BadInput):
        verbs.keep_checklist(mail, by=mo.actor, at=NOON, name="List", items=items)
    with pytest.raises(BadInput):
        verbs.add_items(ticket, by=desi.actor, at=NOON, items=items)


def test_a_list_of_another_service_does_not_fit(ticket, house, hours, mo, desi):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    kept = verbs.keep_checklist(laptop, by=mo.actor, at=NOON, name="List", items=["Key"])

    with pytest.raises(BadInput, match="is no list of Mail"):
        verbs.add_checklist(ticket, by=desi.actor, at=NOON, checklist=kept)


# Following, and being named


def test_who_may_see_a_ticket_follows_it_once(ticket, desi, cleo, sam):
    for person in (desi, desi, cleo):
        verbs.follow(ticket, by=person.actor, at=NOON)
    with pytest.raises(StandingRefused):
        verbs.follow(ticket, by=sam.actor, at=NOON)

    assert set(Follower.objects.values_list("person", flat=True)) == {desi.pk, cleo.pk}
    verbs.unfollow(ticket, by=desi.actor, at=NOON)
    assert told(ticket) == ["ticket.followed", "ticket.followed", "ticket.unfollowed"]


def test_whom_a_note_names_follows_and_hears_of_it_if_they_may_see_it(ticket, desi, mia, sam):
    verbs.add_note(ticket, by=desi.actor, at=NOON, text="@Mia and @Sam and @Desi, look")

    line = Line.objects.get(kind="ticket.mentioned")
    assert line.data["person"] == mia.pk
    assert [each.person for each in Follower.objects.all()] == [mia]
