"""Macros, many at once with undo, kept words, reminders."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cast import HOUR, LONG_AGO, NOON, make_ticket, somebody
from tests.tickets.test_aids import mia, ticket, told
from tricorn.catalogue.bridge import schedule
from tricorn.catalogue.verbs import add_service
from tricorn.engine.errors import BadInput, MoveRefused, StandingRefused
from tricorn.engine.steps import Step
from tricorn.journal import reactors
from tricorn.journal.actor import COMMAND
from tricorn.journal.deliver import run_once
from tricorn.journal.models import Delivery, Line
from tricorn.search.reads import EVERYWHERE, find
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.jobs import go_on_with_bulk, remind_due
from tricorn.tickets.models import (
    Bulk,
    Canned,
    CheckItem,
    Follower,
    Macro,
    Reminder,
    Ticket,
)
from tricorn.tickets.reads.aids import preset_times, tags_on
from tricorn.tickets.reads.bulk import numbers_of_view
from tricorn.tickets.reads.filters import Filters
from tricorn.tickets.reads.page import page
from tricorn.tickets.reads.queue import Agent, counts
from tricorn.tickets.verbs import bulk as bulks

__all__ = ["mia", "ticket"]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def heard(monkeypatch):
    """What a reactor hears, by kind, when it is let."""
    kinds = []
    monkeypatch.setattr(reactors, "REACTORS", {})
    monkeypatch.setattr("tricorn.journal.deliver.REACTORS", reactors.REACTORS)
    hears = ("ticket.resolved", "ticket.assigned", "ticket.reopened", "ticket.tagged")
    reactors.register("ear", hears, lambda line, at: kinds.append(line.kind))
    return kinds


@pytest.fixture
def three(mail, cleo, a7):
    return [make_ticket(cleo, mail, text=f"Matter {n}") for n in range(3)]


def begin(tickets, step, by, at=NOON):
    return verbs.begin_bulk([each.pk for each in tickets], step, by=by.actor, at=at)


def states(bulk):
    return list(bulk.rows.values_list("state", flat=True))


# Macros


def macro_of(desi, *steps, service=None):
    return verbs.keep_macro(by=desi.actor, at=NOON, name="Done", steps=steps, service=service)


def test_a_macro_takes_its_steps_in_order_with_its_variables_filled_in(ticket, desi):
    macro = macro_of(
        desi,
        Step("tag", "printer"),
        Step("take"),
        Step("prioritise", what="high"),
        Step("resolve", "Hello {{ name }}, {{ ref }} is done. {{ agent }}"),
    )

    done = verbs.run_macro(ticket, macro, by=desi.actor, at=NOON)

    assert (done.state, done.assignee, done.priority) == ("resolved", desi, "high")
    assert ticket.messages.last().text == f"Hello Cleo, {ticket.ref} is done. Desi"
    assert told(ticket) == [
        "ticket.tagged",
        "ticket.assigned",
        "ticket.prioritised",
        "ticket.resolved",
        "ticket.macro_run",
    ]


def test_a_macro_with_a_step_that_is_refused_says_which_and_writes_nothing(ticket, desi):
    macro = macro_of(desi, Step("tag", "printer"), Step("add_note", "Odd"), Step("close"))

    with pytest.raises(MoveRefused, match=r"^Step 3, close it for good: Cannot close"):
        verbs.run_macro(ticket, macro, by=desi.actor, at=NOON)

    assert (tags_on(ticket), ticket.messages.count(), told(ticket)) == ((), 1, [])


def test_a_macro_of_somebody_elses_or_another_service_is_refused(ticket, desi, mia, hours, house):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    own = macro_of(desi, Step("take"))
    shared = macro_of(desi, Step("take"), service=laptop)

    for macro, by in ((own, mia), (shared, desi)):
        with pytest.raises(BadInput):
            verbs.run_macro(ticket, macro, by=by.actor, at=NOON)


# Kept words


def test_words_are_ones_own_or_shared_by_who_serves_the_service(mail, desi, cleo):
    keep = {"at": NOON, "name": "Hello", "text": "Hello {{ name }}"}
    verbs.keep_canned(by=desi.actor, **keep)
    shared = verbs.keep_canned(by=desi.actor, service=mail, **keep)
    with pytest.raises(StandingRefused):
        verbs.keep_canned(by=cleo.actor, service=mail, **keep)
    with pytest.raises(BadInput, match="Another one has this name"):
        verbs.keep_canned(by=desi.actor, **keep)
    with pytest.raises(BadInput, match="There is no variable"):
        verbs.keep_canned(by=desi.actor, at=NOON, name="Odd", text="{{ odd }}")

    verbs.forget_canned(shared, by=desi.actor, at=NOON)
    assert Canned.objects.get().owner == desi
    kinds = list(Line.objects.filter(subject="canned").values_list("kind", flat=True))
    assert kinds == ["canned.kept", "canned.forgotten"]


def test_somebody_elses_words_are_not_changed(desi, mia):
    kept = verbs.keep_canned(by=desi.actor, at=NOON, name="Hello", text="Hello")

    with pytest.raises(StandingRefused):
        verbs.forget_canned(kept, by=mia.actor, at=NOON)
    with pytest.raises(StandingRefused):
        verbs.keep_canned(by=mia.actor, at=NOON, name="Mine", text="Mine", canned=kept)

    kept.refresh_from_db()
    assert (kept.name, kept.owner) == ("Hello", desi)


# Many at once


def test_many_are_resolved_and_what_is_refused_says_why(three, desi):
    verbs.cancel(three[1], by=desi.actor, at=NOON)

    bulk = begin(three, Step("resolve", "Fixed, {{ name }}."), desi)
    verbs.bulk_some(bulk, at=NOON)

    assert states(bulk) == ["done", "refused", "done"]
    assert "Cannot resolve a ticket that is cancelled." in bulk.rows.get(state="refused").reason
    assert three[0].messages.last().text == "Fixed, Cleo."
    bulk.refresh_from_db()
    assert bulk.ended_at == NOON


def test_nobody_is_told_before_the_minutes_for_undoing_are_over(heard, three, desi):
    bulk = begin(three, Step("resolve", "Fixed"), desi)
    verbs.bulk_some(bulk, at=NOON)

    assert run_once(lambda: NOON + 4 * MINUTE) == 0
    assert run_once(lambda: NOON + 6 * MINUTE) == 3
    assert heard == ["ticket.resolved"] * 3


def test_undoing_sets_each_back_by_verbs_and_no_letter_goes_out(heard, three, desi):
    bulk = begin(three, Step("resolve", "Fixed"), desi)
    verbs.bulk_some(bulk, at=NOON)

    verbs.undo_bulk(bulk, by=desi.actor, at=NOON + MINUTE)
    verbs.bulk_some(bulk, at=NOON + MINUTE)
    run_once(lambda: NOON + HOUR)

    assert states(bulk) == ["undone"] * 3
    assert {each.state for each in Ticket.objects.all()} == {"open"}
    assert heard == []
    assert "It was new before, and is open now." in bulk.rows.first().reason
    assert told(three[0]) == ["ticket.resolved", "ticket.withdrawn", "ticket.reopened"]


def test_what_somebody_changed_meanwhile_stays_and_is_listed(heard, three, desi, mia):
    bulk = begin(three, Step("take"), desi)
    verbs.bulk_some(bulk, at=NOON)
    verbs.assign(three[1], by=mia.actor, at=NOON, to=mia)

    verbs.undo_bulk(bulk, by=desi.actor, at=NOON + MINUTE)
    verbs.bulk_some(bulk, at=NOON + MINUTE)
    run_once(lambda: NOON + HOUR)

    assert states(bulk) == ["undone", "kept", "undone"]
    assert [each.assignee for each in Ticket.objects.order_by("id")] == [None, mia, None]
    assert heard == ["ticket.assigned"] * 2, "of the one that stays people are told"


def test_a_macro_on_many_is_undone_as_a_whole(three, desi, mia, house):
    verbs.assign(three[0], by=desi.actor, at=NOON, to=mia)
    verbs.tag(three[0], by=desi.actor, at=NOON, name="old")
    verbs.wait(three[0], by=desi.actor, at=NOON, holder="customer")
    macro = macro_of(
        desi,
        Step("untag", "old"),
        Step("tag", "new"),
        Step("prioritise", what="low"),
        Step("hand_over", "Yours", f"team:{house.provider.pk}"),
        Step("take"),
        Step("resolve", "Done"),
    )
    bulk = begin(three[:1], macro, desi)
    verbs.bulk_some(bulk, at=NOON + MINUTE)
    assert Ticket.objects.get(pk=three[0].pk).state == "resolved"

    verbs.undo_bulk(bulk, by=desi.actor, at=NOON + 2 * MINUTE)
    verbs.bulk_some(bulk, at=NOON + 2 * MINUTE)

    back = Ticket.objects.get(pk=three[0].pk)
    assert (back.state, back.waiting_on, back.assignee) == ("waiting", "customer", mia)
    assert (back.priority, back.team, tags_on(back)) == ("moderate", None, ("old",))


def undo(bulk, by, at=NOON + MINUTE):
    verbs.undo_bulk(bulk, by=by.actor, at=at)
    verbs.bulk_some(bulk, at=at)


def test_undoing_withdraws_the_words_from_who_asked_and_from_the_search(three, desi, cleo):
    matter = Ticket.objects.get(pk=three[0].pk)
    bulk = begin(three[:1], Step("resolve", "Replaced the toner"), desi)
    verbs.bulk_some(bulk, at=NOON)

    undo(bulk, desi)

    assert [(m.text, m.withdrawn, m.is_public) for m in matter.messages.all()][1:] == [
        ("Replaced the toner", "answer", False)
    ]
    assert len(page(matter, cleo.actor).said) == 1
    assert find("ticket", "toner", most=9, within=EVERYWHERE) == []
    line = Line.objects.get(kind="ticket.withdrawn")
    assert line.data["messages"] == [matter.messages.last().pk]
    assert "toner" not in str(line.data)


def test_an_answer_that_was_withdrawn_was_no_first_response(three, desi):
    verbs.answer(three[1], by=desi.actor, at=NOON, text="We look at it")
    macro = macro_of(desi, Step("answer", "Is it plugged in?"))
    bulk = begin(three[:2], macro, desi, at=NOON + MINUTE)
    verbs.bulk_some(bulk, at=NOON + MINUTE)

    undo(bulk, desi, NOON + 2 * MINUTE)

    silent, answered = Ticket.objects.filter(pk__in=[t.pk for t in three[:2]]).order_by("pk")
    assert (silent.first_response_at, answered.first_response_at) == (None, NOON)
    assert [t.clocks.get(measure="first_response").stopped_at for t in (silent, answered)] == [
        None,
        NOON,
    ]


def test_undoing_takes_back_notes_checklists_and_who_a_note_made_follow(three, desi, mia, mail):
    verbs.follow(three[1], by=mia.actor, at=NOON - MINUTE)
    verbs.add_items(three[0], by=desi.actor, at=NOON, items=["Look"])
    checklist = verbs.keep_checklist(
        mail, by=COMMAND, at=NOON, name="Moves", items=["Look", "Unplug", "Carry"]
    )
    macro = macro_of(
        desi,
        Step("add_note", "@Mia knows"),
        Step("add_checklist", what=f"checklist:{checklist.pk}"),
    )
    bulk = begin(three[:2], macro, desi)
    verbs.bulk_some(bulk, at=NOON)
    assert CheckItem.objects.count() == 6

    undo(bulk, desi)

    assert [each.text for each in CheckItem.objects.all()] == ["Look"]
    assert list(Follower.objects.values_list("ticket", "person")) == [(three[1].pk, mia.pk)]
    assert [m.withdrawn for t in three[:2] for m in t.messages.all()] == ["", "note", "", "note"]


def test_what_was_withdrawn_can_be_said_again_and_is_not_split_off(three, desi):
    bulk = begin(three[:1], macro_of(desi, Step("add_note", "Odd")), desi)
    verbs.bulk_some(bulk, at=NOON)
    undo(bulk, desi)
    gone = three[0].messages.last()

    again = verbs.add_note(three[0], by=desi.actor, at=NOON + MINUTE, text="Odd")

    assert (again.pk != gone.pk, again.withdrawn) == (True, "")
    part = verbs.Part(messages=[gone.pk], service=three[0].service, requester=None)
    with pytest.raises(BadInput):
        verbs.split(three[0], part, by=desi.actor, at=NOON + MINUTE)


def test_who_only_began_to_follow_has_not_worked_on_it(three, desi, mia):
    bulk = begin(three[:1], Step("take"), desi)
    verbs.bulk_some(bulk, at=NOON)
    verbs.follow(three[0], by=mia.actor, at=NOON)

    undo(bulk, desi)

    assert states(bulk) == ["undone"]


def test_after_the_minutes_or_by_somebody_else_nothing_is_undone(three, desi, mia):
    bulk = begin(three, Step("take"), desi)
    verbs.bulk_some(bulk, at=NOON)

    with pytest.raises(MoveRefused, match="too late"):
        verbs.undo_bulk(bulk, by=desi.actor, at=NOON + 6 * MINUTE)
    with pytest.raises(StandingRefused):
        verbs.undo_bulk(bulk, by=mia.actor, at=NOON)

    assert states(bulk) == ["done"] * 3


def test_the_worker_goes_on_with_many_and_undone_first_is_not_done(three, desi, monkeypatch):
    monkeypatch.setattr(bulks.bulk_some, "__kwdefaults__", {"most": 2})
    bulk = begin(three, Step("take"), desi)
    assert go_on_with_bulk(NOON) == 2

    verbs.undo_bulk(bulk, by=desi.actor, at=NOON)
    while go_on_with_bulk(NOON + MINUTE):
        pass

    assert states(bulk) == ["undone", "undone", "refused"]
    assert Bulk.objects.get().ended_at is not None
    assert not Ticket.objects.filter(assignee=desi).exists()


@pytest.mark.parametrize("count", [0, 1001])
def test_many_are_one_at_least_and_a_thousand_at_most(desi, count):
    with pytest.raises(BadInput):
        verbs.begin_bulk(list(range(count)), Step("take"), by=desi.actor, at=NOON)

    assert not Bulk.objects.exists()


def test_who_does_not_serve_a_ticket_is_refused_ticket_by_ticket(three, hours, house):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)

    bulk = begin(three, Step("tag", "x"), dora)
    verbs.bulk_some(bulk, at=NOON)

    assert states(bulk) == ["refused"] * 3
    assert not Delivery.objects.filter(line__kind="ticket.tagged").exists()


# Reminders


def test_a_ticket_put_away_leaves_ones_own_view_and_comes_back(ticket, desi, mia):
    verbs.assign(ticket, by=desi.actor, at=NOON, to=desi)
    breach_at = Ticket.objects.get(pk=ticket.pk).breach_at
    agent, mine = Agent(desi.pk, None, ()), Filters(tab="mine")

    verbs.remind(ticket, by=desi.actor, at=NOON, due_at=NOON + HOUR, note="Call back")

    assert numbers_of_view(agent, mine, NOON, 9) == []
    assert (counts(agent, NOON).mine, counts(agent, NOON).all) == (0, 1)
    assert numbers_of_view(agent, mine, NOON + HOUR, 9) == [ticket.pk]
    assert Ticket.objects.get(pk=ticket.pk).breach_at == breach_at, "no clock stops for it"


def test_a_reminder_is_told_once_when_it_is_due(ticket, desi, django_assert_num_queries):
    verbs.remind(ticket, by=desi.actor, at=NOON, due_at=NOON + HOUR)
    with django_assert_num_queries(1):
        assert remind_due(NOON) == 0

    assert [remind_due(NOON + HOUR), remind_due(NOON + HOUR)] == [1, 0]
    line = Line.objects.get(kind="ticket.reminded")
    assert (line.data["person"], line.by_kind) == (desi.pk, "worker")


def test_another_reminder_takes_the_place_of_the_first(ticket, desi):
    for hours in (1, 2):
        verbs.remind(ticket, by=desi.actor, at=NOON, due_at=NOON + hours * HOUR)

    assert Reminder.objects.get(done_at=None).due_at == NOON + 2 * HOUR
    verbs.forget_reminder(ticket, by=desi.actor, at=NOON)
    assert remind_due(NOON + 3 * HOUR) == 0


@pytest.mark.parametrize("due_at", [NOON, NOON - HOUR, NOON + timedelta(days=1000)])
def test_a_reminder_is_in_the_nearer_future(ticket, desi, due_at):
    with pytest.raises(BadInput):
        verbs.remind(ticket, by=desi.actor, at=NOON, due_at=due_at)

    assert not Reminder.objects.exists()


def test_the_times_on_offer_follow_the_service_hours(mail):
    friday = datetime(2026, 10, 16, 13, tzinfo=UTC)  # 15:00 in Berlin

    times = preset_times(schedule(mail.hours), at=friday, zone="Europe/Berlin")

    monday = datetime(2026, 10, 19, 6, tzinfo=UTC)  # 08:00 in Berlin
    assert [each.due_at for each in times] == [friday + 2 * HOUR, monday, monday]


def test_macros_are_forgotten_and_a_bulk_of_one_that_is_gone_is_refused(three, desi):
    macro = macro_of(desi, Step("take"))
    bulk = begin(three, macro, desi)
    verbs.forget_macro(macro, by=desi.actor, at=NOON)

    verbs.bulk_some(bulk, at=NOON)

    assert states(bulk) == ["refused"] * 3
    assert not Macro.objects.exists()
