"""Pages of what belongs together: relate, merge with a look before, undo, split."""

import pytest

from tests.cast import HOUR, LONG_AGO, MONDAY, NOON, make_ticket, somebody
from tests.tickets.steps import everything, fresh, lines
from tricorn.catalogue.verbs import add_service
from tricorn.journal.actor import COMMAND
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.links import token_of
from tricorn.tickets.models import Link, Ticket


@pytest.fixture
def survivor(cleo, mail):
    return make_ticket(cleo, mail, text="Mail is slow since the move")


@pytest.fixture
def other(una, mail):
    return make_ticket(una, mail, text="Letters of mine do not leave", at=MONDAY + HOUR)


def body(response):
    return response.content.decode()


def test_the_page_of_merging_shows_both_and_who_will_read_what(desk, survivor, other):
    asked = desk.get(f"/desk/t/{other.ref}/merge/", {"other": "slow since"})
    page = desk.get(asked["Location"])

    assert asked["Location"] == f"/desk/t/{other.ref}/merge/?into={survivor.ref}"
    assert f"Merge {other.ref} into {survivor.ref}" in body(page)
    assert "What Una reads afterwards" in body(page)
    assert "What Cleo reads afterwards" in body(page)
    assert f"/desk/t/{survivor.ref}/merge/?into={other.ref}" in body(page)


def test_after_merging_the_survivor_offers_to_undo_it(desk, survivor, other):
    done = desk.post(f"/desk/t/{other.ref}/merge/", {"into": survivor.ref}, follow=True)

    assert done.redirect_chain == [(f"/desk/t/{survivor.ref}/?merged={other.ref}", 302)]
    assert "is handled here now" in body(done)
    assert "Letters of mine do not leave" in body(done)
    assert f"/desk/t/{other.ref}/unmerge/" in body(done)

    undone = desk.post(f"/desk/t/{other.ref}/unmerge/", follow=True)

    assert "as it stood before" in body(undone)
    assert fresh(other).state == "new"


def test_a_late_ticket_is_warned_about_before_it_is_merged(desk, clock, survivor, other):
    clock(NOON + 200 * HOUR)

    page = desk.get(f"/desk/t/{other.ref}/merge/", {"into": survivor.ref})

    assert f"{other.ref} is late. Merged, that counts nowhere" in body(page)


def test_what_cannot_be_merged_is_said_on_the_page(desk, desi, survivor, other):
    verbs.resolve(survivor, by=desi.actor, at=NOON, note="Done")
    before = everything()

    refused = desk.post(f"/desk/t/{other.ref}/merge/", {"into": survivor.ref})
    unknown = desk.post(f"/desk/t/{other.ref}/merge/", {"into": "T-99999"})

    assert (refused.status_code, unknown.status_code) == (409, 422)
    assert "nobody works on it" in body(refused)
    assert "No ticket at this desk matches" in body(unknown)
    assert everything() == before


def test_who_serves_one_of_two_services_finds_the_other_nowhere(sign_in, house, hours, una, other):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    theirs = make_ticket(una, laptop, text="Screen is dark")
    client = sign_in(dora)
    before = everything()

    assert client.get(f"/desk/t/{other.ref}/merge/").status_code == 404
    assert client.post(f"/desk/t/{other.ref}/split/").status_code == 404
    merged = client.post(f"/desk/t/{theirs.ref}/merge/", {"into": other.ref})
    related = client.post(f"/desk/t/{theirs.ref}/relate/", {"kind": "blocks", "other": other.ref})
    found = client.get("/desk/tickets/", {"other": "Letters"})

    assert (merged.status_code, related.status_code) == (422, 422)
    for page in (merged, related, found):
        assert other.summary not in body(page)
    assert everything() == before


def test_of_what_is_merged_an_agent_reads_only_their_own_services(
    sign_in, house, hours, una, desi, other
):
    laptop = add_service(
        by=COMMAND, at=LONG_AGO, name="Laptop", provider=house.provider, hours=hours
    )
    dora = somebody("Dora", house.provider)
    give_duty(dora, "desk", by=COMMAND, at=LONG_AGO, service=laptop)
    theirs = make_ticket(una, laptop, text="Screen is dark")
    verbs.merge(other, by=desi.actor, at=NOON, into=theirs)

    page = sign_in(dora).get(f"/desk/t/{theirs.ref}/")

    assert other.summary not in body(page)
    assert other.ref + "<" not in body(page)
    assert "1 more belongs to a service of another desk" in body(page)


def test_the_pages_of_whose_matter_was_merged_name_nothing_of_the_other(
    sign_in, client, clock, survivor, other, una, desi
):
    verbs.merge(other, by=desi.actor, at=NOON, into=survivor)
    verbs.answer(survivor, by=desi.actor, at=NOON, text="We restart the server")

    pages = [
        sign_in(una).get(f"/my/{other.ref}/"),
        client.get(f"/r/{token_of(other)}/"),
        sign_in(una).get("/my/"),
    ]

    for page in pages:
        assert page.status_code == 200
        for secret in (survivor.ref, survivor.summary, "Cleo"):
            assert secret not in body(page), page.request["PATH_INFO"]
    for page in pages[:2]:
        assert "together with another matter" in body(page)
        assert "We restart the server" in body(page)

    said = sign_in(una).post(f"/my/{other.ref}/answer/", {"text": "Still slow"})
    assert said.status_code == 302
    assert lines(survivor)[-1] == "answered"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("blocks", "blocks"),
        ("blocked_by", "is blocked by"),
        ("has_duplicate", "has the duplicate"),
        ("related", "is related to"),
    ],
)
def test_a_link_stands_on_the_page_in_words_and_can_be_taken_away(
    desk, survivor, other, kind, words
):
    page = desk.post(
        f"/desk/t/{survivor.ref}/relate/", {"kind": kind, "other": other.ref}, follow=True
    )
    assert f"<span>{words}</span>" in body(page)

    desk.post(f"/desk/t/{survivor.ref}/unlink/", {"kind": kind, "other": other.ref})
    assert not Link.objects.exists()


def test_where_words_match_several_tickets_it_is_asked_which(desk, survivor, other, una, mail):
    third = make_ticket(una, mail, text="Letters get lost")

    asked = desk.post(f"/desk/t/{survivor.ref}/relate/", {"kind": "related", "other": "letters"})
    again = desk.post(
        f"/desk/t/{survivor.ref}/relate/",
        {"kind": "related", "other": "letters", "other_is": third.ref},
    )

    assert asked.status_code == 422
    assert "Several tickets match" in body(asked)
    assert again.status_code == 302
    assert Link.objects.get().target == third


@pytest.mark.parametrize("other_said", ["", "\0", "T-", "nothing like it", "T-999999999999999999"])
def test_what_names_no_ticket_comes_back_with_what_was_typed(desk, survivor, other_said):
    page = desk.post(f"/desk/t/{survivor.ref}/relate/", {"kind": "related", "other": other_said})

    assert page.status_code == 422
    assert not Link.objects.exists()


def test_a_parent_offers_to_resolve_its_parts_with_the_same_words(desk, desi, survivor, other):
    desk.post(f"/desk/t/{survivor.ref}/relate/", {"kind": "parent_of", "other": other.ref})
    page = desk.get(f"/desk/t/{survivor.ref}/")
    assert "also the part of it that is open" in body(page)

    said = desk.post(
        f"/desk/t/{survivor.ref}/resolve/",
        {"text": "The server was full", "children": "yes"},
        follow=True,
    )

    assert "1 part of it is resolved too." in body(said)
    assert (fresh(survivor).state, fresh(other).state) == ("resolved", "resolved")
    assert other.messages.last().text == "The server was full"


def test_a_part_is_taken_out_from_either_page(desk, desi, survivor, other):
    for page, named in ((survivor, other), (other, survivor)):
        verbs.set_parent(fresh(other), by=desi.actor, at=NOON, parent=survivor)
        desk.post(f"/desk/t/{page.ref}/part/", {"other": named.ref})
        assert fresh(other).parent is None


def test_what_is_blocked_warns_once_when_it_is_resolved(desk, desi, survivor, other):
    verbs.link(other, survivor, by=desi.actor, at=NOON, kind="blocks")
    url, words = f"/desk/t/{survivor.ref}/resolve/", {"text": "Fixed"}

    warned = desk.post(url, words)
    assert warned.status_code == 409
    assert f"{other.ref} blocks this and is not done" in body(warned)
    assert fresh(survivor).state == "new"

    desk.post(url, {**words, "despite": other.ref})
    assert fresh(survivor).state == "resolved"


def test_a_ticket_is_split_on_its_page(desk, desi, una, mail, other):
    said = verbs.answer(other, by=una.actor, at=NOON, text="And the printer is out of paper")
    page = desk.get(f"/desk/t/{other.ref}/split/")
    assert "And the printer is out of paper" in body(page)
    given = {"messages": [said.pk], "service": mail.pk, "requester": "Una", "once": "one"}

    done = desk.post(f"/desk/t/{other.ref}/split/", given, follow=True)
    again = desk.post(f"/desk/t/{other.ref}/split/", given)

    new = Ticket.objects.latest("id")
    assert done.redirect_chain == [(f"/desk/t/{new.ref}/", 302)]
    assert again.status_code == 422
    assert Ticket.objects.count() == 2


def test_a_split_without_a_message_comes_back(desk, other, mail):
    page = desk.post(f"/desk/t/{other.ref}/split/", {"service": mail.pk})

    assert page.status_code == 422
    assert "Choose at least one message" in body(page)
