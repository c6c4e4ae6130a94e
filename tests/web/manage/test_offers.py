"""Offers at Manage: what waits for whom, side by side, answered, made, signed; and whose they are."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.agreements.offering import BEGINS, latest, may, offered, option, sign, text
from tests.cast import LONG_AGO, NOON, somebody
from tests.web.filled import filled
from tricorn.agreements import verbs
from tricorn.agreements.codes import code_of
from tricorn.agreements.models import Assent, ChangeAsked, Offer, SigningCode, Version, Wording
from tricorn.agreements.verbs import Described, Wanted
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.models import House, Organisation
from tricorn.parties.verbs import add_organisation
from tricorn.standing.verbs import give_duty

LIST = "/manage/offers/"
FASTER = Wanted("clause", "R2", "Month's end cannot wait a day.", "target", "4h")
SCRIPT = "<script>alert(1)</script>"
PAPER = b"%PDF-1.7 signed"


def said(response) -> str:
    return response.content.decode()


def at(name: str, thing) -> str:
    return reverse(f"manage:{name}", args=[thing.pk])


@pytest.fixture
def offer(house, finance, mail, mo, clive):
    may(clive, finance)
    may(mo, house.provider)
    return offered(house, finance, mo)


@pytest.fixture
def draft(house, finance, mail, mo):
    begun = verbs.begin_offer(finance, house.provider, "Mail", by=mo.actor, at=LONG_AGO)
    verbs.add_option(begun, Described("As now"), text(), by=mo.actor, at=LONG_AGO)
    return begun


@pytest.fixture
def agreed(offer, clive):
    return verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)


def asked(offer, clive, wanted=FASTER) -> ChangeAsked:
    return verbs.ask_change(latest(offer), wanted, clive, by=clive.actor, at=NOON)


def counts() -> tuple[int, ...]:
    models = (Offer, Wording, ChangeAsked, Assent, SigningCode, Version, Line)
    return tuple(model.objects.count() for model in models)


def refused(client, url: str, status: int, words: str, data=None) -> None:
    """See that a deed is refused with this sentence and nothing is written."""
    before = counts()
    response = client.post(url, data or {})
    assert response.status_code == status
    assert words in said(response)
    assert counts() == before


def test_the_list_begins_empty_and_says_how_to_begin(manage, house):
    page = said(manage.get(LIST))

    assert "No offer yet" in page
    assert "asks four things" in page


def test_the_list_says_for_whom_each_waits(manage, draft, offer, clive):
    page = manage.get(LIST)
    assert page.context["standing"].for_us == [draft]
    assert page.context["standing"].for_client == [offer]

    asked(offer, clive)
    assert set(manage.get(LIST).context["standing"].for_us) == {draft, offer}
    assert "a change is asked" in said(manage.get(LIST))
    assert "2 offers wait for us" in said(manage.get("/manage/"))


def test_the_front_says_nothing_of_offers_where_none_waits(manage, house):
    assert "wait for us" not in said(manage.get("/manage/"))


def test_one_offer_and_ten_cost_the_same(
    manage, house, finance, mo, offer, django_assert_num_queries
):
    manage.get(LIST)
    with django_assert_num_queries(15):
        manage.get(LIST)
    for _ in range(9):
        offered(house, finance, mo)
    with django_assert_num_queries(15):
        manage.get(LIST)


def test_a_page_costs_the_same_with_more_options_and_rounds(
    manage, mo, offer, django_assert_num_queries
):
    manage.get(at("offer", offer))
    with django_assert_num_queries(15):
        manage.get(at("offer", offer))
    for name in ("C", "D"):
        verbs.add_option(offer, Described(name), text(), by=mo.actor, at=NOON)
    changed = option(offer, "A")
    for hours in ("7h", "6h"):
        told = Described("Business days")
        verbs.change_option(changed, told, text(target=hours), by=mo.actor, at=NOON)
        verbs.propose(changed, by=mo.actor, at=NOON)
    with django_assert_num_queries(15):
        manage.get(at("offer", offer))


def test_options_stand_side_by_side_with_price_and_what_is_covered(manage, offer):
    page = said(manage.get(at("offer", offer)))

    for words in ("8,240 EUR a month", "8,640 EUR a month", "Saturday mornings too", "Sundays"):
        assert words in page
    assert "2 options side by side" in page


def test_a_draft_says_what_is_missing_and_is_made_once(manage, draft, finance, clive, mo):
    page = said(manage.get(at("offer", draft)))
    assert "Nobody may answer for Finance yet" in page

    may(clive, finance)
    may(mo, draft.provider)
    page = said(manage.get(at("offer", draft)))
    assert "it is answered by Clive" in page
    assert "For us it is signed by Mo" in page
    assert manage.post(at("offer-make", draft)).status_code == 302

    draft.refresh_from_db()
    assert draft.state == "open"
    refused(manage, at("offer-make", draft), 409, "not possible")


def test_a_draft_that_begins_too_early_cannot_be_made(manage, mo, draft):
    early = text(from_on=LONG_AGO.date())
    verbs.change_option(option(draft, "A"), Described("Early"), early, by=mo.actor, at=NOON)

    page = said(manage.get(at("offer", draft)))

    assert "which is over" in page
    assert "disabled" in page
    refused(manage, at("offer-make", draft), 422, "which is over")


def test_a_change_is_taken_over_and_offered_as_the_next_round(manage, offer, clive):
    change = asked(offer, clive)
    page = said(manage.get(at("offer", offer)))
    assert "Month&#x27;s end cannot wait a day." in page
    assert "target: 4 h of service hours" in page

    assert manage.post(at("change-take", change)).status_code == 302
    page = said(manage.get(at("offer", offer)))
    assert "What round 2 would change" in page
    assert "was 8 h of service hours, is 4 h of service hours" in page
    url = at("option-propose", option(offer, "A"))
    note = {f"word-{option(offer, 'A').pk}-note": "As you asked"}
    assert manage.post(url, note).status_code == 302

    round_two = latest(offer)
    assert (round_two.number, round_two.note) == (2, "As you asked")
    assert "As you asked" in said(manage.get(at("offer", offer)))
    refused(manage, url, 422, "word for word")
    refused(manage, at("change-take", change), 409, "answered already")


def test_saying_no_takes_a_reason(manage, offer, clive):
    change = asked(offer, clive)
    url, box = at("change-refuse", change), f"refuse-{change.pk}-answer"

    refused(manage, url, 422, "The reason is missing", {box: " "})
    assert manage.post(url, {box: "Nobody is there at night."}).status_code == 302

    change.refresh_from_db()
    assert (change.state, change.answer) == ("refused", "Nobody is there at night.")
    refused(manage, url, 409, "answered already", {box: "Still not."})


def test_an_option_is_taken_back_but_not_the_last(manage, offer):
    assert manage.post(at("option-take-back", option(offer, "A"))).status_code == 302

    assert option(offer, "A").state == "withdrawn"
    assert "taken back" in said(manage.get(at("offer", offer)))
    refused(manage, at("option-take-back", option(offer, "A")), 409, "taken back")
    refused(manage, at("option-take-back", option(offer, "B")), 422, "last option")


def test_an_offer_is_withdrawn_once_and_stays(manage, offer):
    assert manage.post(at("offer-withdraw", offer)).status_code == 302

    offer.refresh_from_db()
    assert offer.state == "withdrawn"
    assert "8,240 EUR a month" in said(manage.get(at("offer", offer)))
    refused(manage, at("offer-withdraw", offer), 409, "withdrawn")


def test_a_declined_option_stays_with_price_day_who_and_why_and_is_offered_again(
    manage, offer, clive
):
    declined = option(offer, "B")
    verbs.decline(declined, clive, by=clive.actor, at=NOON, reason="Too dear this year.")

    for page in (said(manage.get(LIST)), said(manage.get(at("offer", offer)))):
        assert "8,640 EUR a month" in page
        assert "by Clive for Finance" in page
        assert "Too dear this year." in page
    again = f"/manage/offers/add/?option={declined.pk}"
    assert again in said(manage.get(LIST))
    assert manage.post(again, filled(manage.get(again))).status_code == 302

    begun = Offer.objects.order_by("-pk").first()
    assert (begun.state, begun.client, begun.title) == ("draft", offer.client, offer.title)
    assert "9:00-13:00" in begun.options.get().draft


def test_who_has_signed_and_who_still_must(manage, agreed, clive, mo):
    page = said(manage.get(at("offer", agreed)))

    assert "Still to sign: Clive" in page
    assert "Still to sign: Mo" in page
    assert "not a qualified electronic signature" in page
    assert "a signed paper must be attached" in page
    assert latest(agreed).hash in page

    sign(latest(agreed), clive)
    page = said(manage.get(at("offer", agreed)))
    assert "Still to sign: Clive" not in page
    assert "with a code" in page


def test_signing_takes_a_code_and_both_make_the_version(manage, agreed, clive, mo):
    sign(latest(agreed), clive)
    assert manage.post(at("offer-sign-code", agreed)).status_code == 302
    code = code_of(SigningCode.objects.get(person=mo))
    page = said(manage.get(at("offer", agreed)))
    assert "A code was sent to you by mail" in page
    assert code not in page

    wrong = f"{(int(code) + 1) % 10**6:06d}"
    refused(manage, at("offer-sign", agreed), 422, "not the code", {"code": wrong})
    response = manage.post(at("offer-sign", agreed), {"code": code}, follow=True)

    version = Version.objects.get()
    assert "Both sides have signed." in said(response)
    assert version.from_at.date() <= BEGINS
    assert "signed by both" in said(response)
    assert {each.person for each in version.signatures.all()} == {clive, mo}
    refused(manage, at("offer-sign", agreed), 409, "signed", {"code": code})


def test_a_demonstration_shows_the_code(manage, agreed, mo):
    House.objects.update(is_demonstration=True)
    manage.post(at("offer-sign-code", agreed))

    code = code_of(SigningCode.objects.get(person=mo))
    assert f"the code is <strong>{code}</strong>" in said(manage.get(at("offer", agreed)))


def test_nothing_is_signed_before_it_is_accepted(manage, offer):
    for name in ("offer-sign", "offer-sign-code", "offer-sign-paper"):
        refused(manage, at(name, offer), 409, "no option of this offer has been accepted yet")


def test_who_may_not_sign_reads_whose_signature_is_needed(manage, offer, clive, mo):
    verbs.accept(latest(offer), clive, by=clive.actor, at=NOON)
    boss = somebody("Bo", offer.provider)
    may(boss, offer.provider)
    mo.authorities.update(until=NOON)

    refused(manage, at("offer-sign-code", offer), 403, "Bo")


def test_a_signed_paper_is_attached_for_either_side(manage, agreed, clive):
    url = at("offer-sign-paper", agreed)
    sent = {"person": clive.pk, "on": "2026-10-12"}

    refused(manage, url, 422, "Please fill this in", sent)
    refused(manage, url, 422, "between the day", paper(sent, on="2026-01-01"))
    assert manage.post(url, paper(sent)).status_code == 302

    assent = Assent.objects.get()
    assert (assent.person, assent.method, assent.side) == (clive, "paper", "client")
    assert "on paper" in said(manage.get(at("offer", agreed)))
    url_of_it = reverse("manage:offer-paper", args=[agreed.pk, assent.pk])
    assert url_of_it in said(manage.get(at("offer", agreed)))
    assert b"".join(manage.get(url_of_it)) == PAPER
    assert manage.get(reverse("manage:offer-paper", args=[agreed.pk, 999])).status_code == 404
    refused(manage, url, 422, "Select a valid choice", paper(sent))


def paper(sent, **changes):
    return {**sent, **changes, "file": SimpleUploadedFile("page.pdf", PAPER)}


def test_within_one_house_people_approve(manage, house, finance, mail, mo):
    team = add_organisation(by=COMMAND, at=LONG_AGO, name="Lab", parent=house.provider)
    head = somebody("Hal", team)
    may(head, team)
    may(mo, house.provider)
    within = offered(house, team, mo)
    pages = [said(manage.get(at("offer", within)))]
    verbs.accept(latest(within), head, by=head.actor, at=NOON)
    pages.append(said(manage.get(at("offer", within))))
    manage.post(at("offer-sign-code", within))
    pages.append(said(manage.get(at("offer", within))))

    assert "Still to approve: Hal" in pages[1]
    assert "Approve with this code" in pages[2]
    for page in pages:
        assert "Still to sign" not in page
        assert "Sign with" not in page
        assert "Sign it" not in page


def test_what_is_not_yours_is_404(manage, of_mail, offer, house, hours, mo, finance):
    lift = add_service(
        by=COMMAND, at=LONG_AGO, name="Lift", provider=house.provider, hours=hours, places=[],
        promises=[],
    )  # fmt: skip
    other = verbs.begin_offer(finance, house.provider, "Lift", by=mo.actor, at=NOON)
    both = verbs.add_option(
        other, Described("Both"), text(services=("mail", "Lift")), by=mo.actor, at=NOON
    )
    assert lift in both.services.all()

    assert of_mail.get(LIST).context["standing"].for_us == []
    assert of_mail.get(LIST).context["standing"].for_client == [offer]
    assert of_mail.get(at("offer", offer)).status_code == 200
    for name, thing in (("offer", other), ("option", both), ("option-add", other)):
        assert of_mail.get(at(name, thing)).status_code == 404
    for name, thing in (
        ("offer-make", other),
        ("offer-withdraw", other),
        ("offer-sign", other),
        ("offer-sign-code", other),
        ("offer-sign-paper", other),
        ("option-take-back", both),
        ("option-propose", both),
    ):
        before = counts()
        assert of_mail.post(at(name, thing)).status_code == 404
        assert counts() == before
    assert manage.get(at("offer", other)).status_code == 200


def test_a_change_of_another_service_is_404(enter, offer, clive, house, hours):
    add_service(
        by=COMMAND, at=LONG_AGO, name="Lift", provider=house.provider, hours=hours, places=[],
        promises=[],
    )  # fmt: skip
    change = asked(offer, clive)
    lia = somebody("Lia", house.provider)
    give_duty(lia, "manage", by=COMMAND, at=LONG_AGO, service=_service("Lift"))

    for name in ("change-take", "change-refuse"):
        assert enter(lia).post(at(name, change)).status_code == 404
    change.refresh_from_db()
    assert change.state == "open"


def _service(name):
    from tricorn.catalogue.models import Service

    return Service.objects.get(name=name)


def test_script_in_reasons_and_names_is_shown_as_text(manage, offer, clive):
    asked(offer, clive, Wanted("clause", "R2", SCRIPT))
    Organisation.objects.filter(name="Finance").update(name=SCRIPT)

    page = said(manage.get(at("offer", offer)))

    assert SCRIPT not in page
    assert "&lt;script&gt;" in page


def test_where_no_client_is_on_record_it_says_how_to_add_one(manage, house, mail):
    for url in ("/manage/offers/add/", "/manage/work/add/"):
        page = said(manage.get(url))
        assert "No client is on record yet." in page
        assert "/manage/organisations/add/" in page


def test_what_was_withdrawn_can_be_offered_again_as_it_was(manage, mo, agreed):
    verbs.withdraw_offer(agreed, by=mo.actor, at=NOON)
    taken_back = option(agreed, "A")
    again = f"{reverse('manage:offer-add')}?option={taken_back.pk}"

    assert again in said(manage.get(at("offer", agreed)))
    assert "8,240" in said(manage.get(again)) or "8240" in said(manage.get(again))
