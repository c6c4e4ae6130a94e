"""Two records of one human: what moves, what refuses, and that exactly it moves back."""

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.tickets.steps import everything, fresh
from tests.tickets.test_two_at_once import at_once
from tricorn.engine.errors import BadInput, MoveRefused
from tricorn.journal.actor import COMMAND, WORKER
from tricorn.journal.models import Line
from tricorn.parties.models import Alias, Membership, Person, PersonsMerged
from tricorn.parties.reads import find_people, person_by_address
from tricorn.parties.verbs import add_person, change_person, join, make_token
from tricorn.standing.models import Fact, Use
from tricorn.standing.verbs import give_duty, grant
from tricorn.tickets import verbs
from tricorn.tickets.models import Inquiry, Named, Ticket
from tricorn.tickets.verbs import merge_persons, unmerge_persons
from tricorn.tickets.verbs.inquiries import find_readers, forget_names
from tricorn.tickets.verbs.persons import SIGNED, STAYS, pointing_at


@pytest.fixture
def una_again(finance):
    """Una's other record, by another address."""
    return somebody("Una-Maria Berg", finance)


def rows():
    tables = (Person, PersonsMerged, Alias, Membership)
    return [*everything(), *(list(each.objects.order_by("pk").values()) for each in tables)]


def refused(deed):
    before = rows()
    with pytest.raises(BadInput) as said:
        deed()
    assert rows() == before
    return str(said.value)


def told(person):
    return list(Line.objects.about("person", person.pk).values_list("kind", flat=True))


def test_what_was_the_other_records_is_the_kept_ones_and_moves_back(una, una_again, mail, desi):
    ticket = make_ticket(una_again, mail)
    own = make_ticket(una, mail)
    before = [(t.requester_id, t.affected_id) for t in (ticket, own)]

    merged = merge_persons(una, una_again, by=COMMAND, at=NOON)

    assert (fresh(ticket).requester, fresh(ticket).affected) == (una, una)
    assert ticket.messages.get().author == una
    assert not Fact.objects.filter(person=una_again).exists()
    assert Use.objects.filter(person=una).count() == 2
    assert Membership.objects.get(organisation__name="Finance").person == una
    assert merged.moved["tickets.Ticket.requester"] == [ticket.pk]
    gone = Person.objects.get(pk=una_again.pk)
    assert (gone.is_active, gone.email, gone.merged_into) == (False, None, una)
    assert person_by_address("UNA-maria@example.org") == una
    assert list(find_people("Una")) == [una]

    later = make_ticket(una, mail, at=NOON)
    unmerge_persons(una_again, by=COMMAND, at=NOON + HOUR)

    assert [(fresh(t).requester_id, fresh(t).affected_id) for t in (ticket, own)] == before
    assert fresh(later).requester == una
    back = Person.objects.get(pk=una_again.pk)
    assert (back.is_active, back.email, back.merged_into) == (True, una_again.email, None)
    assert person_by_address("una-maria@example.org") == una_again
    assert not Alias.objects.exists()
    assert told(una_again)[-2:] == ["person.merged", "person.unmerged"]
    assert told(una)[-2:] == ["person.took_in", "person.let_go"]


def test_merging_twice_is_once_and_lines_never_change(una, una_again, mail):
    make_ticket(una_again, mail)
    lines = list(Line.objects.order_by("id").values())
    merge_persons(una, una_again, by=COMMAND, at=NOON)
    before = rows()

    merge_persons(una, una_again, by=COMMAND, at=NOON + HOUR)

    assert rows() == before
    assert list(Line.objects.order_by("id").values())[: len(lines)] == lines


def test_what_has_become_somebody_elses_stays_with_them(una, una_again, cleo, mail, desi):
    ticket = make_ticket(una_again, mail)
    merge_persons(una, una_again, by=COMMAND, at=NOON)
    verbs.change_persons(ticket, by=desi.actor, at=NOON, requester=cleo, affected=cleo)

    unmerge_persons(una_again, by=COMMAND, at=NOON + HOUR)

    assert fresh(ticket).requester == cleo


def test_of_two_rows_of_which_there_can_be_one_the_other_stays(una, una_again, finance):
    join(una, finance, by=COMMAND, at=LONG_AGO)

    merge_persons(una, una_again, by=COMMAND, at=NOON)

    assert Membership.objects.filter(person=una).count() == 1
    assert Membership.objects.filter(person=una_again).count() == 1


def test_who_has_duty_authority_or_a_signature_stays_and_the_other_way_is_told(
    una, clive, cleo, desi, finance, a7
):
    grant(cleo, finance, ["sign"], by=COMMAND, at=LONG_AGO)

    for person, why in ((desi, "a duty"), (cleo, "authority"), (clive, "signed or decided")):
        said = refused(lambda p=person: merge_persons(una, p, by=COMMAND, at=NOON))
        assert why in said
        assert f"Merge Una into {person} instead" in said

    merge_persons(desi, una, by=COMMAND, at=NOON)
    assert "merged into Desi already" in refused(
        lambda: merge_persons(cleo, una, by=COMMAND, at=NOON)
    )
    assert "is Cleo already" in refused(lambda: merge_persons(cleo, cleo, by=COMMAND, at=NOON))


def test_a_record_that_went_is_changed_no_more_and_its_address_is_taken(una, una_again):
    merge_persons(una, una_again, by=COMMAND, at=NOON)

    refused(lambda: change_person(una_again, by=COMMAND, at=NOON, is_active=True))
    refused(lambda: add_person(by=COMMAND, at=NOON, name="New", email="una-maria@example.org"))
    with pytest.raises(MoveRefused):
        unmerge_persons(una, by=COMMAND, at=NOON)


def test_in_a_chain_the_last_is_unmerged_first(una, una_again, sam):
    merge_persons(una, una_again, by=COMMAND, at=NOON)
    merge_persons(sam, una, by=COMMAND, at=NOON)
    assert person_by_address("una-maria@example.org") == sam

    with pytest.raises(MoveRefused, match="Unmerge Una first"):
        unmerge_persons(una_again, by=COMMAND, at=NOON)
    unmerge_persons(una, by=COMMAND, at=NOON)
    unmerge_persons(una_again, by=COMMAND, at=NOON)

    assert person_by_address("una-maria@example.org") == una_again


@pytest.mark.django_db(transaction=True)
def test_both_ways_at_once_merges_one_way(una, una_again, mail):
    make_ticket(una, mail, at=MONDAY)
    make_ticket(una_again, mail, at=MONDAY)

    answers = at_once(
        lambda: merge_persons(una, una_again, by=COMMAND, at=NOON),
        lambda: merge_persons(una_again, una, by=COMMAND, at=NOON),
    )

    assert [type(each) for each in answers].count(BadInput) == 1
    assert PersonsMerged.objects.count() == 1
    give_duty(PersonsMerged.objects.get().kept, "desk", by=COMMAND, at=NOON)


# Everything that points at a person

CARRIED = """
agreements.ChangeAsked.asked_by agreements.Entitlement.person agreements.Option.answered_by
agreements.ReviewAction.owner agreements.Trial.person agreements.Work.presented_by
automation.Recurring.affected automation.Recurring.assignee automation.Recurring.requester
automation.Turn.last insight.Replay.person knowledge.ArticleVersion.author
knowledge.Feedback.person mail.LetterText.written_by notices.Notice.person
notices.Preference.person parties.Alias.person parties.Membership.person
standing.Approval.asked_by standing.Fact.person standing.Use.host standing.Use.person
tickets.Arrival.ordered_by tickets.Bulk.person tickets.Canned.owner tickets.CheckItem.ticked_by
tickets.Draft.person tickets.Follower.person tickets.Hearing.person tickets.Inquiry.reviewer
tickets.Macro.owner tickets.Message.author tickets.Named.person tickets.Outage.noted_by
tickets.Presence.person tickets.Problem.noted_by tickets.Reminder.person tickets.Reviewer.deputy
tickets.Reviewer.person tickets.SavedFilter.person tickets.Ticket.affected
tickets.Ticket.assignee tickets.Ticket.reported_by tickets.Ticket.requester
tickets.TicketArticle.linked_by tickets.TimeSpent.person
"""


def test_whatever_points_at_a_person_is_carried_or_stays_for_a_reason_that_is_written():
    pointing = {
        f"{each.related_model._meta.label}.{each.field.name}"
        for each in Person._meta.get_fields(include_hidden=True)
        if each.one_to_many or (each.one_to_one and each.auto_created)
    }

    assert pointing == {*CARRIED.split(), *SIGNED, *STAYS}, "say above what becomes of it"
    assert all(STAYS.values())


def test_a_program_let_in_as_the_other_record_does_not_act_as_the_kept_one(una, una_again):
    token = make_token(
        una_again, by=una_again.actor, at=NOON, name="Script", scopes=["tickets:read"], days=30
    ).token

    merge_persons(una, una_again, by=COMMAND, at=NOON)

    token.refresh_from_db()
    assert token.person == una_again


# Complaints that name somebody


@pytest.fixture
def complaint(house, una, mail, desi):
    """Una complains of Desi; Rita reviews it."""
    rita = somebody("Rita", house.provider)
    verbs.set_reviewer(rita, by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(una, mail, text="Quincunx of Desi")
    return verbs.name_staff(ticket, [desi], by=desi.actor, at=NOON)


def test_who_was_named_is_named_still_and_no_line_or_count_says_so(complaint, desi, house):
    again = somebody("Desiree", house.provider)
    Named.objects.update(person=again)
    assert pointing_at(again) == pointing_at(somebody("Nobody", house.provider))

    merged = merge_persons(desi, again, by=COMMAND, at=NOON)

    assert Named.objects.get().person == desi
    assert "Named" not in str([line.data for line in Line.objects.about("person", again.pk)])
    ended = Inquiry.objects.get()
    forget_names([ended], by=COMMAND, at=NOON + HOUR, blanks=False)
    merged.refresh_from_db()
    assert "tickets.Named.person" not in merged.moved
    unmerge_persons(again, by=COMMAND, at=NOON + HOUR)


def test_who_is_named_never_comes_by_the_complaint_by_merging(complaint, una, desi, mo):
    with pytest.raises(BadInput, match="your own"):
        merge_persons(mo, una, by=mo.actor, at=NOON)

    merge_persons(desi, una, by=mo.actor, at=NOON)

    assert fresh(complaint).requester == una
    assert not Ticket.objects.visible_to(desi.actor).exists()


def test_a_reviewer_who_is_part_of_it_by_merging_reads_it_no_more(complaint, una, house):
    rita = Person.objects.get(name="Rita")
    rex = somebody("Rex", house.provider)
    verbs.set_reviewer(rex, by=COMMAND, at=LONG_AGO)

    merge_persons(rita, una, by=COMMAND, at=NOON)

    assert Inquiry.objects.get().reviewer is None
    assert find_readers(by=WORKER, at=NOON + HOUR, most=9) == 1
    assert Inquiry.objects.get().reviewer == rex
