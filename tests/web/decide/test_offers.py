"""Offers at Decide: read side by side, asked about clause by clause, accepted, declined, signed."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import make_ticket, somebody
from tests.web.decide.month import COMMAND, HOUR, LONG_AGO, READ_AT
from tests.web.decide.offered import (
    MADE_AT,
    WEEKDAYS,
    latest,
    may_sign,
    offer_to,
    option,
    reworded,
    text,
)
from tricorn.agreements import verbs
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Assent, ChangeAsked, Offer, SigningCode
from tricorn.agreements.verbs import Wanted
from tricorn.catalogue.verbs import add_service
from tricorn.journal.models import Line
from tricorn.parties import verbs as parties
from tricorn.parties.models import House, Organisation
from tricorn.standing.verbs import go_away, grant


@pytest.fixture
def offer(house, finance, mail, clive, mo):
    """Two options for Finance, where Clive may sign; Mo signs for the provider."""
    may_sign(clive, finance)
    return offer_to(finance, house.provider)


@pytest.fixture
def lou(house, mail):
    """May sign for another client."""
    library = parties.add_organisation(by=COMMAND, at=LONG_AGO, name="Library")
    person = somebody("Lou", library)
    may_sign(person, library)
    return person


@pytest.fixture
def post(client):
    """What somebody gets for a form that they send: the answer, and its page with single spaces."""

    def send(person, name, pk, data=None, *, query="", htmx=False):
        client.force_login(person)
        headers = {"HX-Request": "true"} if htmx else {}
        address = reverse(f"decide:{name}", args=[pk]) + query
        response = client.post(address, data or {}, headers=headers)
        return response, " ".join(response.content.decode().split())

    return send


def address(offer):
    return f"/decide/offers/{offer.pk}/"


def addresses(offer):
    """Every page about an offer."""
    one, other = latest(offer), latest(offer, "B")
    return [
        address(offer),
        f"/decide/offers/rounds/{one.pk}/",
        f"/decide/offers/rounds/{one.pk}.toml",
        f"/decide/offers/rounds/{one.pk}/to/{other.pk}/",
        f"/decide/offers/rounds/{one.pk}/change/?part=clause&item=R2",
        f"/decide/offers/rounds/{one.pk}/accept/",
        f"/decide/offers/options/{option(offer).pk}/decline/",
    ]


def ask(offer, person, item="R2", *, part="clause", field="", value="", letter="A", at=MADE_AT):
    wanted = Wanted(part, item, "Our month ends are short.", field, value)
    return verbs.ask_change(latest(offer, letter), wanted, person, by=person.actor, at=at)


def agreed(offer, clive, letter="A"):
    """The offer with one option accepted, and its wording."""
    wording = latest(offer, letter)
    verbs.accept(wording, clive, by=clive.actor, at=READ_AT - HOUR)
    return wording


def sign(wording, person, at=READ_AT - HOUR):
    code = verbs.send_code(wording, person, by=person.actor, at=at)
    return verbs.sign(wording, person, code=code_of(code), by=person.actor, at=at)


# Reading


def test_the_options_stand_side_by_side_with_prices_and_what_they_come_to(read, offer, clive):
    status, page = read(clive, address(offer))

    assert status == 200
    assert "Mail, longer hours" in page
    assert "Please answer by 30 November 2026." in page
    assert "8,240 EUR a month" in page
    assert "That is 98,880 EUR in a year." in page
    assert "8,640 EUR a month" in page
    assert "400 EUR a month more than option A." in page
    assert "Saturdays, Sundays." in page
    assert "Every incident is resolved within 8 h of service hours" in page
    assert page.count("<desc>60 h a week.") == 1
    assert page.count("<desc>64 h a week.") == 1
    assert "It holds from 1 December 2026." in page


def test_what_differs_is_said_in_words(read, offer, clive):
    _, page = read(clive, address(offer))

    assert "Other than in option A: Price, Service hours and Clause R1." in page
    assert page.count("other than in A") == 3


def test_what_an_option_lacks_is_said(read, house, finance, mail, clive, mo):
    may_sign(clive, finance)
    offer = offer_to(finance, house.provider, options=1)
    fewer = (
        WEEKDAYS[: WEEKDAYS.index('[[clause]]\nid = "R2"')]
        + (WEEKDAYS[WEEKDAYS.index("[[entitled]]") :])
    )
    described = verbs.Described("Only quick answers")
    verbs.add_option(offer, described, text(fewer), by=COMMAND, at=MADE_AT)

    _, page = read(clive, address(offer))

    assert "Not here, but in option A: Clause R2: Every incident is resolved within" in page


def test_a_change_is_held_against_what_holds_today(read, house, finance, mail, clive, mo, a7):
    may_sign(clive, finance)
    offer = offer_to(finance, house.provider, agreement=a7.agreement)

    _, page = read(clive, address(offer))

    assert "Against what holds today: 1 difference" in page
    assert "Clause R1, target: was 1 h of service hours, is 30 min of service hours." in page
    assert "Signature" not in page


def test_every_page_is_there_for_who_may_sign_and_for_nobody_else(
    read, offer, clive, cleo, desi, mo, sam, lou
):
    for each in addresses(offer):
        assert read(clive, each)[0] == 200, each
        for person in (cleo, desi, mo, sam, lou):
            assert read(person, each)[0] == 404, (person, each)


@pytest.mark.parametrize(
    "name", ["option-accept", "option-decline", "offer-sign-code", "offer-sign", "change-ask"]
)
def test_nobody_elses_deed_is_possible(post, offer, lou, name):
    pk = option(offer).pk if name == "option-decline" else latest(offer).pk
    query = "?part=clause&item=R2" if name == "change-ask" else ""
    lines = Line.objects.count()

    answer, _ = post(lou, name, pk, {"reason": "x", "code": "1"}, query=query)

    assert answer.status_code == 404
    assert Line.objects.count() == lines


def test_a_strangers_wish_cannot_be_taken_back(post, offer, clive, lou):
    change = ask(offer, clive)

    assert post(lou, "change-withdraw", change.pk)[0].status_code == 404
    assert post(lou, "change-withdraw", 999)[0].status_code == 404


def test_a_draft_is_not_there(read, house, finance, mail, clive, mo):
    may_sign(clive, finance)
    offer = offer_to(finance, house.provider, made=False)

    assert read(clive, address(offer))[0] == 404
    assert "Mail, longer hours" not in read(clive, "/decide/offers/")[1]


def test_rounds_of_two_offers_are_not_compared(read, offer, house, finance, clive):
    other = offer_to(finance, house.provider)

    pair = f"/decide/offers/rounds/{latest(offer).pk}/to/{latest(other).pk}/"

    assert read(clive, pair)[0] == 404


def test_a_round_reads_as_plain_words_and_comes_as_a_file(client, read, offer, clive):
    wording = latest(offer)

    _, page = read(clive, f"/decide/offers/rounds/{wording.pk}/")
    file = client.get(f"/decide/offers/rounds/{wording.pk}.toml")

    assert wording.hash in page
    assert "R2: Every incident is resolved within 8 h of service hours" in page
    assert "Nobody has signed it yet" in page
    assert 'target = "8h"' in file.content.decode()
    assert file.headers["Content-Disposition"] == 'attachment; filename="A-1-A-round-1.toml"'


def test_two_rounds_show_as_a_readable_difference(read, offer, clive):
    first = latest(offer)
    second = reworded(offer, WEEKDAYS.replace('"8h"', '"4h"'), note="As you asked.")

    _, page = read(clive, f"/decide/offers/rounds/{first.pk}/to/{second.pk}/")
    _, shown = read(clive, address(offer))

    said = "Clause R2, target: was 8 h of service hours, is 4 h of service hours."
    assert said in page
    assert "Option A: round 2 against round 1" in page
    assert said in shown
    assert "How it came about: 2 rounds" in shown
    assert "As you asked." in shown


def test_who_may_sign_for_another_service_reads_whose_answer_it_is(
    read, post, house, finance, mail, hours, clive, mo
):
    lift = add_service(by=COMMAND, at=LONG_AGO, name="Lift", provider=house.provider, hours=hours)
    greta = somebody("Greta", finance)
    may_sign(clive, finance)
    grant(greta, finance, ["sign"], by=COMMAND, at=LONG_AGO, service=lift)
    offer = offer_to(finance, house.provider)

    status, page = read(greta, address(offer))
    answer, _ = post(greta, "option-accept", latest(offer).pk)

    assert status == 200
    assert "Ask Clive." in page
    assert "Ask for a change" not in page
    assert "Accept option" not in page
    assert answer.status_code == 403
    assert Offer.objects.get().state == "open"


def test_no_page_names_who_reported_anything(read, offer, clive, cleo, mail):
    make_ticket(cleo, mail)

    for each in ["/decide/", "/decide/offers/", *addresses(offer)]:
        assert "Cleo" not in read(clive, each)[1], each


# Asking for a change


def test_a_counter_offer_is_asked_with_a_reason(read, post, offer, clive):
    data = {"target": "4h", "share": "95", "reason": "Our month ends are short."}

    answer, _ = post(clive, "change-ask", latest(offer).pk, data, query="?part=clause&item=R2")

    change = ChangeAsked.objects.get()
    assert answer.status_code == 302
    assert (change.part, change.item, change.field, change.value) == (
        "clause",
        "R2",
        "target",
        "4h",
    )
    assert change.asked_by == clive
    _, page = read(clive, address(offer))
    assert "how fast: 4 h of service hours" in page
    assert "waits for an answer" in page
    assert "A change that you asked for is not answered yet." in page
    assert "Accept option B" in page
    assert "Accept option A" not in page


def test_who_hears_when_time_runs_out_is_read_and_asked_about(
    read, post, house, finance, mail, clive, mo
):
    may_sign(clive, finance)
    offer = offer_to(finance, house.provider, options=1)
    step = '[[escalation]]\nid = "E1"\nat = "late"\ntell = "manager"\nclient = true\n'
    said = "As soon as a promise is late, the manager of the service is told, and so is the client."
    wording = reworded(offer, WEEKDAYS + step)
    data = {"at": "80%", "reason": "Sooner."}
    page = read(clive, address(offer))[1]
    assert "Escalation E1" in page
    assert said in page

    answer, _ = post(clive, "change-ask", wording.pk, data, query="?part=escalation&item=E1")

    assert answer.status_code == 302
    _, page = read(clive, address(offer))
    assert "when somebody hears: when 80 % of the time of a promise are used" in page


def test_each_field_that_was_changed_is_a_wish(post, offer, clive):
    data = {"target": "4h", "share": "97.5", "reason": "Both."}

    post(clive, "change-ask", latest(offer).pk, data, query="?part=clause&item=R2")

    found = {(each.field, each.value) for each in ChangeAsked.objects.all()}
    assert found == {("target", "4h"), ("share", "0.975")}


@pytest.mark.parametrize(
    ("query", "data", "field", "value"),
    [
        ("?part=price&item=per month", {"amount": "8000"}, "amount", "8000"),
        ("?part=agreement", {"from": "2027-01-01", "running": "stay"}, "from", "2027-01-01"),
        ("?part=agreement", {"running": "move"}, "running", "move"),
        ("?part=hours&item=desk", {}, "", ""),
        ("?part=entitled&item=organisation Finance", {}, "", ""),
        ("?part=agreement&else=1", {"from": "2027-01-01"}, "", ""),
    ],
)
def test_every_line_can_be_asked_about(post, offer, clive, query, data, field, value):
    answer, page = post(
        clive, "change-ask", latest(offer).pk, {**data, "reason": "Because."}, query=query
    )

    assert answer.status_code == 302, page
    change = ChangeAsked.objects.get()
    assert (change.field, change.value) == (field, value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"target": "4h", "reason": ""}, "The reason is missing."),
        ({"target": "soon", "reason": "Our month ends."}, "is not a target"),
        ({"target": "4h", "share": "120", "reason": "Our month ends."}, "less than or equal"),
    ],
)
def test_a_wrong_wish_is_kept_on_the_page_and_nothing_is_written(post, offer, clive, data, said):
    lines = Line.objects.count()

    answer, page = post(clive, "change-ask", latest(offer).pk, data, query="?part=clause&item=R2")

    assert answer.status_code == 422
    assert said in page
    assert f'value="{data["target"]}"' in page
    assert data["reason"] in page
    assert Line.objects.count() == lines
    assert not ChangeAsked.objects.exists()


@pytest.mark.parametrize(
    "query", ["", "?part=clause&item=R9", "?part=signed", "?part=clause&item=%00"]
)
def test_what_is_not_in_the_text_cannot_be_asked_about(post, offer, clive, query):
    answer, page = post(clive, "change-ask", latest(offer).pk, {"reason": "x"}, query=query)

    assert answer.status_code == 422
    assert "in the latest round" in page


def test_an_outdated_round_says_that_there_is_a_newer_one_and_keeps_the_words(post, offer, clive):
    first = latest(offer)
    reworded(offer, WEEKDAYS.replace('"8h"', '"4h"'))

    data = {"target": "2h", "share": "95", "reason": "Our month ends."}
    answer, page = post(clive, "change-ask", first.pk, data, query="?part=clause&item=R2")

    assert answer.status_code == 422
    assert "There is a newer round of option A" in page
    assert "Our month ends." in page


def test_by_htmx_the_form_stands_in_its_place(client, post, offer, clive):
    client.force_login(clive)
    where = reverse("decide:change-ask", args=[latest(offer).pk])

    shown = client.get(f"{where}?part=clause&item=R2", headers={"HX-Request": "true"})
    wrong, again = post(
        clive, "change-ask", latest(offer).pk, {}, query="?part=clause&item=R2", htmx=True
    )
    done, _ = post(
        clive,
        "change-ask",
        latest(offer).pk,
        {"reason": "Because."},
        query="?part=clause&item=R2",
        htmx=True,
    )

    assert b"<html" not in shown.content
    assert b'value="8h"' in shown.content
    assert (wrong.status_code, "<html" in again) == (422, False)
    assert (done.status_code, done.headers["HX-Refresh"]) == (204, "true")


def test_a_wish_shows_its_answer_and_the_round_it_went_into(read, offer, clive, mo):
    change = ask(offer, clive, field="target", value="4h")
    verbs.take_change(change, by=mo.actor, at=MADE_AT, answer="Yes, with two more people.")
    verbs.propose(option(offer), by=mo.actor, at=MADE_AT)

    _, page = read(clive, address(offer))

    assert "Yes, with two more people." in page
    assert "It is in round 2." in page
    assert "within 4 h of service hours" in page


def test_a_wish_can_be_taken_back_once(post, offer, clive):
    change = ask(offer, clive)

    first, _ = post(clive, "change-withdraw", change.pk)
    again, _ = post(clive, "change-withdraw", change.pk)

    change.refresh_from_db()
    assert (first.status_code, again.status_code) == (302, 409)
    assert change.state == "withdrawn"


# Accepting and declining


def test_before_accepting_one_reads_what_happens_then_and_who_signs(read, offer, clive):
    _, page = read(clive, f"/decide/offers/rounds/{latest(offer).pk}/accept/")

    assert "Accept option A, Weekdays?" in page
    assert "Finance: Clive" in page
    assert "House IT: Mo" in page
    assert "The other option is declined and stays on file with its price." in page
    assert "Accepting binds nobody yet; the signatures do." in page
    assert "checked" not in page


def test_an_accepted_option_waits_to_be_signed_and_the_others_stay_on_file(
    read, post, offer, clive
):
    answer, _ = post(clive, "option-accept", latest(offer, "B").pk)

    assert answer.status_code == 302
    offer.refresh_from_db()
    assert offer.state == "agreed"
    _, page = read(clive, "/decide/offers/")
    assert "Declined, and kept on file" in page
    assert "Option B, With Saturdays, was chosen." in page
    assert "Declined by Clive" in page
    assert "8,240 EUR a month" in page


def test_with_an_open_wish_nothing_is_accepted(post, offer, clive):
    ask(offer, clive)

    answer, page = post(clive, "option-accept", latest(offer).pk)

    assert answer.status_code == 422
    assert "A change that was asked for is not answered yet." in page
    assert Offer.objects.get().state == "open"


def test_what_was_not_read_is_not_accepted(post, offer, clive):
    first = latest(offer)
    reworded(offer, WEEKDAYS.replace("8240", "9240"))

    answer, page = post(clive, "option-accept", first.pk)

    assert answer.status_code == 422
    assert "There is a newer round of option A" in page


def test_after_its_day_an_offer_says_so(read, post, at, offer, clive):
    at(datetime(2026, 12, 5, 9, tzinfo=UTC))

    _, page = read(clive, address(offer))
    answer, _ = post(clive, "option-accept", latest(offer).pk)

    assert "It stood until 30 November 2026. Ask House IT to make it again." in page
    assert "Accept option" not in page
    assert answer.status_code == 422


def test_declining_takes_a_reason_and_stays_on_file(read, post, offer, clive):
    one = option(offer, "B")

    wrong, asked_again = post(clive, "option-decline", one.pk, {"reason": " "})
    right, _ = post(clive, "option-decline", one.pk, {"reason": "Nobody works on Saturdays."})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert "The reason is missing." in asked_again
    assert "stays on file with its price, the date, your name and the reason" in asked_again
    _, page = read(clive, address(offer))
    assert "Nobody works on Saturdays." in page
    assert "1 option that was declined or taken back" in page
    _, listed = read(clive, "/decide/offers/")
    assert "Nobody works on Saturdays." in listed
    assert "8,640 EUR a month" in listed


def test_what_was_declined_is_not_accepted_after_all(post, offer, clive):
    verbs.decline(option(offer), clive, by=clive.actor, at=MADE_AT, reason="No.")

    answer, page = post(clive, "option-accept", latest(offer).pk)

    assert answer.status_code == 409
    assert "this option was declined; it stays on file" in page


# Signing


def test_the_page_says_who_signs_what_and_what_it_means(read, offer, clive):
    wording = agreed(offer, clive)

    _, page = read(clive, address(offer))

    assert "Still needed: Clive." in page
    assert "Still needed: Mo." in page
    assert wording.hash in page
    assert "it is not a qualified electronic signature" in page
    assert "Send me the code" in page
    assert 'autocomplete="one-time-code"' not in page


def test_with_the_code_it_is_signed(read, post, offer, clive, mo):
    wording = agreed(offer, clive)

    sent, _ = post(clive, "offer-sign-code", wording.pk)
    _, asking = read(clive, address(offer))
    code = code_of(SigningCode.objects.get())
    signed, _ = post(clive, "offer-sign", wording.pk, {"code": code})

    assert (sent.status_code, signed.status_code) == (302, 302)
    assert 'autocomplete="one-time-code"' in asking
    assert 'inputmode="numeric"' in asking
    assert "A code is on its way to clive@example.org." in asking
    assert code not in asking
    assert Assent.objects.get().person == clive
    _, page = read(clive, address(offer))
    assert "You have signed it." in page
    assert "Still needed: Mo." in page


def test_a_demonstration_shows_the_code(read, offer, clive):
    wording = agreed(offer, clive)
    code = verbs.send_code(wording, clive, by=clive.actor, at=READ_AT)
    House.objects.update(is_demonstration=True)

    _, page = read(clive, address(offer))

    assert f"so the code is shown here: <strong>{code_of(code)}</strong>" in page


@pytest.mark.parametrize(
    ("code", "said"),
    [("", "The code is missing."), ("0", "This is not the code that was sent.")],
)
def test_a_wrong_code_signs_nothing(post, offer, clive, code, said):
    wording = agreed(offer, clive)
    verbs.send_code(wording, clive, by=clive.actor, at=READ_AT)

    answer, page = post(clive, "offer-sign", wording.pk, {"code": code})

    assert answer.status_code == 422
    assert said in page
    assert "Send me another code" in page
    assert not Assent.objects.exists()


def test_without_a_code_that_holds_one_asks_for_a_new_one(post, offer, clive):
    wording = agreed(offer, clive)
    verbs.send_code(wording, clive, by=clive.actor, at=READ_AT - HOUR)

    answer, page = post(clive, "offer-sign", wording.pk, {"code": "123456"})

    assert answer.status_code == 422
    assert "There is no code that still holds. Ask for a new one." in page
    assert "Send me the code" in page


def test_two_codes_at_once_are_one_too_many(post, offer, clive):
    wording = agreed(offer, clive)
    post(clive, "offer-sign-code", wording.pk)

    answer, page = post(clive, "offer-sign-code", wording.pk)

    assert answer.status_code == 422
    assert "A code is on its way already." in page


def test_who_may_only_decide_reads_whose_signature_is_needed(read, post, offer, clive, finance):
    greta = somebody("Greta", finance)
    grant(greta, finance, ["decide"], by=COMMAND, at=LONG_AGO)
    wording = agreed(offer, clive)

    _, page = read(greta, address(offer))
    answer, _ = post(greta, "offer-sign-code", wording.pk)

    assert "Only Clive can sign for Finance" in page
    assert "Send me the code" not in page
    assert answer.status_code == 403


def test_above_ones_limit_one_reads_whose_signature_is_needed(read, offer, clive, finance):
    greta = somebody("Greta", finance)
    grant(greta, finance, ["sign"], by=COMMAND, at=LONG_AGO, up_to=Decimal(1000), currency="EUR")
    agreed(offer, clive)

    _, page = read(greta, address(offer))

    assert "Ask Clive." in page
    assert "Send me the code" not in page


def test_a_deputy_reads_for_whom_they_act(read, offer, clive, finance):
    greta = somebody("Greta", finance)
    until = datetime(2027, 6, 3, 10, tzinfo=UTC)
    go_away(clive, by=clive.actor, at=MADE_AT, until=until, deputy=greta)

    _, asked = read(greta, address(offer))
    agreed(offer, greta)
    _, page = read(greta, address(offer))

    said = "You act for Clive, who is away until 3 June 2027."
    assert said in asked
    assert said in page
    assert "Send me the code" in page


def test_after_the_last_signature_it_takes_effect_by_itself_and_the_files_are_there(
    client, read, offer, clive, mo
):
    wording = agreed(offer, clive)
    sign(wording, clive)
    sign(wording, mo)

    _, page = read(clive, address(offer))

    offer.refresh_from_db()
    assert "Both sides have signed" in page
    assert "A-1, version 1: in force from 1 December 2026 by itself" in page
    assert offer.version.hash in page
    for ending in ("pdf", "toml", "json"):
        assert f"/decide/a/A-1/v1.{ending}" in page
        assert client.get(f"/decide/a/A-1/v1.{ending}").status_code == 200


def test_within_one_house_people_approve(read, house, mail, finance, clive, mo):
    group = parties.add_organisation(by=COMMAND, at=LONG_AGO, name="The company")
    for organisation in (house.provider, finance):
        organisation.parent = group
        organisation.path = f"{group.path}{organisation.pk}/"
        organisation.save()
    may_sign(clive, finance)
    offer = offer_to(Organisation.objects.get(name="Finance"), house.provider)

    _, before = read(clive, f"/decide/offers/rounds/{latest(offer).pk}/accept/")
    wording = agreed(offer, clive)
    verbs.send_code(wording, clive, by=clive.actor, at=READ_AT)
    _, page = read(clive, address(offer))
    _, front = read(clive)

    assert "Both sides approve it" in before
    assert ">Approve</button>" in page
    assert ">Sign</button>" not in page
    assert "To approve: Mail, longer hours" in front


# The front of Decide


def test_what_waits_stands_first_on_decide_the_newest_on_top(read, offer, house, finance, clive):
    agreed(offer, clive, "B")
    newer = offer_to(finance, house.provider, at=READ_AT - HOUR / 2)

    _, page = read(clive)

    assert 'Waiting for your decision <span class="count">2</span>' in page
    assert f'href="{address(newer)}"' in page
    assert f'href="{address(offer)}#sign"' in page
    assert page.index("Offer: Mail, longer hours") < page.index("To sign: Mail, longer hours")
    assert "A Weekdays: 8,240 EUR a month" in page
    assert "answer by 30 November 2026" in page


def test_what_one_has_signed_waits_no_more(read, offer, clive):
    sign(agreed(offer, clive), clive)

    assert "Nothing waits for you." in read(clive)[1]


def test_another_clients_offer_does_not_wait_here(read, offer, lou):
    assert "Nothing waits for you." in read(lou)[1]


# Costs


def cost(read, person, where):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert read(person, where)[0] == 200
    return len(queries)


def test_one_option_and_six_cost_the_same(read, house, finance, mail, clive, mo):
    may_sign(clive, finance)
    one = offer_to(finance, house.provider, options=1)
    six = offer_to(finance, house.provider, options=6)
    read(clive, address(one))

    assert cost(read, clive, address(one)) == cost(read, clive, address(six))


def test_one_round_and_ten_cost_the_same(read, house, finance, mail, clive, mo):
    may_sign(clive, finance)
    one = offer_to(finance, house.provider)
    ten = offer_to(finance, house.provider)
    for n in range(9):
        change = ask(ten, clive, field="target", value=f"{n + 9}h")
        verbs.take_change(change, by=mo.actor, at=MADE_AT)
        verbs.propose(option(ten), by=mo.actor, at=MADE_AT)
    read(clive, address(one))

    assert cost(read, clive, address(one)) == cost(read, clive, address(ten))


@pytest.mark.parametrize("where", ["/decide/", "/decide/offers/"])
def test_one_offer_and_eight_cost_the_same(read, house, finance, mail, clive, mo, where):
    may_sign(clive, finance)
    agreed(offer_to(finance, house.provider), clive)
    offer_to(finance, house.provider)
    read(clive, where)
    few = cost(read, clive, where)
    for n in range(8):
        offer = offer_to(finance, house.provider)
        if n % 2:
            agreed(offer, clive)

    assert cost(read, clive, where) == few
