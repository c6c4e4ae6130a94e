"""Merging tickets: handled as one, read by whom it concerns, and unmerged exactly."""

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.tickets.steps import clock, everything, fresh, hours_counted, lines
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.journal.actor import COMMAND, Actor
from tricorn.journal.models import Line
from tricorn.mail.compose import ticket_letters
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.tickets.reads import my
from tricorn.tickets.reads.aids import checks_of, tags_on
from tricorn.tickets.reads.page import page, with_page
from tricorn.tickets.reads.queue import Agent, counts


@pytest.fixture
def survivor(cleo, mail):
    return make_ticket(cleo, mail, text="Mail is slow since the move")


@pytest.fixture
def other(una, mail):
    return make_ticket(una, mail, text="My private mail to Bert does not leave", at=MONDAY + HOUR)


def read(ticket, by):
    """What somebody reads on the page of their own matter."""
    found = with_page(Ticket.objects.filter(pk=ticket.pk)).get()
    return [each.text for each in page(found, by).said]


def unchanged(refusal, deed):
    before = everything()
    with pytest.raises(refusal) as said:
        deed()
    assert everything() == before
    return str(said.value)


def test_a_merged_ticket_leaves_the_queue_and_its_clocks_stop_without_a_verdict(
    survivor, other, desi
):
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)

    merged = fresh(other)
    assert (merged.state, merged.merged_into, merged.survivor) == ("merged", survivor, survivor)
    assert (clock(other).stopped_at, clock(other).is_met) == (NOON, None)
    assert counts(Agent(desi.pk, None, ()), NOON).all == 1
    assert lines(other) == ["reported", "merged"]
    assert lines(survivor) == ["reported", "took_in"]


def test_merging_twice_is_merging_once(survivor, other, desi):
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    before = everything()

    verbs.merge(other, by=desi.actor, at=NOON + HOUR, into=survivor)

    assert everything() == before


@pytest.mark.parametrize("was", ["new", "open", "waiting"])
def test_unmerged_it_stands_where_it_stood_and_the_time_between_stands_still(
    survivor, other, desi, was
):
    if was == "open":
        verbs.open_(other, by=desi.actor, at=NOON - HOUR)
    if was == "waiting":
        verbs.wait(other, by=desi.actor, at=NOON - HOUR, holder="supplier")
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    before = hours_counted(other)

    verbs.unmerge(other, by=desi.actor, at=NOON + 2 * HOUR)

    again = fresh(other)
    assert (again.state, again.merged_into, again.survivor, again.closed_at) == (was, *[None] * 3)
    assert again.waiting_on == ("supplier" if was == "waiting" else "")
    assert hours_counted(other) == before
    assert clock(other).stopped_at is None
    assert clock(survivor).stopped_at is None
    assert lines(other)[-1] == "unmerged"
    assert lines(survivor)[-1] == "let_go"


def test_what_was_never_merged_is_not_unmerged(other, desi):
    said = unchanged(MoveRefused, lambda: verbs.unmerge(other, by=desi.actor, at=NOON))

    assert "not merged" in said


def test_a_ticket_is_not_merged_into_itself(other, desi):
    said = unchanged(
        BadInput, lambda: verbs.merge(other, by=desi.actor, at=NOON, into=fresh(other))
    )

    assert said == f"{other.ref} cannot be merged into itself. Choose another ticket."


def test_nothing_is_merged_into_what_is_done_held_or_part_of_it_already(
    survivor, other, desi, una, mail
):
    third = make_ticket(una, mail)
    held = verbs.report(
        verbs.Report(service=mail, text="Buy cheap", held_for="spam"), by=COMMAND, at=MONDAY
    )
    verbs.resolve(third, by=desi.actor, at=NOON, note="Done")
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)

    def merging(ticket, into):
        return unchanged(
            MoveRefused, lambda: verbs.merge(ticket, by=desi.actor, at=NOON, into=into)
        )

    assert "nobody works on it" in merging(survivor, third)
    assert "Link it as a duplicate" in merging(third, survivor)
    assert "held for review" in merging(held, survivor)
    assert "held for review" in merging(survivor, held)
    assert f"{other.ref} is part of {survivor.ref} already" in merging(survivor, other)
    late = make_ticket(una, mail)
    assert f"Merge {late.ref} into {survivor.ref}, where {other.ref} is handled" in merging(
        late, other
    )


def test_who_serves_only_one_of_two_services_merges_neither(survivor, una, mail, house, hours):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    theirs = make_ticket(una, laptop)

    for ticket, into in ((theirs, survivor), (survivor, theirs)):
        unchanged(
            StandingRefused, lambda t=ticket, i=into: verbs.merge(t, by=dora.actor, at=NOON, into=i)
        )


def test_whose_matter_was_merged_reads_what_the_desk_answers_from_then_on_and_nothing_else(
    survivor, other, cleo, una, desi
):
    verbs.answer(survivor, by=desi.actor, at=NOON - HOUR, text="Dear Cleo, your box is full")
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    verbs.answer(survivor, by=desi.actor, at=NOON + HOUR, text="We restart the server")
    verbs.answer(survivor, by=cleo.actor, at=NOON + 2 * HOUR, text="Cleo's own words")
    verbs.add_note(survivor, by=desi.actor, at=NOON + 2 * HOUR, text="A note")
    verbs.answer(other, by=una.actor, at=NOON + 3 * HOUR, text="Una's own words")

    first = "My private mail to Bert does not leave"
    assert read(other, una.actor) == [first, "We restart the server", "Una's own words"]
    assert read(other, Actor("link", other.pk)) == read(other, una.actor)
    assert "Una's own words" not in read(survivor, cleo.actor)
    assert first not in read(survivor, cleo.actor)
    assert "Cleo's own words" in read(survivor, cleo.actor)


def test_in_a_chain_each_reads_what_was_answered_above_since_it_belonged_there(
    survivor, other, una, desi, mail
):
    third = make_ticket(una, mail, text="Third")
    verbs.answer(other, by=desi.actor, at=NOON, text="Before third came")
    verbs.merge(third, by=desi.actor, at=NOON + HOUR, into=other)
    verbs.answer(other, by=desi.actor, at=NOON + 2 * HOUR, text="To both")
    verbs.answer(survivor, by=desi.actor, at=NOON + 2 * HOUR, text="To Cleo alone")
    verbs.merge(other, by=desi.actor, at=NOON + 3 * HOUR, into=survivor)
    verbs.answer(survivor, by=desi.actor, at=NOON + 4 * HOUR, text="To all")

    assert fresh(third).survivor == survivor
    assert read(third, una.actor) == ["Third", "To both", "To all"]

    verbs.unmerge(other, by=desi.actor, at=NOON + 5 * HOUR)

    assert (fresh(third).survivor, fresh(third).merged_into) == (fresh(other), fresh(other))
    assert read(third, una.actor) == ["Third", "To both"]


def test_a_reply_to_a_merged_ticket_lands_on_the_survivor(survivor, other, una, desi):
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    verbs.resolve(survivor, by=desi.actor, at=NOON + HOUR, note="Restarted")

    said = verbs.answer(other, by=una.actor, at=NOON + 2 * HOUR, text="Still slow")

    assert fresh(survivor).state == "open"
    assert fresh(other).state == "merged"
    assert said.ticket_id == other.pk
    assert lines(survivor)[-1] == "answered"
    assert Line.objects.latest("id").data["told_on"] == other.pk


def test_the_desk_answers_where_it_is_handled(survivor, other, desi):
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)

    said = unchanged(
        MoveRefused, lambda: verbs.answer(other, by=desi.actor, at=NOON, text="Dear Una")
    )

    assert f"Answer there: whoever asked {other.ref} reads that too" in said


@pytest.mark.parametrize("deed", [verbs.reopen, verbs.cancel, verbs.close, verbs.open_])
def test_a_merged_ticket_takes_no_step_of_its_own(survivor, other, una, desi, deed):
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)

    said = unchanged(MoveRefused, lambda: deed(other, by=desi.actor, at=NOON))

    assert said.endswith("From merged you can: unmerge.")


def test_what_the_desk_answers_is_mailed_to_everybody_about_their_own_matter(
    survivor, other, cleo, una, desi
):
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    verbs.answer(survivor, by=desi.actor, at=NOON, text="We restart the server")
    line = Line.objects.filter(kind="ticket.answered").latest("id")

    made = ticket_letters(line, "answer", survivor, at=NOON)
    letters = {letter.recipient: letter for letter in made}

    assert set(letters) == {cleo.email, una.email}
    assert letters[una.email].ticket == other
    assert other.ref in letters[una.email].subject
    assert survivor.ref not in letters[una.email].subject + letters[una.email].body
    assert survivor.summary not in letters[una.email].subject + letters[una.email].body


def test_among_my_matters_a_merged_one_stands_as_that_with_which_it_is_handled(
    survivor, other, una, desi
):
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    going_on = my.matters(my.listed(una.pk, is_done=False))
    verbs.resolve(survivor, by=desi.actor, at=NOON, note="Restarted")
    over = my.matters(my.listed(una.pk, is_done=True))

    assert [(each.ref, each.state) for each in going_on] == [(other.ref, "new")]
    assert [(each.ref, each.state) for each in over] == [(other.ref, "resolved")]
    assert not my.listed(una.pk, is_done=False)


# What comes along


def marks(ticket):
    """The tags on a ticket, and who follows it."""
    followers = ticket.followers.order_by("person__name").values_list("person__name", flat=True)
    return [*tags_on(ticket), *followers]


@pytest.fixture
def third(una, mail):
    return make_ticket(una, mail, text="Calendars are slow too", at=MONDAY + HOUR)


@pytest.fixture
def marked(survivor, other, third, desi):
    """Two tickets with tags of their own, and one follower each who works at the desk."""
    for ticket, names in ((survivor, ["mail"]), (other, ["mail", "slow"]), (third, ["slow"])):
        for name in names:
            verbs.tag(ticket, by=desi.actor, at=MONDAY + HOUR, name=name)
    verbs.follow(other, by=desi.actor, at=MONDAY + HOUR)
    return survivor, other, third


def test_the_kept_one_takes_tags_and_agents_who_follow_and_unmerging_gives_back_exactly(
    marked, desi, una
):
    survivor, other, _ = marked
    verbs.follow(other, by=una.actor, at=MONDAY + HOUR)
    before = marks(survivor), marks(other)

    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    assert (marks(survivor), marks(other)) == (["mail", "slow", "Desi"], before[1])

    verbs.unmerge(other, by=desi.actor, at=NOON + HOUR)
    assert (marks(survivor), marks(other)) == before


def test_what_another_one_brings_too_or_was_put_on_by_hand_stays(marked, desi):
    survivor, other, third = marked
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    verbs.merge(third, by=desi.actor, at=NOON, into=survivor)
    verbs.unfollow(survivor, by=desi.actor, at=NOON)
    verbs.follow(survivor, by=desi.actor, at=NOON)

    verbs.unmerge(other, by=desi.actor, at=NOON + HOUR)
    assert marks(survivor) == ["mail", "slow", "Desi"]

    verbs.unmerge(third, by=desi.actor, at=NOON + HOUR)
    assert marks(survivor) == ["mail", "Desi"], "slow came with the first, stayed for the second"


def test_out_of_the_middle_of_a_chain_it_takes_along_what_it_brought_all_the_way_up(marked, desi):
    survivor, other, third = marked
    verbs.untag(third, by=desi.actor, at=NOON, name="slow")
    verbs.merge(other, by=desi.actor, at=NOON, into=third)
    verbs.merge(third, by=desi.actor, at=NOON, into=survivor)
    assert marks(survivor) == ["mail", "slow", "Desi"]

    verbs.unmerge(other, by=desi.actor, at=NOON + HOUR)

    assert (marks(survivor), marks(third), marks(other)) == (
        ["mail"],
        [],
        ["mail", "slow", "Desi"],
    )


def test_what_is_to_be_done_on_a_merged_one_is_listed_and_ticked_where_it_is_handled(marked, desi):
    survivor, other, _ = marked
    verbs.add_items(survivor, by=desi.actor, at=NOON, items=["Look"])
    verbs.add_items(other, by=desi.actor, at=NOON, items=["Call"])
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)

    served = checks_of(survivor, Agent(desi.pk, None, ()))
    assert [(each.text, each.ticket.ref) for each in served] == [
        ("Look", survivor.ref),
        ("Call", other.ref),
    ]
    assert len(checks_of(survivor, Agent(desi.pk, frozenset(), ()))) == 1, "of what one serves"
    assert verbs.tick(served[1], by=desi.actor, at=NOON).ticked_at == NOON
