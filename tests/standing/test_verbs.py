"""Recording facts, granting authority, giving duties, counting uses: once, with dates, refusable."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, somebody
from tricorn.engine.errors import BadInput
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import Person
from tricorn.standing.models import Authority, Duty, Fact, Use
from tricorn.standing.portrait import portrait
from tricorn.standing.verbs import (
    end_duty,
    end_fact,
    give_duty,
    grant,
    record_fact,
    shut_out,
    take_back_tally,
    tally,
    withdraw,
)

WHO = {"by": COMMAND, "at": NOON}
SECOND = timedelta(seconds=1)


def everything() -> list:
    models = (Fact, Use, Duty, Authority, Line, Person)
    return [list(model.objects.order_by("pk").values()) for model in models]


def refused(said: str, verb, *args, **kwargs) -> None:
    before = everything()
    with pytest.raises(BadInput) as refusal:
        verb(*args, **{**WHO, **kwargs})
    assert said in str(refusal.value)
    assert everything() == before


def oversees(person, service, at) -> bool:
    return portrait(person.pk, at).facts(service.pk).oversees


def test_what_no_record_shows_is_recorded_with_how_it_is_known(clive, mail):
    fact = record_fact(clive, "oversees", words=" Minutes of\n1 May ", service=mail, **WHO)

    assert fact.words == "Minutes of 1 May"
    assert oversees(clive, mail, NOON)
    assert not oversees(clive, mail, NOON - SECOND)
    line = Line.objects.last()
    assert line.data == {"fact": fact.pk, "what": "oversees", "service": mail.pk}


def test_a_fact_for_no_service_in_particular_holds_for_every_service(clive, mail):
    record_fact(clive, "oversees", words="Board", **WHO)

    assert oversees(clive, mail, NOON)


@pytest.mark.parametrize("kind", ["signed", "entitled", "aware", "voice", "used", "", "boss"])
def test_what_records_show_is_not_written_by_hand(clive, kind):
    refused(
        "comes from records and is not written by hand.", record_fact, clive, kind, words="I say so"
    )


@pytest.mark.parametrize("words", ["", " \0 ", "w" * 201])
def test_a_fact_needs_its_evidence_in_few_words(clive, words):
    refused("The evidence ", record_fact, clive, "budget", words=words)


def test_a_fact_does_not_end_before_it_begins(clive):
    for until in (NOON, NOON - HOUR):
        refused("would end before it begins", record_fact, clive, "budget", words="B", until=until)


def test_a_fact_ends_once_and_stays_on_record(clive, mail):
    fact = record_fact(clive, "oversees", words="Board", by=COMMAND, at=MONDAY)

    end_fact(fact, **WHO)

    assert oversees(clive, mail, NOON - SECOND)
    assert not oversees(clive, mail, NOON)
    refused("This fact has ended already.", end_fact, fact, at=NOON + HOUR)


def test_a_fact_that_is_still_to_come_can_be_called_off(clive, mail):
    fact = record_fact(clive, "oversees", words="Board", since=NOON + HOUR, **WHO)

    end_fact(fact, **WHO)

    assert not oversees(clive, mail, NOON + 2 * HOUR)


def test_what_a_record_shows_ends_with_the_record(a7, clive):
    refused("comes from a record and ends with it.", end_fact, Fact.objects.get(kind="signed"))
    refused("comes from a record", end_fact, Fact.objects.get(kind="entitled"))


def test_authority_is_granted_within_limits_and_dates_and_withdrawn(clive, finance, mail):
    granted = grant(
        clive, finance, ["sign", "approve", "sign"], up_to=Decimal(500), currency="eur", **WHO
    )

    assert [(each.may, each.currency) for each in granted] == [("sign", "EUR"), ("approve", "EUR")]
    assert portrait(clive.pk, NOON).standing(mail.pk).may == {"sign", "approve"}
    withdraw(granted[0], by=COMMAND, at=NOON + HOUR)
    assert portrait(clive.pk, NOON + HOUR).standing(mail.pk).may == {"approve"}
    refused("was withdrawn already", withdraw, granted[0], at=NOON + 2 * HOUR)
    kinds = list(Line.objects.values_list("kind", flat=True))[-2:]
    assert kinds == ["person.authority_granted", "person.authority_withdrawn"]


@pytest.mark.parametrize(
    ("may", "more", "said"),
    [
        ([], {}, "Choose what Clive may do"),
        (["rule"], {}, "An authority is to accept, admit, approve, decide, sign, not 'rule'."),
        (["sign"], {"until": NOON}, "would end before it begins"),
        (["sign"], {"up_to": Decimal(-1)}, "The limit is an amount"),
        (["sign"], {"up_to": Decimal(10) ** 12}, "The limit is an amount"),
        (["sign"], {"up_to": Decimal("NaN")}, "The limit is an amount"),
    ],
)
def test_an_authority_that_cannot_be_is_refused(clive, finance, may, more, said):
    refused(said, grant, clive, finance, may, **more)


def test_nobody_is_their_own_deputy(clive, finance):
    refused("cannot be their own deputy", grant, clive, finance, ["sign"], deputy=clive)


def test_a_duty_is_given_once(una, mail):
    first = give_duty(una, "desk", service=mail, **WHO)
    before = everything()

    assert give_duty(una, "desk", service=mail, **WHO) == first
    assert everything() == before
    refused("A duty is one of desk, manage, not 'cook'.", give_duty, una, "cook")


def test_a_duty_ends_once(desi, mail):
    duty = desi.duties.get()

    end_duty(duty, **WHO)

    assert portrait(desi.pk, NOON - SECOND).duties_for(mail.pk) == {"desk"}
    assert portrait(desi.pk, NOON).duties_for(mail.pk) == set()
    refused("This duty has ended already.", end_duty, duty, at=NOON + HOUR)


def test_the_last_manager_stays(mo, mail, house):
    duty = mo.duties.get()
    give_duty(somebody("Lea", house.provider), "manage", by=COMMAND, at=LONG_AGO, service=mail)

    refused("This is the last manager.", end_duty, duty)
    refused("Mo is the last manager.", shut_out, mo)


def test_the_last_manager_who_may_sign_in_stays(mo, house):
    max_ = somebody("Max", house.provider)
    give_duty(max_, "manage", by=COMMAND, at=LONG_AGO)
    shut_out(max_, **WHO)

    refused("This is the last manager.", end_duty, mo.duties.get())


def test_with_two_managers_one_may_go(mo, house):
    give_duty(somebody("Max", house.provider), "manage", by=COMMAND, at=LONG_AGO)

    end_duty(mo.duties.get(), **WHO)

    assert portrait(mo.pk, NOON).duties == ()


def test_a_tally_counts_uses_of_people_who_report_nothing(mail, reception, una):
    use = tally(mail, reception, count=12, host=una, **WHO)

    assert (use.count, use.person, use.host, use.place) == (12, None, una, reception)
    assert Line.objects.last().kind == "service.tallied"
    for count in (0, -1, 501):
        refused("A tally counts 1 to 500 people at once.", tally, mail, reception, count=count)


def test_a_tally_is_taken_back_once(mail, reception):
    use = tally(mail, reception, **WHO)

    take_back_tally(use, **WHO)

    assert not Use.objects.exists()
    refused("This tally was taken back already.", take_back_tally, use)
