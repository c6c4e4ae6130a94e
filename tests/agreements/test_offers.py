"""Negotiation: options side by side, changes asked clause by clause, rounds, accepted or declined."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.agreements.offering import latest, may, offered, option, text
from tests.cast import A7, HOUR, MONDAY, NOON, make_ticket
from tricorn.agreements import verbs
from tricorn.agreements.models import ChangeAsked, Offer, Version, Wording
from tricorn.agreements.offered import offer_shown, offers_for
from tricorn.agreements.verbs import Described, Wanted
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadAgreement, BadInput, MoveRefused, Refusal, StandingRefused
from tricorn.journal.models import Line
from tricorn.standing.models import Approval
from tricorn.standing.portrait import portrait
from tricorn.standing.verbs import withdraw
from tricorn.tickets.models import Clock

FASTER = Wanted("clause", "R2", "Month's end cannot wait a day.", "target", "4h")


@pytest.fixture
def offer(house, finance, mail, mo, clive):
    may(clive, finance)
    return offered(house, finance, mo)


def counts() -> tuple[int, ...]:
    models = (Offer, Wording, ChangeAsked, Version, Line, Approval)
    return tuple(model.objects.count() for model in models)


def test_an_offer_puts_options_side_by_side(offer, clive):
    shown = offer_shown(offer, at=MONDAY)

    assert offer.state == "open"
    assert [each.option.letter for each in shown.options] == ["A", "B"]
    assert [str(each.content.prices[0].amount) for each in shown.options] == ["8240", "8640"]
    assert all(len(each.rounds) == 1 for each in shown.options)
    assert offers_for(portrait(clive.pk, NOON)) == [offer]


def test_a_draft_is_seen_by_the_provider_alone(house, finance, mail, mo, clive):
    may(clive, finance)
    offer = verbs.begin_offer(finance, house.provider, "Mail", by=mo.actor, at=MONDAY)
    verbs.add_option(offer, Described("As now"), text(), by=mo.actor, at=MONDAY)

    assert offers_for(portrait(clive.pk, NOON)) == []
    assert offer_shown(offer, at=NOON).options == ()
    assert len(offer_shown(offer, at=NOON, is_provider=True).options) == 1


def test_nobody_else_reads_an_offer(offer, una, cleo, sam):
    for each in (una, cleo, sam):
        assert offers_for(portrait(each.pk, NOON)) == []


def test_a_change_is_asked_for_taken_over_and_offered_as_the_next_round(offer, clive, mo):
    change = verbs.ask_change(latest(offer), FASTER, clive, by=clive.actor, at=NOON)
    verbs.take_change(change, by=mo.actor, at=NOON + HOUR)
    verbs.propose(option(offer, "A"), by=mo.actor, at=NOON + HOUR)

    first, second = offer_shown(offer, at=NOON).options[0].rounds
    assert first.asked[0].taken_in == second.wording
    assert second.changes == (
        "Clause R2, target: was 8 h of service hours, is 4 h of service hours.",
    )
    assert first.content.hash == text(ref="A-1").hash, "the first round stays as it was"


def test_a_change_can_be_refused_with_a_reason(offer, clive, mo):
    change = verbs.ask_change(latest(offer), FASTER, clive, by=clive.actor, at=NOON)
    refused = verbs.refuse_change(change, by=mo.actor, at=NOON, answer="Not with two people.")

    assert (refused.state, refused.answer) == ("refused", "Not with two people.")
    with pytest.raises(MoveRefused, match="answered already"):
        verbs.take_change(change, by=mo.actor, at=NOON)


def test_what_is_wanted_may_be_said_in_words_alone(offer, clive):
    wanted = Wanted("entitled", "organisation Finance", "Please cover the trainees too.")

    change = verbs.ask_change(latest(offer), wanted, clive, by=clive.actor, at=NOON)

    assert (change.part, change.field) == ("entitled", "")


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (replace(FASTER, item="R9"), "There is no clause R9 in the latest round."),
        (replace(FASTER, part="colour"), "There is no colour R2"),
        (replace(FASTER, value="soon"), "soon"),
        (replace(FASTER, field="id", value="R7"), "A counter-offer can name"),
        (replace(FASTER, value=" "), "Say what the target should be"),
        (replace(FASTER, reason=" "), "The reason is missing."),
        (replace(FASTER, reason="x" * 5000), "at most 4,000"),
        (Wanted("price", "per month", "Less.", "amount", "a lot"), "amount"),
        (Wanted("clause", "R2", "More.", "hours", "night"), "there is no [hours.night]"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_and_nothing_written(offer, clive, wanted, sentence):
    before = counts()

    with pytest.raises(BadInput) as refused:
        verbs.ask_change(latest(offer), wanted, clive, by=clive.actor, at=NOON)

    assert sentence in str(refused.value)
    assert counts() == before


def test_an_answer_to_an_older_round_is_refused(offer, clive, mo):
    old = latest(offer)
    verbs.change_option(
        option(offer, "A"), Described("Faster"), text(target="6h"), by=mo.actor, at=NOON
    )
    verbs.propose(option(offer, "A"), by=mo.actor, at=NOON)
    before = counts()

    for answer in (
        lambda: verbs.ask_change(old, FASTER, clive, by=clive.actor, at=NOON),
        lambda: verbs.accept(old, clive, by=clive.actor, at=NOON),
    ):
        with pytest.raises(BadInput, match="newer round"):
            answer()
    assert counts() == before


def test_who_may_not_answer_reads_whose_answer_is_needed(offer, cleo, sam, mo):
    before = counts()

    for each in (cleo, sam, mo):
        with pytest.raises(StandingRefused, match="Clive"):
            verbs.accept(latest(offer), each, by=each.actor, at=NOON)
        with pytest.raises(StandingRefused, match="Clive"):
            verbs.decline(option(offer, "A"), each, by=each.actor, at=NOON, reason="No.")
        with pytest.raises(StandingRefused, match="Clive"):
            verbs.ask_change(latest(offer), FASTER, each, by=each.actor, at=NOON)
    assert counts() == before


def test_after_withdrawal_nobody_answers(offer, clive, mo):
    for authority in clive.authorities.all():
        withdraw(authority, by=mo.actor, at=NOON)

    with pytest.raises(StandingRefused, match="withdrawn"):
        verbs.accept(latest(offer), clive, by=clive.actor, at=NOON + HOUR)


def test_accepting_one_option_declines_the_others_and_keeps_them_on_file(offer, clive):
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)

    declined = option(offer, "B")
    assert (declined.state, declined.answered_by, declined.answered_at) == (
        "declined",
        clive,
        NOON,
    )
    assert declined.reason == "Option A, Business days, was chosen."
    assert offer_shown(offer, at=NOON).chosen.option.letter == "A"
    assert Approval.objects.filter(subject="wording", state="open").count() == 2


def test_declining_asks_for_a_reason_and_the_last_one_ends_the_offer(offer, clive):
    with pytest.raises(BadInput, match="The reason is missing"):
        verbs.decline(option(offer, "B"), clive, by=clive.actor, at=NOON, reason=" ")

    verbs.decline(option(offer, "B"), clive, by=clive.actor, at=NOON, reason="Not this year.")
    offer.refresh_from_db()
    assert offer.state == "open"
    verbs.decline(option(offer, "A"), clive, by=clive.actor, at=NOON, reason="We wait.")
    offer.refresh_from_db()
    assert offer.state == "declined"
    with pytest.raises(MoveRefused, match="was declined"):
        verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)


def test_an_open_wish_is_answered_before_anybody_accepts(offer, clive):
    change = verbs.ask_change(latest(offer), FASTER, clive, by=clive.actor, at=NOON)
    with pytest.raises(BadInput, match="not answered yet"):
        verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)

    verbs.withdraw_change(change, clive, by=clive.actor, at=NOON)
    assert verbs.accept(latest(offer), clive, by=clive.actor, at=NOON).state == "agreed"


def test_an_offer_can_be_withdrawn_until_both_have_signed(offer, mo, clive):
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)
    verbs.withdraw_offer(offer, by=mo.actor, at=NOON)

    assert not Approval.objects.filter(state="open").exists()
    with pytest.raises(MoveRefused, match="was withdrawn"):
        verbs.withdraw_offer(offer, by=mo.actor, at=NOON)


def test_an_offer_that_stood_until_a_day_is_not_accepted_after_it(house, finance, mail, mo, clive):
    may(clive, finance)
    offer = offered(house, finance, mo)
    Offer.objects.update(answer_by=date(2026, 10, 12))

    with pytest.raises(BadInput, match="stood until 12 October 2026"):
        verbs.accept(latest(offer), clive, by=clive.actor, at=NOON + timedelta(days=1))


def test_what_could_not_be_signed_any_more_is_not_accepted_and_nothing_is_declined(offer, clive):
    before = counts()

    with pytest.raises(BadAgreement, match="would begin on 13 October 2026, which is over"):
        verbs.accept(latest(offer), clive, by=clive.actor, at=NOON + timedelta(days=8))

    assert counts() == before
    assert option(offer, "B").state == "open"


def test_what_cannot_be_seen_is_no_reason_and_is_not_kept(offer, clive):
    with pytest.raises(BadInput, match="The reason is missing"):
        verbs.decline(option(offer, "B"), clive, by=clive.actor, at=NOON, reason="\x00\u202e")

    asked = Wanted("clause", "R2", "A \u202eday\x00 is long.")
    assert verbs.ask_change(latest(offer), asked, clive, by=clive.actor, at=NOON).reason == (
        "A day is long."
    )


def test_the_same_text_is_no_new_round_and_another_currency_is_another_offer(offer, mo):
    before = counts()
    with pytest.raises(BadInput, match="word for word"):
        verbs.propose(option(offer, "A"), by=mo.actor, at=NOON)
    assert counts() == before

    dollars = Agreement.from_toml(A7.replace('"EUR"', '"USD"'), "A-7.toml")
    verbs.change_option(
        option(offer, "A"),
        Described("Dollars"),
        replace(dollars, from_on=date(2026, 10, 13)),
        by=mo.actor,
        at=NOON,
    )
    with pytest.raises(BadAgreement, match="in EUR, not in USD"):
        verbs.propose(option(offer, "A"), by=mo.actor, at=NOON)


def test_a_text_with_unknown_names_or_a_day_gone_by_is_not_offered(house, finance, mail, mo):
    offer = verbs.begin_offer(finance, house.provider, "Mail", by=mo.actor, at=MONDAY)
    before = counts()
    with pytest.raises(BadAgreement, match="'fax' is not known here"):
        verbs.add_option(offer, Described("Fax"), text(services=("fax",)), by=mo.actor, at=MONDAY)
    assert counts() == before

    late = replace(text(), from_on=date(2026, 10, 11))
    verbs.add_option(offer, Described("Late"), late, by=mo.actor, at=MONDAY)
    with pytest.raises(BadAgreement, match="which is over"):
        verbs.make_offer(offer, by=mo.actor, at=MONDAY)


def test_an_offer_for_days_that_a_version_has_is_refused(a7, house, finance, mo):
    offer = verbs.begin_offer(
        finance, house.provider, "Mail", by=mo.actor, at=MONDAY, agreement=a7.agreement
    )
    later = replace(a7_next(), from_on=date(2026, 10, 13))
    verbs.add_option(offer, Described("Later"), later, by=mo.actor, at=MONDAY)

    assert verbs.make_offer(offer, by=mo.actor, at=MONDAY).state == "open"


def a7_next() -> Agreement:
    return text(target="4h")


def test_an_offer_without_an_option_is_not_made(house, finance, mo):
    offer = verbs.begin_offer(finance, house.provider, "Mail", by=mo.actor, at=MONDAY)

    with pytest.raises(BadInput, match="Add an option first"):
        verbs.make_offer(offer, by=mo.actor, at=MONDAY)
    with pytest.raises(BadInput, match="cannot make an offer to itself"):
        verbs.begin_offer(house.provider, house.provider, "Mail", by=mo.actor, at=MONDAY)


def test_a_ref_is_counted_or_chosen_and_never_taken_twice(a7, house, finance, mo):
    begun = [
        verbs.begin_offer(finance, house.provider, "Mail", by=mo.actor, at=MONDAY, ref=ref)
        for ref in ("", "", "MAIL-1")
    ]

    assert [each.ref for each in begun] == ["A-8", "A-9", "MAIL-1"]
    for taken in ("A-7", "a-8", "MAIL-1"):
        with pytest.raises(BadInput, match="is taken"):
            verbs.begin_offer(finance, house.provider, "Mail", by=mo.actor, at=MONDAY, ref=taken)


def test_nothing_that_is_negotiated_touches_a_running_clock(a7, house, finance, mo, clive, mail):
    may(clive, finance)
    ticket = make_ticket(clive, mail)
    before = list(Clock.objects.order_by("id").values())
    offer = verbs.begin_offer(
        finance, house.provider, "Mail", by=mo.actor, at=MONDAY, agreement=a7.agreement
    )
    verbs.add_option(offer, Described("Faster"), a7_next(), by=mo.actor, at=MONDAY)
    verbs.make_offer(offer, by=mo.actor, at=MONDAY)
    change = verbs.ask_change(latest(offer), FASTER_STILL, clive, by=clive.actor, at=NOON)
    verbs.take_change(change, by=mo.actor, at=NOON)
    verbs.propose(option(offer, "A"), by=mo.actor, at=NOON)
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)

    assert list(Clock.objects.order_by("id").values()) == before
    ticket.refresh_from_db()
    assert ticket.version == a7


FASTER_STILL = replace(FASTER, value="2h")


@pytest.mark.parametrize("count", [1, 5])
def test_an_offer_of_many_rounds_costs_what_one_of_one_costs(
    house, finance, mail, mo, clive, count, django_assert_num_queries
):
    may(clive, finance)
    offer = offered(house, finance, mo)
    for number in range(1, count):
        verbs.change_option(
            option(offer, "A"),
            Described("Other"),
            text(target=f"{number + 8}h"),
            by=mo.actor,
            at=NOON,
        )
        verbs.propose(option(offer, "A"), by=mo.actor, at=NOON)
        try:
            verbs.ask_change(latest(offer), FASTER, clive, by=clive.actor, at=NOON)
        except Refusal as refusal:
            raise AssertionError(refusal) from refusal

    with django_assert_num_queries(3):
        offer_shown(offer, at=NOON)
