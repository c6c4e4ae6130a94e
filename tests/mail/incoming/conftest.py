"""A mailbox for Mail, which a mail server brings letters to."""

import pytest

from tests.cast import LONG_AGO
from tests.mail.incoming.arriving import HELP
from tricorn.catalogue.models import Service
from tricorn.journal.actor import COMMAND
from tricorn.tickets.models import Mailbox
from tricorn.tickets.verbs import add_mailbox


@pytest.fixture
def box(mail: Service) -> Mailbox:
    return add_mailbox(by=COMMAND, at=LONG_AGO, address=HELP, service=mail, kind="question")
