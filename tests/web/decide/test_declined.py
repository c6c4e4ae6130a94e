"""The Saturday, end to end, and every other way in which a declined option comes back."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.agreements.offering import may, saturdays, text
from tests.cast import A7, somebody
from tests.insight.considering import FOURTH_OF_MAY, WHY, declined
from tests.web.decide.month import HOUR, READ_AT, SATURDAY, days, people, told
from tricorn.agreements import verbs as agreements
from tricorn.agreements.verbs import Described
from tricorn.engine.agreement import Entitled, Price
from tricorn.engine.errors import MoveRefused, StandingRefused
from tricorn.journal.models import Line
from tricorn.tickets import verbs
from tricorn.tickets.models import Clock
from tricorn.tickets.verbs import Noted

TO_MONDAY = timedelta(hours=46, minutes=55)
SAID = (
    "“With Saturdays” was considered on 4 May: 400 EUR a month more. "
    "Since then 6 months, 2,400 EUR kept."
)
OWN = (
    "It would have covered yours of Saturday 10 October, 10:00: 3 h of the 46 h while closed. "
    "Help would have started at once."
)


@pytest.fixture
def option(house, finance, mail, mo, clive):
    return declined(house, finance, mo, clive)


def waited(mail, persons, desi, *, at=SATURDAY):
    return [told(mail, person, desi, at=at, takes=TO_MONDAY) for person in persons]


def mail_down(mail, desi, *, at=SATURDAY, until=SATURDAY + TO_MONDAY):
    outage = verbs.begin_outage(Noted(services=(mail,), began_at=at), by=desi.actor, at=at)
    return verbs.end_outage(outage, by=desi.actor, at=until)


def october(page):
    return page[page.index('id="month"') : page.index('id="signed"')]


def test_the_saturday_end_to_end(read, client, option, clive, desi, mail, at):
    """Signed 8 to 8, Saturdays declined, hurt on a Saturday: both truths, and the option again."""
    at(SATURDAY)
    client.force_login(clive)
    given = {"text": "Mail is down", "service": mail.pk, "kind": "incident"}
    assert client.post("/my/ask/", given).status_code == 302
    ticket = clive.requested.get()
    _, asked = read(clive, f"/my/{ticket.ref}/")
    assert "The desk opens Monday 08:00, in 2 days." in asked, "told at once when help starts"
    assert "08–20 on business days" in asked
    at(SATURDAY + HOUR)
    _, now = read(clive)
    assert "it is still open, and 1 h passed while the desk was closed" in now
    assert SAID.replace("6 months, 2,400", "5 months, 2,000") in now

    monday = SATURDAY + timedelta(hours=46)
    verbs.answer(ticket, by=desi.actor, at=monday + HOUR / 6, text="We are on it.")
    verbs.resolve(ticket, by=desi.actor, at=monday + HOUR, note="Mail runs again.")
    clock = Clock.objects.get(ticket=ticket, measure="resolution")
    assert clock.is_met, "by its clause it is not late"
    assert clock.closed_seconds == 46 * 3600

    at(READ_AT)
    _, page = read(clive)
    assert "its promise was kept, and 46 h passed while the desk was closed" in page
    assert f"{SAID}" in page
    assert OWN in page
    assert page.index("Your own:") < page.index(SAID) < page.index(OWN)
    _, desk = read(desi, f"/desk/t/{ticket.ref}/")
    assert "While the service was closed, another 46 hours passed." in desk, (
        "the provider sees it too"
    )


def test_without_anything_that_it_would_have_covered_it_rests(read, option, clive, desi, mail):
    told(mail, clive, desi)

    assert "was considered" not in read(clive)[1]


def test_five_peoples_reports_bring_it_back_with_their_hours(
    read, option, clive, desi, mail, finance
):
    waited(mail, people(5, finance), desi)

    page = october(read(clive)[1])

    assert SAID in page
    assert (
        "It would have covered 5 reports of October 2026: 15 h of what they waited while closed."
        in page
    )
    assert "yours" not in page


def test_four_peoples_reports_do_not(read, option, clive, desi, mail, finance):
    for person in people(4, finance):
        waited(mail, [person] * 3, desi)

    assert "was considered" not in read(clive)[1]


def test_fewer_than_five_others_are_not_told_from_those_it_would_have_covered(
    read, option, clive, desi, mail, finance
):
    """Seven waited, five of them on the Saturday: two on a night would be the difference."""
    crowd = people(7, finance)
    waited(mail, crowd[:5], desi)
    night = datetime(2026, 10, 13, 19, tzinfo=UTC)
    for person in crowd[5:]:
        told(mail, person, desi, at=night, takes=timedelta(hours=14))

    page = october(read(clive)[1])

    assert "<strong>7</strong> reports" in page
    assert "5 reports" not in page
    assert "15 h" not in page
    assert "It would have covered five or more reports of October 2026." in page


def test_hours_are_not_said_where_the_rest_would_be_of_a_few(
    read, house, finance, mail, mo, clive, desi
):
    """All five waited on Saturday morning; one of them waited on: 15 h would tell how long."""
    option = declined(house, finance, mo, clive)
    crowd = people(5, finance)
    for n, person in enumerate(crowd):
        takes = TO_MONDAY if n == 0 else timedelta(hours=2)
        told(mail, person, desi, at=SATURDAY, takes=takes)

    page = october(read(clive)[1])

    assert option.name in page
    assert "It would have covered 5 reports of October 2026." in page
    assert "h of what they waited" not in page


def test_of_two_options_only_one_says_hours(read, house, finance, mail, mo, clive, desi):
    declined(house, finance, mo, clive)
    offer = agreements.begin_offer(
        finance, house.provider, "More", by=mo.actor, at=FOURTH_OF_MAY + HOUR
    )
    longer = A7.replace('fri = ["08:00-20:00"]', 'fri = ["08:00-20:00"]\nsat = ["08:00-18:00"]')
    content = replace(type(text()).from_toml(longer, "x"), signed=(), from_on=date(2026, 5, 4))
    one = agreements.add_option(
        offer, Described("All Saturday"), content, by=mo.actor, at=FOURTH_OF_MAY + HOUR
    )
    agreements.make_offer(offer, by=mo.actor, at=FOURTH_OF_MAY + HOUR)
    agreements.decline(one, clive, by=clive.actor, at=FOURTH_OF_MAY + HOUR, reason=WHY)
    waited(mail, people(6, finance), desi)

    page = october(read(clive)[1])

    assert page.count("It would have covered 6 reports of October 2026") == 2
    assert page.count("h of what they waited") == 1


def test_an_outage_brings_it_back_and_is_about_nobody(read, option, clive, desi, mail):
    mail_down(mail, desi)

    page = october(read(clive)[1])

    assert (
        "Mail was down from Saturday 10 October, 10:00 to Monday 12 October, 08:55. "
        "It would have covered 3 h of it." in page
    )
    assert "An outage is about the service as a whole, and about nobody in particular." in page


def test_an_outage_in_service_hours_does_not(read, option, clive, desi, mail):
    monday = datetime(2026, 10, 12, 8, tzinfo=UTC)
    mail_down(mail, desi, at=monday, until=monday + HOUR)

    assert "was considered" not in read(clive)[1]


def test_what_lasts_now_brings_it_back_at_once(read, option, clive, desi, mail, at):
    verbs.begin_outage(Noted(services=(mail,), began_at=SATURDAY), by=desi.actor, at=SATURDAY)
    at(SATURDAY + HOUR)

    _, page = read(clive)

    assert (
        "Mail has been down since Saturday 10 October, 10:00. It would have covered 1 h of it."
        in page
    )


def test_a_declined_offer_without_any_agreement_comes_back_at_an_outage(
    read, house, finance, mail, mo, clive, desi
):
    may(clive, finance)
    at = FOURTH_OF_MAY
    offer = agreements.begin_offer(finance, house.provider, "Guaranteed", by=mo.actor, at=at)
    content = replace(
        saturdays(), from_on=date(2026, 5, 4), prices=(Price(Decimal(400), "EUR", "month"),)
    )
    one = agreements.add_option(offer, Described("Guaranteed help"), content, by=mo.actor, at=at)
    agreements.make_offer(offer, by=mo.actor, at=at)
    agreements.decline(one, clive, by=clive.actor, at=at, reason=WHY)
    mail_down(mail, desi)

    page = october(read(clive)[1])

    assert (
        "“Guaranteed help” was considered on 4 May: 400 EUR a month. "
        "Since then 6 months, 2,400 EUR kept." in page
    )
    assert "It would have covered 3 h of it." in page


def test_what_happened_before_it_was_declined_says_nothing(
    read, house, finance, mail, mo, clive, desi, at
):
    at(datetime(2026, 6, 3, 9, tzinfo=UTC))
    early = datetime(2026, 5, 2, 8, tzinfo=UTC)
    mail_down(mail, desi, at=early, until=early + TO_MONDAY)
    declined(house, finance, mo, clive)

    assert "was considered" not in read(clive, "/decide/?month=2026-05")[1]


def test_once_a_version_covers_the_same_hours_it_is_not_spoken_of_any_more(
    read, house, option, finance, mail, mo, clive, desi
):
    mail_down(mail, desi)
    assert SAID in read(clive)[1]
    may(mo, house.provider, "sign")
    toml = saturdays().to_toml().replace("A-7", "A-1").replace("2026-10-13", "2026-11-01")
    signed = (
        '\n[[signed]]\nby = "Clive"\non = 2026-10-20\n\n[[signed]]\nby = "Mo"\non = 2026-10-20\n'
    )
    agreements.activate(
        type(text()).from_toml(toml + signed, "A-1.toml"), by=mo.actor, at=READ_AT - days(20)
    )

    assert "was considered" not in read(clive)[1]


def test_people_whom_the_option_would_not_have_covered_do_not_count(
    read, house, finance, mail, mo, clive, desi
):
    only = replace(saturdays(), entitled=(Entitled("person", "mo@example.org"),))
    declined(house, finance, mo, clive, wanted=only)
    waited(mail, [*people(6, finance), clive], desi)

    assert "was considered" not in read(clive)[1]


@pytest.mark.parametrize(
    ("prices", "said"),
    [
        ((), "“With Saturdays” was considered on 4 May. It"),
        (
            (Price(Decimal(9), "EUR", "month", "person"),),
            "“With Saturdays” was considered on 4 May. What was kept since, we cannot tell.",
        ),
        ((Price(Decimal(8000), "EUR"),), "“With Saturdays” was considered on 4 May. It"),
    ],
)
def test_money_is_only_said_where_it_can_be(
    read, house, finance, mail, mo, clive, desi, prices, said
):
    declined(house, finance, mo, clive, wanted=replace(saturdays(), prices=prices))
    waited(mail, [clive], desi)

    page = re.sub(r"<[^>]*>", "", read(clive)[1])
    page = " ".join(page.split())

    assert said in page
    assert "EUR kept" not in page


def test_who_may_not_read_the_offer_reads_nothing_of_it(read, option, clive, desi, mail, mo, house):
    """Who oversees the provider reads the agreement, not what was offered."""
    from tricorn.standing.verbs import record_fact

    olga = somebody("Olga")
    record_fact(olga, "oversees", by=mo.actor, at=FOURTH_OF_MAY, words="chairs the committee")
    mail_down(mail, desi)

    assert "Mail for Finance" in read(olga)[1]
    assert "was considered" not in read(olga)[1]


def test_nobody_else_is_named_and_the_reason_is_not_held_up(
    read, option, clive, desi, mail, finance
):
    crowd = people(6, finance)
    waited(mail, crowd, desi)

    _, page = read(clive)

    assert not any(person.name in page for person in crowd)
    assert WHY not in page


def test_it_is_asked_for_again_once_and_both_sides_see_it(
    read, client, option, clive, mo, desi, mail
):
    waited(mail, [clive], desi)
    client.force_login(clive)

    first = client.post(f"/decide/offers/options/{option.pk}/again/")
    again = client.post(f"/decide/offers/options/{option.pk}/again/")

    assert (first.status_code, again.status_code) == (302, 409)
    line = Line.objects.get(kind="offer.option_asked_again")
    assert (line.subject, line.data["option"]) == ("offer", option.pk)
    _, page = read(clive)
    assert "It was asked for again on 12 November." in page
    assert "Ask for it again" not in page
    _, theirs = read(mo, "/manage/declined/")
    assert "It was asked for again on 12 November." in theirs
    option.refresh_from_db()
    assert option.state == "declined"


def test_who_may_not_answer_cannot_ask_again_and_nothing_is_written(option, cleo, clive, client):
    client.force_login(clive)
    assert client.get(f"/decide/offers/options/{option.pk}/again/").status_code == 405
    before = Line.objects.count()

    with pytest.raises(StandingRefused):
        agreements.ask_again(option, cleo, by=cleo.actor, at=READ_AT)
    chosen = option.offer.options.get(letter="A")
    with pytest.raises(MoveRefused, match="accepted"):
        agreements.ask_again(chosen, clive, by=clive.actor, at=READ_AT)

    client.force_login(cleo)
    assert client.post(f"/decide/offers/options/{option.pk}/again/").status_code == 404
    assert Line.objects.count() == before


def test_the_manager_reads_the_same_for_every_client(read, option, clive, mo, desi, mail, finance):
    crowd = people(5, finance)
    waited(mail, crowd, desi)
    mail_down(mail, desi)

    status, page = read(mo, "/manage/declined/")

    assert status == 200
    assert SAID in page
    assert "It would have covered 5 reports of October 2026: 15 h" in page
    assert "It would have covered 3 h of it." in page
    assert not any(person.name in page for person in crowd)
    assert "Ask for it again" not in page


def test_a_page_costs_the_same_for_one_report_and_for_many(
    client, option, clive, desi, mail, finance
):
    client.force_login(clive)
    waited(mail, [clive], desi)
    few = queries(client)
    waited(mail, people(20, finance), desi)
    mail_down(mail, desi)
    many = queries(client)

    assert len(many) - len(few) <= 2, "the names of an outage's services and places"
    assert len(many) <= 48


def queries(client):
    client.get("/decide/")
    with CaptureQueriesContext(connection) as found:
        client.get("/decide/")
    return [query["sql"].split(" WHERE ")[0] for query in found]
