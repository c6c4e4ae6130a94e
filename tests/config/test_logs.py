"""The log says what went wrong where, and opens no report."""

import logging

from django.conf import settings
from django.test import Client

from tests.cast import make_ticket
from tricorn.config.logs import WithoutPrivateLinks
from tricorn.tickets.links import token_of


def test_a_private_link_is_blotted_out(mail, caplog):
    token = token_of(make_ticket(None, mail))
    caplog.handler.addFilter(blot := WithoutPrivateLinks())

    Client().post(f"/r/{token}/reopen/")
    Client().get("/manage/nothing/100 %/")
    caplog.handler.removeFilter(blot)

    assert [record.getMessage() for record in caplog.records] == [
        "Conflict: /r/…/reopen/",
        "Not Found: /manage/nothing/100 %/",
    ]


def test_every_handler_of_the_log_does_so():
    handlers = settings.LOGGING["handlers"].values()

    assert handlers
    assert all("private" in handler["filters"] for handler in handlers)
    assert any(
        isinstance(each, WithoutPrivateLinks)
        for handler in logging.getLogger().handlers
        for each in handler.filters
    )
