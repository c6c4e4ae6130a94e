"""Links, parents and children, splitting: works, refused and nothing written, twice is once."""

from itertools import pairwise

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tests.tickets.steps import clock, everything, fresh, lines
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.tickets import verbs
from tricorn.tickets.models import LINKS, Link, Ticket
from tricorn.tickets.reads.agent import Agent
from tricorn.tickets.reads.relations import alike, find_others, relations_of


@pytest.fixture
def first(cleo, mail):
    return make_ticket(cleo, mail, text="Mail is slow since the move")


@pytest.fixture
def second(una, mail):
    return make_ticket(una, mail, text="Letters do not leave")


def rows():
    return [*everything(), list(Link.objects.order_by("pk").values())]


def refused(kind, deed):
    before = rows()
    with pytest.raises(kind) as said:
        deed()
    assert rows() == before
    return str(said.value)


def seen(ticket, desi):
    found = relations_of(fresh(ticket), Agent(desi.pk, None, ()))
    return [(each.kind, each.other) for each in found.links]


@pytest.mark.parametrize(
    ("kind", "there", "back"),
    [
        ("duplicate_of", "duplicate_of", "has_duplicate"),
        ("caused_by", "caused_by", "causes"),
        ("blocks", "blocks", "blocked_by"),
        ("related", "related", "related"),
    ],
)
def test_a_link_is_seen_from_both_ends_and_twice_is_once(first, second, desi, kind, there, back):
    verbs.link(second, first, by=desi.actor, at=NOON, kind=kind)
    before = rows()

    verbs.link(second, first, by=desi.actor, at=NOON + HOUR, kind=kind)

    assert rows() == before
    assert seen(second, desi) == [(there, first)]
    assert seen(first, desi) == [(back, second)]


@pytest.mark.parametrize("kind", LINKS)
def test_an_unlinked_pair_leaves_a_line_and_twice_is_once(first, second, desi, kind):
    verbs.link(first, second, by=desi.actor, at=NOON, kind=kind)
    verbs.unlink(first, second, by=desi.actor, at=NOON, kind=kind)
    before = rows()

    verbs.unlink(first, second, by=desi.actor, at=NOON, kind=kind)

    assert rows() == before
    assert not Link.objects.exists()
    assert lines(first) == ["reported", "linked", "unlinked"]


def test_a_link_goes_neither_to_itself_nor_both_ways_nor_by_whom_it_is(first, second, desi, una):
    verbs.link(first, second, by=desi.actor, at=NOON, kind="blocks")

    assert "this ticket itself" in refused(
        BadInput, lambda: verbs.link(first, first, by=desi.actor, at=NOON, kind="related")
    )
    assert "the other way round" in refused(
        BadInput, lambda: verbs.link(second, first, by=desi.actor, at=NOON, kind="blocks")
    )
    refused(BadInput, lambda: verbs.link(first, second, by=desi.actor, at=NOON, kind="likes"))
    refused(
        StandingRefused, lambda: verbs.link(second, first, by=una.actor, at=NOON, kind="related")
    )


def test_a_child_belongs_to_its_parent_until_it_is_taken_out(first, second, desi):
    verbs.set_parent(second, by=desi.actor, at=NOON, parent=first)
    before = rows()
    verbs.set_parent(second, by=desi.actor, at=NOON + HOUR, parent=first)
    assert rows() == before
    assert relations_of(fresh(first), Agent(desi.pk, None, ())).children == (second,)

    verbs.set_parent(second, by=desi.actor, at=NOON, parent=None)

    assert lines(second) == ["reported", "belongs", "parted"]
    assert fresh(second).parent is None


def test_no_circle_of_parents_no_endless_depth_and_no_parent_that_is_done(first, una, mail, desi):
    chain = [first, *(make_ticket(una, mail) for _ in range(4))]
    for parent, child in pairwise(chain[:4]):
        verbs.set_parent(child, by=desi.actor, at=NOON, parent=parent)

    def put(child, parent):
        return lambda: verbs.set_parent(child, by=desi.actor, at=NOON, parent=parent)

    assert "that would be a circle" in refused(BadInput, put(first, chain[2]))
    assert "its own parent" in refused(BadInput, put(first, first))
    assert "at most 4 deep" in refused(BadInput, put(chain[4], chain[3]))
    assert "at most 4 deep" in refused(BadInput, put(first, chain[4]))
    verbs.cancel(chain[4], by=desi.actor, at=NOON)
    assert "Reopen it before it gets children" in refused(MoveRefused, put(chain[3], chain[4]))


def test_several_are_resolved_each_by_itself_and_refusals_are_told(first, second, desi):
    verbs.cancel(second, by=desi.actor, at=NOON)

    became = verbs.resolve_each([first, second], by=desi.actor, at=NOON, note="Restarted")

    assert became.done == (first,)
    assert [ticket for ticket, _ in became.refused] == [second]
    assert "cancelled" in became.refused[0][1]


def test_a_split_moves_messages_and_both_tickets_say_so(second, una, cleo, mail, desi, a7):
    said = verbs.answer(second, by=una.actor, at=NOON, text="And Cleo's printer is out of paper")
    part = verbs.Part([said.pk], mail, cleo, once="form-1")

    new = verbs.split(second, part, by=desi.actor, at=NOON + HOUR)
    again = verbs.split(second, part, by=desi.actor, at=NOON + HOUR)

    assert again == new
    assert Ticket.objects.count() == 2
    assert (new.requester, new.reported_at, new.state) == (cleo, NOON, "new")
    assert new.summary == "And Cleo's printer is out of paper"
    assert new.version == a7
    assert clock(new).started_at == NOON
    assert [each.text for each in second.messages.all()] == ["Letters do not leave"]
    assert [each.pk for each in new.messages.all()] == [said.pk]
    assert lines(second)[-1] == "split"
    assert lines(new) == ["split_off"]

    verbs.merge(new, by=desi.actor, at=NOON + 2 * HOUR, into=second)
    assert fresh(new).survivor == second


def test_a_split_takes_neither_nothing_nor_everything_nor_anothers_words(
    first, second, una, mail, desi
):
    all_of_it = [each.pk for each in second.messages.all()]
    for messages in ([], all_of_it, [*all_of_it, first.messages.get().pk]):
        part = verbs.Part(messages, mail, una)
        refused(BadInput, lambda p=part: verbs.split(second, p, by=desi.actor, at=NOON))
    refused(
        StandingRefused,
        lambda: verbs.split(second, verbs.Part(all_of_it, mail, una), by=una.actor, at=NOON),
    )


def test_another_ticket_is_found_by_its_reference_or_by_words(first, second, desi, cleo, mail):
    agent = Agent(desi.pk, None, ())
    held = verbs.Report(service=mail, text="Letters for sale", held_for="spam")
    verbs.report(held, by=cleo.actor, at=MONDAY)

    assert find_others(agent, second, f"{first.ref} Mail is") == [first]
    assert find_others(agent, second, "slow") == [first]
    assert find_others(agent, first, "letters") == [second]
    assert find_others(agent, first, first.ref) == []
    assert find_others(Agent(desi.pk, frozenset(), ()), second, first.ref) == []


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("Printer eats paper", "The PRINTER is out of paper", 2),
        ("It is so", "It is so", 0),
        ("", "Printer", 0),
    ],
)
def test_lines_are_alike_by_their_longer_words(one, other, shared):
    assert alike(one, other) == shared
