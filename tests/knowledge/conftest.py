"""An article about Mail, as Desi writes it."""

import pytest

from tests.cast import MONDAY
from tricorn.knowledge import verbs
from tricorn.knowledge.verbs import Written

TEXT = "Open **Settings**, then add the account.\n\n1. Type your address.\n2. Wait a minute."


def written(title="Mail on a new phone", by=None, at=MONDAY, *, publish=True, **given):
    """Return an article by this agent, published at once unless a test says otherwise."""
    given = {"text": TEXT, **given}
    article = verbs.write(Written(title=title, **given), by=by.actor, at=at)
    return verbs.publish(article, by=by.actor, at=at) if publish else article


@pytest.fixture
def phone(desi, mail):
    """Published, about Mail, for everybody."""
    return written(by=desi, services=(mail,))
