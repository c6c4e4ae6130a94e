"""Decide: who may read what of which month, in figures that name nobody."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import A7, make_ticket, somebody
from tests.web.decide.month import (
    COMMAND,
    HOUR,
    LONG_AGO,
    MORNING,
    READ_AT,
    SATURDAY,
    days,
    people,
    told,
)
from tricorn.agreements.verbs import activate
from tricorn.engine.agreement import Agreement
from tricorn.insight.models import Counted
from tricorn.parties import verbs as parties
from tricorn.standing.verbs import grant, record_fact
from tricorn.tickets import verbs


def test_who_signed_reads_what_is_agreed_in_plain_words(read, clive, a7):
    status, page = read(clive)

    assert status == 200
    assert "Nothing waits for you." in page
    assert "Mail for Finance" in page
    assert (
        "Every incident is resolved within 8 h of service hours, counted from when it began. "
        "That is promised for 95 % of them each month. "
        "Time spent waiting for the person asking or the supplier does not count."
    ) in page
    assert "everybody in Finance and its parts; Finance pays" in page
    assert "8,240 EUR a month" in page
    assert "4 May 2026" in page
    assert "Signed by Clive, Head of Finance, on 4 May 2026." in page
    assert "You see this because you signed it." in page
    assert "60 h a week" in page


def test_within_one_house_people_approve(read, house, mail, finance):
    group = parties.add_organisation(by=COMMAND, at=LONG_AGO, name="The company")
    for organisation in (house.provider, finance):
        organisation.parent = group
        organisation.path = f"{group.path}{organisation.pk}/"
        organisation.save()
    clive = somebody("Clive", finance)
    activate(Agreement.from_toml(A7, "A-7.toml"), by=COMMAND, at=LONG_AGO)

    _, page = read(clive)

    assert "Approved by Clive, Head of Finance, on 4 May 2026." in page
    assert "Signed by" not in page


def test_who_is_only_served_finds_no_door(read, cleo, desi, mo, sam, a7, mail):
    told(mail, cleo, desi)

    assert [read(person)[0] for person in (cleo, desi, mo, sam)] == [404, 404, 404, 404]


def test_the_month_says_on_time_with_n_and_interval_against_the_promise(
    read, clive, desi, mail, a7, finance
):
    for n, person in enumerate(people(20, finance)):
        told(mail, person, desi, takes=days(3) if n < 5 else HOUR)

    _, page = read(clive)

    assert "October 2026" in page
    assert "<strong>75 %</strong> on time: Resolved, incident: 8 h of service hours" in page
    assert "promised 95 %, n 20, 53–89 %" in page
    assert "less than promised" in page
    assert "<strong>100 %</strong> on time: First answer: 1 h of service hours" in page
    assert "<strong>20</strong> reports" in page
    assert "still undecided none, cancelled none" in page


def test_nobody_is_named_in_the_month(read, clive, desi, mail, a7, finance):
    crowd = people(9, finance)
    for person in crowd:
        told(mail, person, desi)

    _, page = read(clive)

    assert not any(person.name in page or person.email in page for person in crowd)
    assert desi.name not in page


def test_four_people_are_too_few_for_any_figure(read, clive, desi, mail, a7, finance):
    for person in people(4, finance):
        for hour in range(3):
            told(mail, person, desi, at=MORNING + hour * HOUR)

    _, page = read(clive)

    assert "is about fewer than five people, so there are no figures." in page
    assert "on time" not in page
    assert "<strong>12</strong>" not in page
    assert "n 12" not in page


def test_the_fewest_people_is_a_setting(read, clive, desi, mo, mail, a7, finance):
    parties.change_house(by=mo.actor, at=LONG_AGO, changes={"fewest": 3})
    for person in people(4, finance):
        told(mail, person, desi)

    _, page = read(clive)

    assert "<strong>4</strong> reports" in page
    assert "fewer than three people" in page


def test_one_late_report_of_forty_is_a_bound(read, clive, desi, mail, a7, finance):
    for n, person in enumerate(people(40, finance)):
        told(mail, person, desi, takes=days(3) if n == 0 else HOUR)

    _, page = read(clive)

    assert "<strong>at least 90 %</strong> on time: Resolved, incident" in page
    assert "97.5 %" not in page
    assert "n 40; the rest is about fewer than five people" in page


def test_one_complaint_cannot_be_had_from_the_total(read, clive, desi, mail, a7, finance):
    crowd = people(12, finance)
    for person in crowd[:11]:
        told(mail, person, desi)
    told(mail, crowd[11], desi, kind="complaint")

    _, page = read(clive)

    assert "complaint fewer than five" in page
    assert not ("<strong>12</strong> reports" in page and "incident 11" in page)


def test_anonymous_reports_count_as_one_person_each(
    read, clive, desi, mail, a7, finance, reception
):
    text = A7.replace('organisation = "Finance"', 'place = "reception"').replace("A-7", "A-8")
    activate(Agreement.from_toml(text, "A-8.toml"), by=COMMAND, at=LONG_AGO)
    for _ in range(6):
        told(mail, None, desi, place=reception)

    _, page = read(clive)

    assert "<strong>6</strong> reports" in page


def test_the_saturday_shows_both_truths_to_the_one_whom_it_hurt(read, clive, desi, mail, a7):
    told(mail, clive, desi, at=SATURDAY, takes=days(2) - HOUR)

    _, page = read(clive)

    assert "Your own:" in page
    assert "its promise was kept, and 46 h passed while the desk was closed" in page
    assert "is about fewer than five people, so there are no figures." in page


def test_hours_waited_while_closed_are_added_up_over_five_people(
    read, clive, desi, mail, a7, finance
):
    for person in people(5, finance):
        told(mail, person, desi, at=SATURDAY, takes=days(2) - HOUR)

    _, page = read(clive)

    assert "<strong>100 %</strong> on time: Resolved" in page
    assert "<strong>230 h</strong> waited while closed" in page
    assert "5 reports" in page
    assert "Your own" not in page


def test_satisfaction_says_how_many_answered(read, clive, desi, mail, a7, finance):
    for n, person in enumerate(people(20, finance)):
        ticket = told(mail, person, desi)
        if n < 12:
            score = 5 if n < 6 else 2
            verbs.rate(ticket, by=person.actor, at=MORNING + days(1), score=score)

    _, page = read(clive)

    assert "<strong>50 %</strong> satisfied" in page
    assert "n 12, 25–75 %" in page


def test_what_is_open_or_cancelled_is_counted_and_not_in_the_share(
    read, clive, desi, mail, a7, finance
):
    late_october = datetime(2026, 10, 30, 16, tzinfo=UTC)  # due in November
    crowd = people(24, finance)
    for person in crowd[:12]:
        told(mail, person, desi)
    for person in crowd[12:18]:
        told(mail, person, desi, at=late_october, ends=False)
    for person in crowd[18:]:
        ticket = told(mail, person, desi, ends=False)
        verbs.cancel(ticket, by=person.actor, at=MORNING + HOUR)

    _, page = read(clive)

    assert "n 12, " in page
    assert "still undecided 6, cancelled 6" in page


def test_open_past_its_promise_is_late(read, clive, desi, mail, a7, finance):
    for person in people(10, finance):
        told(mail, person, desi, ends=False)

    _, page = read(clive)

    assert "<strong>0 %</strong> on time: Resolved" in page


def test_what_ends_within_ninety_days_is_said(read, clive, mail, finance):
    text = A7.replace("from = 2026-05-04", "from = 2026-05-04\nto = 2026-12-31")
    activate(Agreement.from_toml(text, "A-7.toml"), by=COMMAND, at=LONG_AGO)

    _, page = read(clive)

    assert "Mail for Finance ends on 31 December 2026; nothing follows it yet." in page


def test_who_oversees_the_provider_reads_every_agreement(read, sam, mo, a7):
    record_fact(sam, "oversees", by=mo.actor, at=LONG_AGO, words="chairs the committee")

    status, page = read(sam)

    assert status == 200
    assert "You see this because you oversee the provider." in page


def test_who_holds_the_budget_reads_the_agreement_of_their_house_alone(read, mo, sam, mail, a7):
    other = parties.add_organisation(by=COMMAND, at=LONG_AGO, name="Library")
    lou = somebody("Lou", other)
    record_fact(lou, "budget", by=mo.actor, at=LONG_AGO, words="budget 2026", service=mail)
    record_fact(lou, "paid", by=mo.actor, at=LONG_AGO, words="paid", service=mail)

    status, page = read(lou)

    assert status == 200
    assert "Mail for Finance" not in page
    assert "No agreement is in force" in page


def test_who_may_sign_for_the_client_reads_its_agreement(read, sam, mo, finance, a7):
    grant(sam, finance, ["sign"], by=mo.actor, at=LONG_AGO)

    _, page = read(sam)

    assert "You see this because you may sign for Finance." in page


def test_another_month_is_chosen_by_its_address(read, clive, desi, mail, a7, finance):
    for person in people(5, finance):
        told(mail, person, desi, at=MORNING - days(30))

    _, september = read(clive, "/decide/?month=2026-09")

    assert "September 2026" in september
    assert "<strong>5</strong> reports" in september
    assert "?month=2026-10" in september


@pytest.mark.parametrize("month", ["2026-11", "2027-01", "2026-13", "x", "<script>", "٢٠٢٦-١٠"])
def test_a_month_that_has_not_ended_or_is_none_is_not_there(read, clive, a7, month):
    assert read(clive, f"/decide/?month={month}")[0] == 404


def test_a_month_stays_as_it_was_read_when_something_ends_later(
    read, clive, desi, mail, a7, finance
):
    late_october = datetime(2026, 10, 30, 16, tzinfo=UTC)
    crowd = people(12, finance)
    for person in crowd[:11]:
        told(mail, person, desi)
    ticket = told(mail, crowd[11], desi, at=late_october, ends=False)
    _, before = read(clive)
    verbs.resolve(ticket, by=desi.actor, at=READ_AT, note="It works again.")
    _, after = read(clive)
    Counted.objects.all().delete()
    _, anew = read(clive)

    assert figures(before) == figures(after) == figures(anew)


def figures(page):
    return page[page.index('id="month"') : page.index("What is agreed")]


def test_a_month_is_counted_again_when_an_import_brings_more(read, clive, desi, mail, a7, finance):
    crowd = people(12, finance)
    for person in crowd[:6]:
        told(mail, person, desi)
    read(clive)
    for person in crowd[6:]:
        told(mail, person, desi)

    _, page = read(clive)

    assert "<strong>12</strong> reports" in page


def test_a_page_costs_the_same_for_one_report_and_for_fifty(client, clive, desi, mail, a7, finance):
    client.force_login(clive)
    crowd = people(25, finance)
    told(mail, crowd[0], desi)
    few = queries(client)
    for person in crowd:
        told(mail, person, desi)
        told(mail, person, desi, kind="request")
    many = queries(client)

    assert few == many
    assert len(few) <= 30


def queries(client):
    """The queries of a page whose month has been counted."""
    client.get("/decide/")
    with CaptureQueriesContext(
        connection,
    ) as found:
        client.get("/decide/")
    return [query["sql"].split(" WHERE ")[0] for query in found]


def test_ones_own_matter_that_ends_in_a_full_stop_reads_on(read, clive, mail, a7):
    make_ticket(clive, mail, at=SATURDAY, text="Mail is down.")

    _, page = read(clive)

    assert "Mail is down</a>, " in page
