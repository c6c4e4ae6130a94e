"""The demonstration: three stories and real months before them, on any day of the week."""

from datetime import UTC, datetime, timedelta

import pytest

from tricorn.agreements.models import Option, Version
from tricorn.agreements.offer_proof import changed_offers
from tricorn.agreements.offered import offers_for
from tricorn.agreements.proof import changed_versions
from tricorn.demo.fill import fill
from tricorn.engine.errors import BadInput
from tricorn.journal import sealing
from tricorn.knowledge.models import Article
from tricorn.knowledge.reads import VISITOR, readable, suggested
from tricorn.parties.models import Person
from tricorn.standing.portrait import portrait
from tricorn.tickets.models import Clock, Outage, Ticket
from tricorn.web import middleware

SATURDAY_EVENING = datetime(2026, 11, 21, 19, 25, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("days", [0, 2, 4])
def test_last_month_is_full_and_nothing_lies_in_the_future(days):
    at = SATURDAY_EVENING + timedelta(days=days)

    fill(at=at)

    october = Ticket.objects.filter(
        source="servicenow-sample",
        reported_at__gte=datetime(2026, 10, 1, tzinfo=UTC),
        reported_at__lt=datetime(2026, 11, 1, tzinfo=UTC),
    )
    assert october.count() > 300
    assert october.dates("reported_at", "day").count() >= 28
    for moment in ("reported_at", "first_response_at", "resolved_at", "closed_at"):
        assert not Ticket.objects.filter(**{f"{moment}__gt": at}).exists()


@pytest.mark.django_db
def test_who_signed_eight_to_eight_is_hurt_on_saturday_and_the_promise_is_kept():
    fill(at=SATURDAY_EVENING)

    clive = Person.objects.get(name="Clive Weber")
    story = Ticket.objects.filter(requester=clive, state="resolved").get()
    clock = Clock.objects.get(ticket=story, measure="resolution")
    assert clock.is_met
    assert clock.closed_seconds == 46 * 3600
    facts = portrait(clive.pk, SATURDAY_EVENING).facts(story.service_id)
    assert (facts.signed, facts.used, facts.entitled) == (True, True, True)


@pytest.mark.django_db
def test_the_saturday_is_an_outage_that_ends_on_monday_and_its_ticket_is_linked():
    fill(at=SATURDAY_EVENING + timedelta(days=3))

    mail, before, lift = (
        Outage.objects.filter(services__slug="mail").order_by("-began_at")[0],
        Outage.objects.filter(services__slug="mail").order_by("-began_at")[1],
        Outage.objects.get(places__slug="lift-b"),
    )
    assert mail.began_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert mail.ended_at == datetime(2026, 11, 23, 7, 55, tzinfo=UTC)
    assert mail.tickets.get().requester.name == "Clive Weber"
    assert (before.ended_at - before.began_at) == timedelta(hours=46, minutes=55)
    assert lift.tickets.count() == 3
    assert lift.ended_at is not None


@pytest.mark.django_db
def test_on_saturday_evening_mail_is_down_and_the_lift_is_too():
    fill(at=SATURDAY_EVENING)

    down = Outage.objects.unended(SATURDAY_EVENING)
    assert {service.slug for each in down for service in each.services.all()} == {
        "mail",
        "lift-service",
    }


@pytest.mark.django_db
def test_the_journal_of_the_demonstration_holds():
    fill(at=SATURDAY_EVENING)

    while sealing.seal(at=SATURDAY_EVENING):
        pass
    assert sealing.verify().problems == ()


@pytest.mark.django_db
def test_its_articles_are_read_by_whom_they_are_for_and_offered_to_who_asks(client):
    fill(at=SATURDAY_EVENING)

    everybody = readable(None, SATURDAY_EVENING)
    assert everybody.count() == 6
    cleo = Person.objects.get(name="Cleo Adler")
    assert "mail-is-full" in {each.slug for each in readable(cleo, SATURDAY_EVENING)}
    offered = suggested(VISITOR, "My laptop does not start any more, what now?")
    assert offered[0].slug == "laptop-does-not-start"
    assert offered[0].newest == 2
    assert offered[0].published.number == 1
    assert not Article.objects.filter(changed_at__gt=SATURDAY_EVENING).exists()
    for each in everybody:
        assert client.get(f"/help/{each.slug}/").status_code == 200


def test_a_house_in_use_is_never_filled(house):
    with pytest.raises(BadInput, match="only fills an empty one"):
        fill(at=SATURDAY_EVENING)


@pytest.mark.django_db
def test_the_mail_agreement_was_chosen_of_two_options_and_signed_by_both():
    fill(at=SATURDAY_EVENING)

    version = Version.objects.get(agreement__ref="A-7")
    assert version.from_at == datetime(2026, 4, 30, 22, tzinfo=UTC)
    assert [str(each.person) for each in version.signatures.all()] == ["Clive Weber", "Mo Haddad"]
    declined = Option.objects.get(state="declined")
    assert (declined.name, declined.answered_by.name) == ("With Saturdays 9 to 17", "Clive Weber")
    assert list(changed_versions()) == list(changed_offers()) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "considered", "begins"), [(0, "11 April", "1 May"), (12, "12 May", "1 June")]
)
def test_decide_has_something_to_decide_and_brings_back_what_was_declined(
    client, monkeypatch, days, considered, begins
):
    at = SATURDAY_EVENING + timedelta(days=days)
    fill(at=at)
    monkeypatch.setattr(middleware, "now", lambda: at)
    clive = Person.objects.get(name="Clive Weber")

    client.force_login(clive)
    page = " ".join(client.get("/decide/").content.decode().split())

    assert (
        f"“With Saturdays 9 to 17” was considered on {considered}: 400 EUR a month more. "
        f"Since {begins} 6 months, 2,400 EUR kept." in page
    )
    assert "Help would have started at once." in page
    assert "Mail was down from" in page
    assert [each.ref for each in offers_for(portrait(clive.pk, at), unsettled=True)] == ["A-15"]
