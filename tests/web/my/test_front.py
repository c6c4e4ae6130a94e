"""My services: what I may use and why, what waits for me, asking under my name."""

import re

import pytest

from tests.cast import HOUR, MONDAY, NOON, make_ticket
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.standing.models import Fact
from tricorn.tickets import verbs
from tricorn.tickets.models import Ticket
from tricorn.web.report import trust


@pytest.fixture
def cleos(client, cleo, a7, at):
    client.force_login(cleo)
    return client


def asked(**more):
    return {"text": "Laptop does not charge", "kind": "incident", "word": "", **more}


def test_what_i_may_use_and_why_in_one_sentence(cleos):
    page = cleos.get("/my/").content.decode()

    assert "You may use Mail, help 08–20 on business days, because Finance pays (A-7)." in page
    assert "is covered by an agreement that is in force (Finance pays (A-7))" in page


def test_who_only_used_it_reads_that_the_house_promise_holds(client, una, mail, at):
    make_ticket(una, mail)
    client.force_login(una)

    assert "You have used Mail. No agreement covers you" in client.get("/my/").content.decode()


def test_nothing_open_says_what_will_be_here(cleos):
    assert "Nothing is open" in cleos.get("/my/").content.decode()
    assert "Nothing is done yet" in cleos.get("/my/all/?state=done").content.decode()


def test_what_waits_for_me_stands_first(cleos, cleo, desi, mail):
    waits = make_ticket(cleo, mail, text="Mail is slow since Monday")
    make_ticket(cleo, mail, text="New mailbox")
    verbs.wait(waits, by=desi.actor, at=MONDAY + HOUR, holder="customer")

    page = cleos.get("/my/").content.decode()

    assert page.index("Waiting for you") < page.index("Mail is slow") < page.index("New mailbox")
    assert "waiting for you" in page


def test_what_is_for_me_is_mine_too_and_anybody_elses_is_not(cleos, cleo, clive, mail):
    report = verbs.Report(service=mail, text="Cleo cannot log in", requester=clive, affected=cleo)
    for_me = verbs.report(report, by=clive.actor, at=MONDAY)
    other = make_ticket(clive, mail, text="Of Clive alone")

    page = cleos.get("/my/").content.decode()

    assert for_me.ref in page
    assert "Of Clive alone" not in page
    assert cleos.get(f"/my/{other.ref}/").status_code == 404
    assert cleos.post(f"/my/{other.ref}/answer/", {"text": "x"}).status_code == 404


def test_the_desk_does_not_find_others_matters_here(client, desi, cleo, mail, at):
    make_ticket(desi, mail)
    other = make_ticket(cleo, mail)
    client.force_login(desi)

    assert client.get(f"/my/{other.ref}/").status_code == 404


def test_one_matter_and_forty_cost_the_same(cleos, cleo, mail, django_assert_num_queries):
    make_ticket(cleo, mail)
    with django_assert_num_queries(17):
        cleos.get("/my/")
    for number in range(40):
        make_ticket(cleo, mail, text=f"Thing {number}")
    with django_assert_num_queries(17):
        cleos.get("/my/")
    with django_assert_num_queries(12):
        cleos.get("/my/all/")


def test_long_lists_are_paged(cleos, cleo, mail):
    for number in range(30):
        make_ticket(cleo, mail, text=f"Thing {number}")

    first = cleos.get("/my/all/").content.decode()
    second = cleos.get("/my/all/?page=2").content.decode()

    assert "1 to 25 of 30" in first
    assert second.count('class="row-link"') == 5
    assert cleos.get("/my/all/?page=nonsense").status_code == 200


@pytest.mark.parametrize("kind", ["incident", "request", "question", "complaint", "wish", "praise"])
def test_asking_makes_a_ticket_under_my_name(cleos, cleo, mail, reception, kind):
    given = asked(service=mail.pk, kind=kind, place=reception.pk)

    page = cleos.post("/my/ask/", given, follow=True)

    ticket = Ticket.objects.get()
    assert page.redirect_chain == [(f"/my/{ticket.ref}/", 302)]
    assert (ticket.requester, ticket.kind, ticket.place) == (cleo, kind, reception)
    assert f"Your reference is {ticket.ref}." in page.content.decode()
    is_voice = kind in ("complaint", "wish", "praise")
    assert Fact.objects.filter(person=cleo, kind="voice").exists() == is_voice


def test_the_form_twice_is_one_ticket(cleos, mail):
    word = re.search(r'name="word" value="([^"]+)"', cleos.get("/my/ask/").content.decode())[1]

    for _ in range(2):
        cleos.post("/my/ask/", asked(service=mail.pk, word=word))

    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "x" * 100_001},
        {"service": ""},
        {"service": "999"},
        {"service": "'; --"},
        {"kind": "party"},
        {"place": "999"},
        {"place": "\0"},
        {"photo": "not a file", "text": ""},
    ],
)
def test_what_is_wrong_is_said_and_the_words_stay(cleos, mail, wrong):
    page = cleos.post("/my/ask/", {**asked(service=mail.pk), **wrong})

    assert page.status_code == 422
    assert not Ticket.objects.exists()
    if "text" not in wrong:
        assert "Laptop does not charge" in page.content.decode()


def test_answering_goes_on_with_what_waited_for_me(cleos, cleo, desi, mail, at):
    ticket = make_ticket(cleo, mail)
    verbs.wait(ticket, by=desi.actor, at=MONDAY + HOUR, holder="customer")
    at(NOON)

    page = cleos.post(f"/my/{ticket.ref}/answer/", {"text": "Since eight"}, follow=True)

    ticket.refresh_from_db()
    assert ticket.state == "open"
    assert "Since eight" in page.content.decode()


def test_following_is_a_button_and_only_for_what_is_mine(cleos, cleo, una, mail):
    ticket, other = make_ticket(cleo, mail), make_ticket(una, mail)
    assert "Follow it" in cleos.get(f"/my/{ticket.ref}/").content.decode()
    assert not ticket.followers.exists(), "nobody follows without saying so"

    part = cleos.post(f"/my/{ticket.ref}/follow/", headers={"HX-Request": "true"})

    assert "You hear of everything that happens to it." in part.content.decode()
    assert [each.person for each in ticket.followers.all()] == [cleo]
    assert cleos.post(f"/my/{ticket.ref}/unfollow/").status_code == 302
    assert not ticket.followers.exists()
    assert cleos.post(f"/my/{other.ref}/follow/").status_code == 404


def test_resolved_closed_and_rated_by_its_owner(cleos, cleo, desi, mail, at):
    ticket = make_ticket(cleo, mail)
    verbs.resolve(ticket, by=desi.actor, at=MONDAY + HOUR, note="Restarted")
    at(NOON)

    page = cleos.get(f"/my/{ticket.ref}/").content.decode()
    cleos.post(
        f"/my/{ticket.ref}/rate/", {"score": "2", "reason": "reliability", "comment": "Again"}
    )
    cleos.post(f"/my/{ticket.ref}/close/")

    assert "Is it good now?" in page
    ticket.refresh_from_db()
    assert ticket.state == "closed"
    assert (ticket.rating.score, ticket.rating.reason) == (2, "reliability")
    assert cleos.post(f"/my/{ticket.ref}/close/").status_code == 409
    cleos.post(f"/my/{ticket.ref}/reopen/")
    ticket.refresh_from_db()
    assert ticket.state == "open"


def test_a_stranger_and_nobody_do_not_get_in(client, sam, mail, at):
    assert client.get("/my/").url.startswith("/accounts/login/")
    client.force_login(sam)
    assert client.get("/my/").status_code == 404


def test_a_form_word_of_my_own_making_is_no_key(cleos, mail):
    assert trust.read_word("1.x:y") is None
    cleos.post("/my/ask/", asked(service=mail.pk, word="1.x:y"))

    assert Ticket.objects.get().once is None


def test_what_i_have_used_is_the_first_choice_when_i_ask(client, una, mail, house, hours):
    add_service(by=COMMAND, at=MONDAY, name="Lifts", provider=house.provider, hours=hours)
    make_ticket(una, mail)
    client.force_login(una)

    form = client.get("/my/ask/").context["form"]

    assert [name for _, name in form.fields["service"].choices] == ["Mail", "Lifts"]


def test_after_the_first_answer_the_time_is_when_it_is_to_be_done(cleos, cleo, desi, mail):
    ticket = make_ticket(cleo, mail)
    assert "Our answer" in cleos.get(f"/my/{ticket.ref}/").content.decode()

    verbs.answer(ticket, by=desi.actor, at=MONDAY + HOUR, text="We look at it.")

    page = cleos.get(f"/my/{ticket.ref}/").content.decode()
    assert "To be done" in page
    assert "Our answer" not in page
