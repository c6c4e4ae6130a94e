"""Searching what one asked for oneself: never somebody else's, never what the desk noted."""

import pytest

from tests.cast import NOON, make_ticket
from tricorn.tickets import verbs


@pytest.fixture
def unas(client, una, at):
    client.force_login(una)
    return client


def test_one_finds_ones_own_by_what_was_said_and_nobody_elses(unas, desi, una, cleo, mail):
    mine = make_ticket(una, mail, text="Mail is slow\nThe zebra crossing is to blame")
    make_ticket(cleo, mail, text="Zebra stripes on the screen")
    verbs.add_note(mine, by=desi.actor, at=NOON, text="Caller is confused")

    response = unas.get("/my/search/?q=zebra")

    assert [hit.ref for hit in response.context["hits"]] == [mine.ref]
    assert "The <mark>zebra</mark> crossing" in response.content.decode()
    assert unas.get("/my/search/?q=confused").context["hits"] == ()
    for text in ("", '"', "%", "(", "a\0"):
        assert unas.get("/my/search/", {"q": text}).status_code == 200


def test_what_one_asked_before_stands_beside_what_is_typed(unas, una, cleo, mail):
    before = make_ticket(una, mail, text="Projector flickers")
    other = make_ticket(una, mail, text="Another projector is loud")
    make_ticket(cleo, mail, text="Projector flickers, too")

    part = unas.post("/my/ask/alike/", {"text": "the projector flickers again"})

    assert [each.ref for each in part.context["alike"]] == [before.ref, other.ref]
    assert 'hx-post="/my/ask/alike/"' in unas.get("/my/ask/").content.decode()
    like = unas.get(f"/my/search/?like={before.ref}")
    assert [each.ref for each in like.context["alike"]] == [other.ref]


def test_a_matter_of_somebody_else_is_like_nothing(unas, una, cleo, mail):
    make_ticket(una, mail)
    theirs = make_ticket(cleo, mail)

    assert unas.get(f"/my/search/?like={theirs.ref}").status_code == 404
