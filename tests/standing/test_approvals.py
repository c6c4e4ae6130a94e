"""Asking whoever has the authority, and what they answer."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import LONG_AGO, MONDAY, NOON, somebody
from tricorn.engine.errors import BadInput, MoveRefused, Refusal, StandingRefused
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.verbs import add_organisation
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked
from tricorn.standing.models import Answer, Approval
from tricorn.standing.verbs import go_away, grant, record_fact, set_quorum, shut_out, withdraw

DAY = timedelta(days=1)
WHO = {"by": COMMAND, "at": LONG_AGO}


@pytest.fixture
def pia(finance):
    return somebody("Pia", finance)


@pytest.fixture
def to_sign(finance, mail):
    return Asked(finance, "sign", (mail,), Decimal(4800), "EUR", "year")


def ask(asked, at=NOON, number=7):
    return approvals.ask("offer", number, asked, words="Saturday cover", by=COMMAND, at=at)


def answer(approval, person, yes=True, at=NOON, **more):
    return approvals.answer(approval, person, yes, by=person.actor, at=at, **more)


def kinds(approval):
    return [line.kind for line in Line.objects.about("approval", approval.pk)]


def refused(said, kind, verb, *args, **more):
    """The verb is refused with these words, and nothing was written."""
    before = Line.objects.count(), Answer.objects.count(), Approval.objects.count()
    with pytest.raises(kind) as refusal:
        verb(*args, **more)
    assert said in str(refusal.value)
    assert (Line.objects.count(), Answer.objects.count(), Approval.objects.count()) == before


def test_who_holds_the_authority_may_and_the_yes_settles_it(clive, finance, to_sign):
    (held,) = grant(clive, finance, ["sign"], up_to=Decimal(5000), currency="EUR", **WHO)
    signer = approvals.require(clive, to_sign, at=NOON)
    assert (signer.person, signer.authority, signer.capacity) == (clive, held, "holder")
    assert (signer.acting_for, signer.up_to) == (None, Decimal(5000))

    approval = ask(to_sign)
    assert approvals.waiting_for(clive, NOON) == [approval]
    approval = answer(approval, clive)

    assert (approval.state, approval.settled_at) == ("given", NOON)
    assert kinds(approval) == ["approval.asked", "approval.answered"]
    row = approval.answers.get()
    assert (row.authority, row.acting_for, row.capacity, row.yes) == (held, None, "holder", True)
    assert approvals.waiting_for(clive, NOON) == []


def test_a_limit_that_is_too_low_is_named_with_whose_signature_is_needed(
    clive, cleo, finance, to_sign
):
    grant(clive, finance, ["sign"], **WHO)
    grant(cleo, finance, ["sign"], up_to=Decimal(1000), currency="EUR", **WHO)
    approval = ask(to_sign)

    sentence = (
        "Only Clive can sign for Finance up to 4,800 EUR a year; your own limit is 1,000 EUR. "
        "Ask Clive."
    )
    assert approvals.refusal(cleo, to_sign, at=NOON) == sentence
    assert approvals.refusal(clive, to_sign, at=NOON) is None
    refused(sentence, StandingRefused, answer, approval, cleo)
    refused(sentence, StandingRefused, approvals.require, cleo, to_sign, at=NOON)


def test_after_a_withdrawal_and_before_a_beginning_it_is_said_since_when(
    clive, cleo, pia, finance, to_sign
):
    (held,) = grant(clive, finance, ["sign"], **WHO)
    grant(pia, finance, ["sign"], **WHO)
    grant(cleo, finance, ["sign"], since=NOON + 50 * DAY, by=COMMAND, at=LONG_AGO)
    approval = ask(to_sign, MONDAY)
    withdraw(held, by=COMMAND, at=MONDAY)

    only = "Only Pia can sign for Finance up to 4,800 EUR a year. Ask Pia."
    refused(
        f"Your authority was withdrawn on 12 October 2026. {only}",
        StandingRefused,
        answer,
        approval,
        clive,
    )
    refused(
        f"Your authority begins on 1 December 2026. {only}",
        StandingRefused,
        answer,
        approval,
        cleo,
    )


def test_a_limit_in_another_currency_does_not_help(cleo, finance, to_sign):
    grant(cleo, finance, ["sign"], up_to=Decimal(10**6), currency="USD", **WHO)

    assert approvals.refusal(cleo, to_sign, at=NOON) == (
        "Nobody may sign for Finance up to 4,800 EUR a year yet; "
        "your own limit is 1,000,000 USD. A manager can grant it under Manage, People."
    )


def test_where_nobody_may_nothing_can_be_asked(to_sign, sam):
    said = "Nobody may sign for Finance up to 4,800 EUR a year yet. A manager can grant it"
    refused(said, BadInput, ask, to_sign)
    assert said in approvals.refusal(sam, to_sign, at=NOON)


def test_a_deputy_acts_while_the_holder_is_away_and_within_their_limits(
    clive, cleo, finance, mail, to_sign
):
    grant(clive, finance, ["sign"], up_to=Decimal(5000), currency="EUR", deputy=cleo, **WHO)
    assert approvals.refusal(cleo, to_sign, at=NOON).startswith(
        "You stand in for Clive only while they are away. Only Clive can sign"
    )

    go_away(clive, by=clive.actor, at=MONDAY, until=NOON + DAY)

    signer = approvals.require(cleo, to_sign, at=NOON)
    assert (signer.acting_for, signer.capacity, str(signer)) == (clive, "deputy", "Cleo for Clive")
    assert "Cleo" in approvals.signers(to_sign, at=NOON).names()
    higher = Asked(finance, "sign", (mail,), Decimal(5001), "EUR")
    assert "Nobody may sign" in approvals.refusal(cleo, higher, at=NOON)
    assert approvals.refusal(cleo, to_sign, at=NOON + DAY) is not None


def test_a_chain_of_deputies_goes_on(clive, cleo, pia, una, finance, to_sign):
    grant(clive, finance, ["sign"], deputy=cleo, **WHO)
    go_away(clive, by=COMMAND, at=MONDAY)
    go_away(cleo, by=COMMAND, at=MONDAY, deputy=pia)
    go_away(pia, by=COMMAND, at=MONDAY, deputy=una)

    assert [(s.person, s.acting_for) for s in approvals.signers(to_sign, at=NOON).people] == [
        (clive, None),
        (una, clive),
    ]


def test_a_circle_of_deputies_is_refused_when_it_is_named(clive, cleo, pia, finance):
    grant(clive, finance, ["sign"], deputy=cleo, **WHO)
    go_away(cleo, by=COMMAND, at=MONDAY, deputy=pia)

    said = (
        "Clive cannot stand in for Pia: for Clive stands Cleo, for Cleo stands Pia, "
        "and so in a circle. Name somebody else."
    )
    refused(said, BadInput, go_away, pia, by=COMMAND, at=NOON, deputy=clive)
    refused(said, BadInput, grant, pia, finance, ["sign"], by=COMMAND, at=NOON, deputy=clive)
    grant(cleo, finance, ["accept"], by=COMMAND, at=NOON, deputy=clive)


def test_two_are_needed_and_a_holder_with_their_deputy_has_one_voice(
    clive, cleo, pia, finance, to_sign
):
    grant(clive, finance, ["sign"], deputy=cleo, **WHO)
    grant(pia, finance, ["sign"], **WHO)
    set_quorum(finance, "sign", 2, above=Decimal(1000), currency="EUR", **WHO)
    go_away(clive, by=COMMAND, at=MONDAY)
    approval = ask(to_sign)
    assert approval.needed == 2

    approval = answer(approval, cleo)
    assert (approval.state, approval.answers.get().acting_for) == ("open", clive)
    refused("answered already for Clive", StandingRefused, answer, approval, clive)
    refused("You have answered this already", MoveRefused, answer, approval, cleo)
    assert answer(approval, pia).state == "given"


def test_a_person_counts_once_however_many_they_stand_for(clive, cleo, pia, finance, to_sign):
    grant(clive, finance, ["sign"], deputy=cleo, **WHO)
    grant(pia, finance, ["sign"], deputy=cleo, **WHO)
    set_quorum(finance, "sign", 2, **WHO)
    for each in (clive, pia):
        go_away(each, by=COMMAND, at=MONDAY)
    approval = answer(ask(to_sign), cleo)

    assert approval.state == "open"
    refused("You have answered this already", MoveRefused, answer, approval, cleo)


def test_more_than_there_are_is_said_when_it_is_set_and_when_it_is_asked(
    clive, pia, finance, to_sign
):
    grant(clive, finance, ["sign"], **WHO)
    said = "It takes two people to sign for Finance, and only Clive may."
    refused(said, BadInput, set_quorum, finance, "sign", 2, **WHO)

    (second,) = grant(pia, finance, ["sign"], **WHO)
    set_quorum(finance, "sign", 2, **WHO)
    withdraw(second, by=COMMAND, at=MONDAY)

    refused("It takes two people to sign for Finance up to 4,800 EUR", BadInput, ask, to_sign)


def test_it_is_refused_when_too_few_are_left_to_agree(clive, cleo, pia, finance, to_sign):
    for each in (clive, cleo, pia):
        grant(each, finance, ["sign"], **WHO)
    set_quorum(finance, "sign", 2, **WHO)
    approval = ask(to_sign)

    assert answer(approval, clive, False, reason="Too dear").state == "open"
    assert answer(approval, cleo, False).state == "refused"
    refused("This was refused already", MoveRefused, answer, approval, pia)


def test_what_is_withdrawn_is_asked_no_longer_and_can_be_asked_anew(clive, finance, to_sign):
    grant(clive, finance, ["sign"], **WHO)
    approval = ask(to_sign)
    approvals.withdraw_request(approval, by=COMMAND, at=NOON)

    refused("no longer asked", MoveRefused, answer, approval, clive)
    refused("no longer asked", MoveRefused, approvals.withdraw_request, approval, **WHO)
    assert ask(to_sign) != approval


def test_the_same_question_twice_is_once_and_another_one_is_refused(clive, finance, mail, to_sign):
    grant(clive, finance, ["sign"], **WHO)
    approval = ask(to_sign)

    assert ask(to_sign, NOON + DAY) == approval
    other = Asked(finance, "sign", (mail,), Decimal(4900), "EUR")
    refused("Something else is asked about this already", BadInput, ask, other)


def test_authority_holds_for_what_is_below_and_not_for_what_is_above(clive, cleo, finance, mail):
    payroll = add_organisation(name="Payroll", parent=finance, **WHO)
    grant(clive, finance, ["sign"], **WHO)
    grant(cleo, payroll, ["sign"], **WHO)

    below = approvals.signers(Asked(payroll, "sign", (mail,)), at=NOON)
    assert [each.person for each in below.people] == [cleo, clive]
    above = approvals.signers(Asked(finance, "sign", (mail,)), at=NOON)
    assert [each.person for each in above.people] == [clive]


def test_a_line_manager_stands_in_within_the_house_and_only_where_nobody_holds_authority(
    clive, cleo, mo, finance, mail, house
):
    board = add_organisation(name="Registry", parent=house.provider, **WHO)
    inside, outside = Asked(board, "sign", (mail,)), Asked(finance, "sign", (mail,))
    record_fact(cleo, "linemgr", words="heads the house", **WHO)

    assert approvals.require(cleo, inside, at=NOON).capacity == "line manager"
    assert approvals.refusal(cleo, outside, at=NOON) is not None
    grant(clive, board, ["sign"], up_to=Decimal(1), currency="EUR", **WHO)
    assert "Only Clive can approve for Registry" in approvals.refusal(cleo, inside, at=NOON)


def test_managers_sign_for_the_provider_where_nobody_holds_authority(mo, desi, house, mail):
    asked = Asked(house.provider, "sign", (mail,))

    signer = approvals.require(mo, asked, at=NOON)
    assert (signer.capacity, signer.authority) == ("manager", None)
    assert "Only Mo can" in approvals.refusal(desi, asked, at=NOON)
    assert answer(ask(asked), mo).answers.get().capacity == "manager"


def test_who_can_no_longer_sign_in_signs_nothing(clive, cleo, mo, finance, to_sign):
    grant(clive, finance, ["sign"], deputy=cleo, **WHO)
    go_away(clive, by=COMMAND, at=MONDAY)
    shut_out(clive, by=COMMAND, at=MONDAY)

    assert approvals.signers(to_sign, at=NOON).people == ()


def test_reminders_come_three_times_and_then_it_goes_to_those_around(
    clive, cleo, mo, finance, to_sign
):
    grant(clive, finance, ["sign"], deputy=cleo, **WHO)
    approval = ask(to_sign)

    assert approvals.remind_due(NOON + 3 * DAY - timedelta(seconds=1)) == 0
    for day in (3, 6, 9, 12):
        assert approvals.remind_due(NOON + day * DAY) == 1
        assert approvals.remind_due(NOON + day * DAY) == 0
    assert approvals.remind_due(NOON + 99 * DAY) == 0
    assert kinds(approval) == ["approval.asked", *["approval.reminded"] * 3, "approval.escalated"]
    told = [line.data["people"] for line in Line.objects.about("approval", approval.pk)]
    assert told == [*[[clive.pk]] * 4, [clive.pk, cleo.pk, mo.pk]]
    approval.refresh_from_db()
    assert (approval.reminded, approval.escalated_at) == (3, NOON + 12 * DAY)


def test_what_is_answered_is_not_reminded_of(clive, finance, to_sign):
    grant(clive, finance, ["sign"], **WHO)
    answer(ask(to_sign), clive)

    assert approvals.remind_due(NOON + 99 * DAY) == 0


@pytest.mark.parametrize("deed", ["bless", ""])
def test_what_is_no_deed_cannot_be_asked(clive, finance, deed):
    refused("One is asked to", Refusal, ask, Asked(finance, deed))


def test_any_number_of_rows_takes_the_same_queries(clive, cleo, finance, to_sign):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as one:
            approvals.signers(to_sign, at=NOON)
        with CaptureQueriesContext(connection) as other:
            approvals.waiting_for(clive, NOON)
        return len(one), len(other)

    grant(clive, finance, ["sign"], deputy=cleo, **WHO)
    ask(to_sign)
    few = queries()
    for number in range(8):
        person = somebody(f"P{number}", finance)
        grant(person, finance, ["sign"], **WHO)
        go_away(person, by=COMMAND, at=MONDAY, deputy=cleo)
        ask(to_sign, number=100 + number)

    assert queries() == few == (8, 11)
