"""A real mail server on this machine, which can be told to misbehave."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings

from tests.beside import free_port
from tricorn.mail import outgoing


class Received(EmailMessage):
    """A letter as it arrived: its plain text, and the same as HTML."""

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.get_body((kind,))
        assert part is not None
        return str(part.get_content())


@dataclass
class PostOffice:
    """What arrived, and how the server answers: to an address, and to a letter."""

    port: int
    letters: list[Received] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    lines: list[object] = field(default_factory=list)
    address_answer: str = "250 OK"
    letter_answer: str = "250 OK"
    hangs_up: bool = False

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.address_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.address_answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.letter_answer.startswith("250"):
            parsed = email.message_from_bytes(
                envelope.content.replace(b"\r\n", b"\n"),
                _class=Received,
                policy=email.policy.default,
            )
            assert isinstance(parsed, Received)
            self.letters.append(parsed)
            self.recipients += envelope.rcpt_tos
            self.lines.append(session.peer)
        if self.hangs_up:
            server.transport.close()
        return self.letter_answer


@pytest.fixture
def post_office(settings: Settings) -> Iterator[PostOffice]:
    """A running server; the settings of outgoing mail point at it."""
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port)
    controller.start()
    settings.EMAIL_BACKEND = "tricorn.mail.outgoing.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    settings.EMAIL_TIMEOUT = 5
    settings.DEFAULT_FROM_EMAIL = "House IT <desk@house.example>"
    yield office
    outgoing.hang_up()
    controller.stop()
