"""Authority at Manage: another limit or deputy, who is away, how many it takes."""

import pytest

from tests.cast import LONG_AGO, NOON
from tricorn.journal.actor import COMMAND
from tricorn.standing.models import Absence, Authority, Quorum
from tricorn.standing.verbs import go_away, grant, set_quorum

WHO = {"by": COMMAND, "at": LONG_AGO}


@pytest.fixture
def held(clive, finance):
    return grant(clive, finance, ["sign"], **WHO)[0]


def press(client, person, deed, **data):
    return client.post(f"/manage/people/{person.pk}/{deed}/", data)


def test_another_limit_and_deputy_hold_from_now_on(manage, clive, cleo, held):
    given = {"row": held.pk, "up_to": "500", "currency": "eur", "deputy": "cleo@example.org"}

    assert press(manage, clive, "change-authority", **given).status_code == 302

    old, new = Authority.objects.order_by("id")
    assert (old.until, old.withdrawn_at) == (NOON, NOON)
    assert (new.since, str(new.up_to), new.currency, new.deputy) == (NOON, "500.00", "EUR", cleo)
    assert "up to 500.00 EUR" in manage.get(f"/manage/people/{clive.pk}/").content.decode()


def test_a_change_that_cannot_be_is_shown_beside_its_authority(manage, clive, cleo, held):
    go_away(cleo, deputy=clive, **WHO)
    given = {"row": held.pk, "deputy": "cleo@example.org"}

    answer = press(manage, clive, "change-authority", **given)

    assert answer.status_code == 422
    assert "Cleo cannot stand in for Clive: for Cleo stands Clive" in answer.content.decode()
    assert Authority.objects.get() == held


def test_a_manager_notes_that_somebody_is_away_and_back(manage, clive, cleo, held):
    given = {"away-until": "2026-10-14", "away-deputy": "cleo@example.org"}
    assert press(manage, clive, "go-away", **given).status_code == 302
    assert "Cleo decides" in manage.get(f"/manage/people/{clive.pk}/").content.decode()

    press(manage, clive, "come-back", row=Absence.objects.get().pk)

    assert Absence.objects.get().until == NOON


def test_how_many_it_takes_is_set_and_ended(manage, clive, cleo, finance, held):
    grant(cleo, finance, ["sign"], **WHO)
    address = f"/manage/organisations/{finance.pk}/"
    given = {
        "quorum-needed": 2,
        "quorum-may": "sign",
        "quorum-above": 1000,
        "quorum-currency": "EUR",
    }
    assert manage.post(f"{address}quorum/", given).status_code == 302

    shown = " ".join(manage.get(address).content.decode().split())
    assert "2 to sign agreements, above 1000.00 EUR" in shown
    assert "Clive</a> signs agreements for Finance" in shown

    manage.post(f"{address}end-quorum/", {"row": Quorum.objects.get().pk})
    assert Quorum.objects.get().until == NOON


def test_more_than_there_are_is_refused_on_the_page(manage, finance, held):
    given = {"quorum-needed": 2, "quorum-may": "sign"}

    answer = manage.post(f"/manage/organisations/{finance.pk}/quorum/", given)

    assert answer.status_code == 422
    assert "It takes two people to sign for Finance, and only Clive may." in answer.content.decode()
    assert not Quorum.objects.exists()


def test_another_organisations_number_is_not_ended_here(manage, clive, house, finance, held):
    quorum = set_quorum(finance, "sign", 1, **WHO)
    other = f"/manage/organisations/{house.provider.pk}/end-quorum/"

    assert manage.post(other, {"row": quorum.pk}).status_code == 404
    assert Quorum.objects.get().until is None
