"""What tests of pages may ask for."""

import pytest
from django.core.cache import cache

from tests.cast import MONDAY
from tricorn.web import middleware


@pytest.fixture(autouse=True)
def nobody_counted():
    """No test's reports count for another's sender."""
    cache.clear()


@pytest.fixture
def at(monkeypatch):
    """Set what time the doors read: `at(SATURDAY)`; Monday 08:00 in Berlin to begin with."""

    def read(moment):
        monkeypatch.setattr(middleware, "now", lambda: moment)

    read(MONDAY)
    return read
