"""Who may do a deed for an organisation: against a slow twin, and as sentences."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tricorn.engine.roles import asking
from tricorn.engine.roles.authority import (
    Away,
    Held,
    Question,
    Several,
    Situation,
    Stands,
    Voice,
    circle,
    entitled,
    reach,
    voice_of,
)

START = datetime(2026, 5, 1, tzinfo=UTC)
DAYS = [START + timedelta(days=n) for n in range(5)]
PEOPLE = (1, 2, 3, 4, 5)
NAMES = {1: "Clive Weber", 2: "Cleo Adler", 3: "Pia Lang", 4: "Otto", 5: "Una"}

days = st.sampled_from(DAYS)
people = st.sampled_from(PEOPLE)
periods = st.tuples(days, st.none() | days).filter(lambda p: p[1] is None or p[0] < p[1])


@st.composite
def situations(draw):
    held = []
    for row in range(1, draw(st.integers(0, 6)) + 1):
        person, (since, until) = draw(people), draw(periods)
        held.append(
            Held(
                row=row,
                person=person,
                since=since,
                until=until,
                distance=draw(st.integers(0, 2)),
                services=draw(st.none() | st.frozensets(st.integers(1, 3), min_size=1, max_size=1)),
                up_to=draw(st.sampled_from([None, Decimal(10), Decimal(100)])),
                currency=draw(st.sampled_from(["EUR", "USD"])),
                deputy=draw(st.none() | people.filter(lambda each, own=person: each != own)),
            )
        )
    away = []
    for person in draw(st.lists(people, unique=True, max_size=4)):
        since, until = draw(periods)
        away.append(Away(person, draw(st.none() | people), since, until))
    several = draw(
        st.lists(
            st.builds(
                Several,
                needed=st.integers(1, 3),
                service=st.none() | st.integers(1, 3),
                above=st.sampled_from([None, Decimal(5), Decimal(50)]),
                currency=st.sampled_from(["EUR", "USD"]),
            ),
            max_size=3,
        )
    )
    return Situation(
        held,
        away,
        several,
        line_managers=draw(st.lists(people, max_size=2)),
        managers=draw(st.lists(people, max_size=2)),
        gone=draw(st.frozensets(people, max_size=2)),
    )


questions = st.builds(
    Question,
    deed=st.just("sign"),
    at=days,
    services=st.frozensets(st.integers(1, 3), max_size=2),
    amount=st.sampled_from([None, Decimal(5), Decimal(10), Decimal(50), Decimal(500)]),
    currency=st.sampled_from(["EUR", "USD"]),
)


def slowly(question, situation):
    """The pairs (person, holder) that may act, by trying every set of rows of every holder."""
    here = [
        held
        for held in situation.held
        if held.person not in situation.gone
        if held.since <= question.at and (held.until is None or held.until > question.at)
    ]
    if not any(
        held.services is None or not question.services or held.services & question.services
        for held in here
    ):
        instead = [each for each in situation.managers if each not in situation.gone]
        instead = instead or [e for e in situation.line_managers if e not in situation.gone]
        return {(each, each) for each in instead}
    found = set()
    for size in range(1, len(here) + 1):
        for rows in combinations(here, size):
            if len({held.person for held in rows}) > 1 or not all(
                held.up_to is None
                or question.amount is None
                or (held.currency == question.currency and question.amount <= held.up_to)
                for held in rows
            ):
                continue
            if question.services:
                covered = all(
                    any(held.services is None or each in held.services for held in rows)
                    for each in question.services
                )
            else:
                covered = any(held.services is None for held in rows)
            if covered:
                holder = rows[0].person
                found.add((holder, holder))
                acting = {_acting(held, here, situation, question.at) for held in rows}
                if len(acting) == 1 and (deputy := acting.pop()):
                    found.add((deputy, holder))
    return found


def _acting(held, here, situation, at):
    """Who acts for the holder of this row, step by step."""

    def absence(person):
        for each in situation.away:
            if each.person == person and each.since <= at and (not each.until or at < each.until):
                return each
        return None

    seen, now = [], held.person
    while absence(now):
        if now in seen:
            return None
        seen.append(now)
        named = [held] if now == held.person else [h for h in here if h.person == now and h.deputy]
        named.sort(key=lambda h: (h.distance, h.row))
        now = absence(now).deputy or (named[0].deputy if named else None)
        if now is None:
            return None
    return None if now == held.person or now in situation.gone else now


@given(questions, situations())
@settings(max_examples=200)
def test_who_may_agrees_with_a_slow_twin(question, situation):
    found = entitled(question, situation)

    assert {(voice.person, voice.holder) for voice in found.voices} == slowly(question, situation)
    assert found.needed == max([s.needed for s in situation.several if s.fits(question)], default=1)


@given(questions, situations())
@settings(max_examples=100)
def test_who_may_is_never_refused_and_who_may_not_always_is_with_a_reason(question, situation):
    spoken = asking.Spoken("Finance", NAMES, {1: "Mail", 2: "Phone", 3: "Lift"})
    found = entitled(question, situation)
    for person in PEOPLE:
        sentence = asking.refusal(person, question, situation, spoken)
        assert (sentence is None) == (person in found.people)
        if sentence is not None:
            assert sentence.endswith(".")
            assert any(NAMES[each] in sentence for each in found.people) or (
                not found.people and "Nobody may sign for Finance" in sentence
            )


pairs = st.lists(
    st.tuples(people, people).map(
        lambda pair: Voice(pair[0], acting_for=None if pair[0] == pair[1] else pair[1])
    ),
    unique=True,
    max_size=7,
)


@given(pairs, st.lists(st.tuples(people, people), max_size=2))
@settings(max_examples=150)
def test_how_many_can_still_count_agrees_with_trying_everything(voices, spoken):
    heard = [Voice(person, acting_for=holder) for person, holder in spoken]
    left = [
        voice
        for voice in voices
        if voice.person not in {each.person for each in heard}
        and voice.holder not in {each.holder for each in heard}
    ]
    most = max(
        size
        for size in range(len(left) + 1)
        for chosen in combinations(left, size)
        if len({v.person for v in chosen}) == len({v.holder for v in chosen}) == size
    )

    assert reach(voices, heard) == most


@given(pairs)
@settings(max_examples=100)
def test_if_everybody_agrees_in_some_order_as_many_count_as_could(voices):
    """Who speaks for somebody never speaks in the way of a better arrangement of their own."""
    most = reach(voices)
    persons = sorted({voice.person for voice in voices})
    for order in list(permutations(persons))[:24]:
        heard: list[Voice] = []
        for person in order:
            voice = voice_of(person, voices, heard)
            if voice is not None:
                heard.append(voice)
        assert len(heard) <= most
        assert len({voice.holder for voice in heard}) == len(heard)


stands = st.builds(
    lambda pair, period, deed, path: Stands(*pair, *period, deed, path),
    st.tuples(people, people).filter(lambda pair: pair[0] != pair[1]),
    periods,
    st.sampled_from(["", "sign", "accept"]),
    st.sampled_from(["", "/1/", "/1/2/", "/3/"]),
)


@given(st.lists(stands, max_size=8))
@settings(max_examples=200)
def test_deputies_that_were_let_through_never_loop(named):
    """Named one after another, with what closes a circle refused, no chain ever comes back."""
    accepted: list[Stands] = []
    for each in named:
        if not circle(each, accepted):
            accepted.append(each)

    for at in DAYS:
        for deed in ("sign", "accept"):
            for path in ("/1/2/", "/3/"):
                assert not loops(steps_at(at, deed, path, accepted))


@given(st.lists(stands, max_size=6), stands)
@settings(max_examples=150)
def test_what_is_refused_would_have_looped(named, last):
    if persons := circle(last, named):
        assert persons[0] == last.person
        assert any(
            loops(steps_at(at, deed, path, [*named, last]))
            for at in DAYS
            for deed in ("sign", "accept")
            for path in ("/1/2/", "/3/")
        )


def steps_at(at, deed, path, named):
    """Who stands in for whom at an instant, for one deed and one organisation."""
    return {
        (each.person, each.deputy)
        for each in named
        if each.since <= at and (each.until is None or at < each.until)
        if each.deed in ("", deed) and path.startswith(each.path)
    }


def loops(steps):
    reached = set(steps)
    while True:
        more = reached | {(a, d) for a, b in reached for c, d in reached if b == c}
        if more == reached:
            return any(a == b for a, b in reached)
        reached = more


AT = datetime(2026, 10, 12, tzinfo=UTC)


def said(person, *held, question=None, **more):
    """What this person hears; row numbers are given here."""
    rows = [Held(row=n, **each) for n, each in enumerate(held, 1)]
    asked = question or Question("sign", AT, amount=Decimal(4800), currency="EUR")
    spoken = asking.Spoken(
        "Finance", NAMES, {7: "Mail", 8: "Phone"}, more.pop("per", ""), more.pop("internal", False)
    )
    return asking.refusal(person, asked, Situation(held=rows, **more), spoken)


CLIVE = {"person": 1, "since": START}
LITTLE = {"person": 2, "since": START, "up_to": Decimal(1000), "currency": "EUR"}


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            said(2, CLIVE, LITTLE, per="year"),
            "Only Clive Weber can sign for Finance up to 4,800 EUR a year; "
            "your own limit is 1,000 EUR. Ask Clive Weber.",
        ),
        (
            said(2, CLIVE, {**LITTLE, "until": AT, "withdrawn": True}),
            "Your authority was withdrawn on 12 October 2026. "
            "Only Clive Weber can sign for Finance up to 4,800 EUR. Ask Clive Weber.",
        ),
        (
            said(2, CLIVE, {**LITTLE, "until": AT}),
            "Your authority ended on 12 October 2026. "
            "Only Clive Weber can sign for Finance up to 4,800 EUR. Ask Clive Weber.",
        ),
        (
            said(2, {**LITTLE, "since": datetime(2026, 12, 1, tzinfo=UTC)}),
            "Your authority begins on 1 December 2026. Nobody may sign for Finance up to "
            "4,800 EUR yet. A manager can grant it under Manage, People.",
        ),
        (
            said(5, question=Question("sign", AT)),
            "Nobody may sign for Finance yet. A manager can grant it under Manage, People.",
        ),
        (
            said(2, {**LITTLE, "currency": "USD", "up_to": Decimal("9999.5")}, CLIVE),
            "Only Clive Weber can sign for Finance up to 4,800 EUR; "
            "your own limit is 9,999.50 USD. Ask Clive Weber.",
        ),
        (
            said(
                2,
                CLIVE,
                {"person": 2, "since": START, "services": frozenset({7})},
                question=Question("accept", AT, frozenset({7, 8})),
            ),
            "Only Clive Weber can accept work for Finance; "
            "your own authority does not cover Phone. Ask Clive Weber.",
        ),
        (
            said(
                2,
                CLIVE,
                {"person": 2, "since": START, "services": frozenset({7})},
                question=Question("sign", AT),
                internal=True,
            ),
            "Only Clive Weber can approve for Finance; "
            "your own authority is for single services. Ask Clive Weber.",
        ),
        (
            said(2, {**CLIVE, "deputy": 2}, question=Question("admit", AT)),
            "You stand in for Clive Weber only while they are away. Only Clive Weber can "
            "say who may use a service for Finance. Ask Clive Weber.",
        ),
        (
            said(
                5,
                {**CLIVE, "deputy": 2},
                {"person": 3, "since": START},
                question=Question("sign", AT),
                away=[Away(1, None, START)],
                several=[Several(2)],
            ),
            "Only Clive Weber, Pia Lang or Cleo Adler (for Clive Weber) can sign for Finance, "
            "two of them together. Ask Clive Weber, Pia Lang or Cleo Adler.",
        ),
    ],
)
def test_a_refusal_says_what_is_missing_and_whom_to_ask(sentence, expected):
    assert sentence == expected


def test_rows_for_single_services_add_up_but_not_with_those_one_stands_in_for():
    question = Question("sign", AT, frozenset({7, 8}))
    mail = Held(1, 2, START, services=frozenset({7}))
    phone = Held(2, 2, START, services=frozenset({8}))
    clives = Held(3, 1, START, services=frozenset({8}), deputy=2)

    assert entitled(question, Situation([mail, phone])).people == {2}
    assert entitled(question, Situation([mail, clives], [Away(1, None, START)])).people == set()


def test_the_nearest_are_asked_first_as_many_levels_up_as_it_takes():
    held = [Held(n, n, START, distance=n - 1) for n in (1, 2, 3)]
    one = entitled(Question("sign", AT), Situation(held))
    two = entitled(Question("sign", AT), Situation(held, several=[Several(2)]))

    assert [voice.person for voice in one.nearest()] == [1]
    assert [voice.person for voice in two.nearest()] == [1, 2]
