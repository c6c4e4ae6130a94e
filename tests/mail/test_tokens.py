"""The signed word in an address to answer to."""

import pytest

from tricorn.mail.tokens import is_given_to, ticket_of, token_for


@pytest.mark.parametrize("shown", [str, str.upper, str.lower, "desk+{}".format])
def test_a_token_names_its_ticket_in_any_case_and_after_a_plus(shown):
    assert ticket_of(shown(token_for(7, "una@example.org"))) == 7


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "T-7",
        "T-7-",
        "desk",
        "T-8-" + token_for(7, "una@example.org").rpartition("-")[2],
        token_for(7, "una@example.org")[:-1],
        token_for(7, "una@example.org") + "a",
        "x" + token_for(7, "una@example.org"),
        "T-07-" + token_for(7, "una@example.org").rpartition("-")[2],
        "T-7-aaaaaaaaaaaaaaa",
        "T-" + "9" * 60 + "-aaaaaaaaaaaaaaa",
        "T-٧-" + token_for(7, "una@example.org").rpartition("-")[2],
        "T-7-\x00\udc80aaaaaaaaaaaaa",
    ],
    ids=map(str, range(13)),  # the tokens differ from run to run
)
def test_a_forged_token_or_one_of_another_ticket_is_none(forged):
    assert ticket_of(forged) is None


def test_a_token_is_made_with_the_secret_of_the_installation(settings):
    token = token_for(7, "una@example.org")
    settings.SECRET_KEY = "another"
    assert ticket_of(token) is None


def test_a_token_knows_whom_it_was_given_to_whatever_the_case():
    token = "desk+" + token_for(7, "Una@Example.org").lower()
    assert is_given_to(token, "una@example.org")
    assert not is_given_to(token, "sam@example.org")
    assert not is_given_to("desk", "una@example.org")


def test_a_token_fits_into_an_address():
    assert len("servicedesk+" + token_for(10**12, "una@example.org")) <= 64
