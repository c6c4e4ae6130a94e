"""A program at the door: a client that shows the token of one of the cast."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from tests.cast import NOON
from tricorn.api import pace
from tricorn.parties.verbs import SCOPES, make_token
from tricorn.web import middleware

ROOT = "/api/v1"


@dataclass
class Program:
    """What asks in somebody's name, as JSON."""

    secret: str
    client: Client

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(ROOT + path, headers={**self._token, **_named(headers)})

    def post(self, path: str, given: Any = None, **headers: str) -> Any:
        return self._send("post", path, given, headers)

    def patch(self, path: str, given: Any) -> Any:
        return self._send("patch", path, given, {})

    def _send(self, method: str, path: str, given: Any, headers: dict[str, str]) -> Any:
        body = "" if given is None else json.dumps(given)
        ask = getattr(self.client, method)
        sent = {**self._token, **_named(headers)}
        return ask(ROOT + path, body, content_type="application/json", headers=sent)

    @property
    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    pace.forget()
    monkeypatch.setattr(middleware, "now", lambda: NOON)


def program_of(person, *scopes, days=30):
    """Return a program with a token of this person; without scopes named, with all of them."""
    made = make_token(
        person, by=person.actor, at=NOON, name="Script", scopes=scopes or SCOPES, days=days
    )
    return Program(made.secret, Client())
