"""The program's own tickets as a history: replayed without a change, it is what really happened."""

import random
from datetime import timedelta

import numpy as np
import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, SATURDAY, make_ticket
from tricorn.agreements.bridge import content_of
from tricorn.catalogue.verbs import Promise, add_service
from tricorn.engine.agreement import Agreement
from tricorn.engine.clock import Holder
from tricorn.engine.errors import Refusal
from tricorn.engine.replay import MISSING, reclock
from tricorn.engine.replay.reasons import OPEN
from tricorn.engine.replay.reclock import REASONS
from tricorn.insight.replays import loaded
from tricorn.insight.replays.loaded import own_history
from tricorn.insight.replays.own import build, cut, wanted
from tricorn.insight.replays.promised import house_promises
from tricorn.journal.actor import COMMAND, VISITOR
from tricorn.tickets import verbs
from tricorn.tickets.bridge import STOP
from tricorn.tickets.models import KINDS, PRIORITIES, Clock, Message, Ticket

END = MONDAY + timedelta(days=40)
HOLDERS = [each.value for each in Holder]
STOP_OF = {"first_response": "first_response", "resolution": "resolved", "closing": "closed"}


@pytest.fixture(autouse=True)
def kept_here(tmp_path, settings):
    settings.HOME = tmp_path


def own(mail, at=END, **more):
    return own_history([mail.pk], LONG_AGO, END, at=at, **more)


def lives(dice, persons, mail, desi, many, unit):
    """Let tickets live through verbs in any order; whatever is refused did not happen."""
    deeds = {
        "open": verbs.open_,
        "go on": verbs.go_on,
        "close": verbs.close,
        "cancel": verbs.cancel,
        "reopen": verbs.reopen,
        "wait": lambda t, **who: verbs.wait(t, holder=dice.choice(HOLDERS), **who),
        "resolve": lambda t, **who: verbs.resolve(t, note="Done", **who),
        "answer": lambda t, **who: verbs.answer(t, text="We are at it", **who),
        "prioritise": lambda t, **who: verbs.prioritise(t, priority=dice.choice(PRIORITIES), **who),
    }
    often = {"wait": 3, "go on": 3, "resolve": 4, "reopen": 3, "answer": 2}
    names = [name for name in deeds for _ in range(often.get(name, 1))]
    for n in range(many):
        at = MONDAY + unit * dice.randint(0, 10**6)
        person = dice.choice(persons)
        given = verbs.Report(
            service=mail,
            text=f"Number {n}",
            kind=dice.choice(KINDS),
            requester=person,
            began_at=at - unit * dice.choice([0, 60, 90_000]),
            impact=dice.randint(1, 3),
        )
        ticket = verbs.report(given, by=person.actor if person else VISITOR, at=at)
        for _ in range(dice.randint(0, 7)):
            at += unit * dice.choice([0, 1, 59, 3600, 28_800, 70_000])
            try:
                dice_name = dice.choice(names)
                deeds[dice_name](ticket, by=desi.actor, at=at)
            except Refusal:
                continue


def compare(found, version, at):
    """Yield what each stored clock of the version says, and what the replay says of the same."""
    rows = {ref: row for row, ref in enumerate(found.history.refs)}
    clocks = Clock.objects.filter(clause__version=version).exclude(ticket__state="cancelled")
    for clock in clocks.select_related("ticket", "clause"):
        row, said = rows[clock.ticket.ref], found.by_stop[STOP_OF[clock.measure]]
        k = int(said.clause[row])
        assert found.agreement.clauses[k].id == clock.clause.name
        assert getattr(clock.ticket, STOP[clock.measure]) == clock.stopped_at
        yield clock, row, said, clock.breach_at is not None and clock.breach_at < at


def test_replayed_without_a_change_every_clock_says_what_it_said(mail, a7, cleo, clive, una, desi):
    dice = random.Random(7)
    lives(dice, [cleo, clive, cleo, una, None], mail, desi, 60, timedelta(seconds=1))
    found = reclock(own(mail, versions=[a7.pk]), content_of(a7))

    stopped = running = late = waits = 0
    for clock, row, said, is_late in compare(found, a7, END):
        if clock.stopped_at is None:
            running += 1
            assert (REASONS[said.reason[row]], bool(said.met[row])) in [(OPEN, True), ("", False)]
            assert bool(said.met[row]) is not is_late
            continue
        assert said.reason[row] == 0
        assert bool(said.met[row]) is clock.is_met
        assert int(said.elapsed[row]) == clock.elapsed_seconds
        assert int(said.due[row]) == (clock.due_at.timestamp() if clock.due_at else MISSING)
        stopped, late = stopped + 1, late + (not clock.is_met)
        waits += clock.ticket.waits.filter(holder="").exists()
    flags = np.flatnonzero(found.history.flag >= 0)
    judged = found.by_stop["resolved"]
    same = judged.clause[flags] >= 0
    assert (judged.met[flags][same] == found.history.flag[flags][same]).all()
    assert min(stopped, running, late, waits) >= 5


def test_moments_between_two_seconds_move_no_clock_by_more_than_one(mail, a7, cleo, desi):
    lives(random.Random(3), [cleo], mail, desi, 20, timedelta(seconds=1, microseconds=123_457))
    found = reclock(own(mail, versions=[a7.pk]), content_of(a7))

    seen = 0
    for clock, row, said, _ in compare(found, a7, END):
        if clock.stopped_at is not None:
            seen += 1
            pauses = clock.ticket.waits.count()
            assert abs(int(said.elapsed[row]) - clock.elapsed_seconds) <= 1 + pauses
            assert bool(said.met[row]) is clock.is_met
    assert seen > 10


def test_it_says_the_moments_the_words_and_who_held_it_up(mail, a7, cleo, una, desi):
    ticket = make_ticket(cleo, mail)
    verbs.answer(ticket, text="Looking", by=desi.actor, at=MONDAY + HOUR)
    verbs.prioritise(ticket, priority="high", by=desi.actor, at=MONDAY + HOUR)
    verbs.wait(ticket, holder="supplier", by=desi.actor, at=MONDAY + 2 * HOUR)
    verbs.resolve(ticket, note="Done", by=desi.actor, at=MONDAY + 3 * HOUR)
    verbs.reopen(ticket, by=cleo.actor, at=MONDAY + 4 * HOUR)
    other = make_ticket(None, mail, at=MONDAY + HOUR, text="Again")
    verbs.wait(other, holder="user", by=desi.actor, at=MONDAY + 5 * HOUR)

    history = own(mail)

    second = int(MONDAY.timestamp())
    assert list(history.refs) == [ticket.ref, other.ref]
    assert [history.priorities[k] for k in history.priority] == ["high", "moderate"]
    assert [history.priorities[k] for k in history.priority_opened] == ["moderate", "moderate"]
    assert history.kinds == ("incident",)
    assert history.reported.tolist() == [second, second + 3600]
    assert history.first_response.tolist() == [second + 3600, MISSING]
    assert history.resolved.tolist() == [MISSING, MISSING]
    assert history.wait_ticket.tolist() == [0, 0, 1]
    assert history.wait_holder.tolist() == [4, 5, 3]
    assert history.wait_start.tolist() == [second + n * 3600 for n in (2, 3, 5)]
    assert history.wait_end.tolist() == [second + 3 * 3600, second + 4 * 3600, MISSING]
    assert history.person.tolist() == [0, -1]
    assert history.until == int(END.timestamp())


def test_what_was_cancelled_or_is_held_is_counted_and_not_in_it(mail, cleo, desi):
    verbs.cancel(make_ticket(cleo, mail), by=desi.actor, at=MONDAY)
    verbs.report(verbs.Report(service=mail, text="Spam", held_for="links"), by=VISITOR, at=MONDAY)
    spam = verbs.Report(service=mail, text="More spam", held_for="links")
    verbs.discard(verbs.report(spam, by=VISITOR, at=MONDAY), by=desi.actor, at=MONDAY)
    make_ticket(cleo, mail, text="Real")

    history = own(mail)

    assert (len(history), dict(history.excluded)) == (1, {"cancelled": 2, "held": 1})


def test_a_client_has_the_tickets_of_its_agreements_and_no_other(mail, a7, cleo, una):
    inside, _ = make_ticket(cleo, mail), make_ticket(una, mail)

    assert list(own(mail, versions=[a7.pk]).refs) == [inside.ref]
    assert len(own(mail)) == 2
    assert len(own(mail, versions=[])) == 0
    assert len(own_history([], LONG_AGO, END, at=END)) == 0
    assert len(own_history(None, LONG_AGO, MONDAY, at=END)) == 0


def test_the_log_of_an_earlier_day_knows_nothing_that_came_later(mail, cleo, desi):
    ticket = make_ticket(cleo, mail, at=SATURDAY)
    verbs.resolve(ticket, note="Done", by=desi.actor, at=MONDAY)
    verbs.reopen(ticket, by=cleo.actor, at=MONDAY + 2 * HOUR)
    verbs.wait(ticket, holder="user", by=desi.actor, at=MONDAY + 4 * HOUR)
    verbs.go_on(ticket, by=desi.actor, at=MONDAY + 5 * HOUR)
    make_ticket(cleo, mail, at=MONDAY + 5 * HOUR, text="Later")
    known = [
        (len(h), int(h.resolved[0]), h.wait_end.tolist())
        for h in (own(mail, at=MONDAY + n * HOUR) for n in (-1, 1, 3, 4.5))
    ]

    second = int(MONDAY.timestamp())
    between = second + 2 * 3600
    assert known == [
        (1, MISSING, []),
        (1, second, []),
        (1, MISSING, [between]),
        (1, MISSING, [between, MISSING]),
    ]


@pytest.mark.parametrize("many", [1, 12])
def test_it_costs_the_same_queries_however_much_there_is(
    mail, a7, cleo, desi, many, django_assert_max_num_queries
):
    for n in range(many):
        ticket = make_ticket(cleo, mail, text=f"Number {n}")
        verbs.wait(ticket, holder="user", by=desi.actor, at=MONDAY)

    with django_assert_max_num_queries(7):
        assert len(own(mail)) == many
    with django_assert_max_num_queries(10):
        assert len(own(mail)) == many


def same(left, right):
    assert list(left.refs) == list(right.refs)
    assert left.excluded == right.excluded
    for name in (
        "priority",
        "kind",
        "resolved",
        "first_response",
        "wait_start",
        "wait_end",
        "flag",
    ):
        assert getattr(left, name).tolist() == getattr(right, name).tolist(), name


def test_a_second_look_reads_only_what_has_changed(mail, a7, cleo, una, desi, monkeypatch):
    tickets = [make_ticket(cleo, mail, text=f"Number {n}") for n in range(4)]
    own(mail)
    verbs.resolve(tickets[1], note="Done", by=desi.actor, at=MONDAY + HOUR)
    verbs.cancel(tickets[2], by=desi.actor, at=MONDAY + HOUR)
    verbs.wait(tickets[3], holder="user", by=desi.actor, at=MONDAY + HOUR)
    make_ticket(una, mail, text="New")
    asked = []
    real = loaded.fetch
    monkeypatch.setattr(loaded, "fetch", lambda *given: asked.append(given[1:]) or real(*given))

    found = own(mail)

    same(found, cut(build(real(wanted([mail.pk], LONG_AGO, END))), END))
    assert len(found) == 4
    assert len(asked) == 1
    assert set(asked[0][0]) >= {ticket.pk for ticket in tickets[1:]}


def test_what_was_kept_is_not_believed_when_it_is_broken_or_of_another_time(
    mail, cleo, monkeypatch
):
    make_ticket(cleo, mail)
    own(mail)
    (path,) = loaded.folder().glob("*.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert len(own(mail)) == 1

    for gone in (Message, Clock, Ticket):  # as if an older backup had been put back
        gone.objects.all().delete()
    assert len(own(mail)) == 0


def test_many_changes_are_read_as_a_whole(mail, cleo, monkeypatch):
    monkeypatch.setattr(loaded, "MOST_CHANGED", 2)
    own(mail)
    for n in range(4):
        make_ticket(cleo, mail, text=f"Number {n}")

    assert len(own(mail)) == 4


def test_only_so_many_selections_are_kept(mail, monkeypatch):
    monkeypatch.setattr(loaded, "MOST_FILES", 3)
    for n in range(5):
        own_history([mail.pk], LONG_AGO, END + n * HOUR, at=END)

    assert len(list(loaded.folder().iterdir())) == 3


def test_what_the_house_promises_without_an_agreement_is_replayed_as_it_was(mail, una, house, desi):
    hours = mail.hours
    phone = add_service(
        by=COMMAND,
        at=LONG_AGO,
        name="Phone",
        provider=house.provider,
        hours=hours,
        promises=[
            Promise("resolution", "2d"),
            Promise("resolution", "3h", priorities=["high"]),
            Promise("resolution", "1d", kinds=["incident"]),
            Promise("first_response", "30m"),
        ],
    )
    lives(random.Random(5), [una, None], phone, desi, 25, timedelta(seconds=1))
    present = Agreement.from_toml(house_promises([phone], END)[phone.pk].to_toml())

    found = reclock(own(phone), present)

    rows = {ref: row for row, ref in enumerate(found.history.refs)}
    stopped = Clock.objects.filter(ticket__service=phone, is_met__isnull=False)
    seen = set()
    for clock in stopped.select_related("ticket", "target"):
        said, row = found.by_stop[STOP_OF[clock.measure]], rows[clock.ticket.ref]
        assert int(said.elapsed[row]) == clock.elapsed_seconds
        assert bool(said.met[row]) is clock.is_met
        seen.add((clock.target.within, clock.is_met))
    assert len(seen) >= 5
