"""The API asked with whatever its own document allows, and some of what it does not.

TRICORN_TEST_FUZZ says how many examples each address gets; `scripts/fuzz` asks for many.
"""

import os

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.api.conftest import program_of
from tests.cast import LONG_AGO, make_ticket
from tricorn.api import pace
from tricorn.api.document import described
from tricorn.api.fields import PLAIN
from tricorn.api.house import api
from tricorn.config.wsgi import application
from tricorn.engine.steps import Step
from tricorn.files.verbs import attach_any
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.knowledge.verbs import Written, publish, write
from tricorn.notices.models import Notice
from tricorn.standing.verbs import give_duty
from tricorn.tickets import verbs
from tricorn.tickets.verbs import Described

EXAMPLES = int(os.environ.get("TRICORN_TEST_FUZZ") or 2)
MANY, SHORT = 10, 60
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture
def known(mail, a7, desi, una, clive, finance, reception, monkeypatch):
    """For each part of an address a thing that is there, and a token of who may do everything."""
    monkeypatch.setattr(pace, "MOST", 1_000_000)
    give_duty(desi, "manage", by=COMMAND, at=LONG_AGO)
    ticket = make_ticket(una, mail)
    article = write(Written("Mail", "Slow"), by=desi.actor, at=LONG_AGO)
    named = Described("Disk", (mail,), workaround="Wait", is_known_error=True)
    problem = verbs.add_problem(named, by=desi.actor, at=LONG_AGO, ticket=ticket)
    canned = verbs.keep_canned(by=desi.actor, at=LONG_AGO, name="Hello", text="{{ link }}")
    photo = attach_any(ticket, b"x", name="a.txt", media_type="", by=COMMAND, at=LONG_AGO)
    line = Line.objects.filter(kind="ticket.reported").latest("id")
    draft = verbs.keep_draft(ticket, by=desi.actor, at=LONG_AGO, kind="answer", text="We")
    bulk = verbs.begin_bulk([ticket.pk], Step("tag", "Disk"), by=desi.actor, at=LONG_AGO)
    notice = Notice.objects.create(
        person=desi,
        line=line,
        ticket=ticket,
        capacity="agent",
        about="reported",
        how="page",
        made_at=LONG_AGO,
    )
    return {
        "token": program_of(desi).secret,
        "ref": ticket.ref,
        "slug": publish(article, by=desi.actor, at=LONG_AGO).slug,
        "problem": problem.ref,
        "notice": notice.pk,
        "draft": draft.pk,
        "bulk": bulk.pk,
        "attachments/{number}": photo.pk,
        "canned/{number}": canned.pk,
        "versions/{number}": a7.number,
        "person": una.pk,
        "organisation": finance.pk,
        "place": reception.slug,
        "service": mail.slug,
        "agreement": a7.agreement.ref,
    }


@pytest.fixture(autouse=True)
def one_connection():
    """As Django's own client does: the test's transaction outlives its requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked_of(part):
    """Return the document with shorter texts: a pattern of 100,000 signs takes long to compile.

    What is longer than the document allows is asked by `scripts/fuzz`, which takes it as it is.
    """
    if isinstance(part, list):
        return [asked_of(each) for each in part]
    if not isinstance(part, dict):
        return part
    made = {name: asked_of(each) for name, each in part.items()}
    if EXAMPLES < MANY and made.get("pattern") == PLAIN:
        del made["pattern"]
    if EXAMPLES < MANY and isinstance(made.get("maxLength"), int) and "pattern" in made:
        made["maxLength"] = min(made["maxLength"], SHORT)
    return made


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_whatever_is_asked_is_answered_as_the_document_says(known, mode):
    schema = schemathesis.openapi.from_dict(asked_of(described(api)))
    schema.app = application
    asked = set()
    for each in schema.get_all_operations():
        operation = each.ok()
        _ask(operation, mode, known, asked)

    assert len(asked) == sum(len(methods) for methods in described(api)["paths"].values())


def _ask(operation, mode, known, asked):
    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=operation.as_strategy(generation_mode=mode),
        is_there=st.sampled_from([True, True, True, False]),
    )
    def ask(case, is_there):
        asked.add(f"{operation.method} {operation.path}")
        for name in case.path_parameters or {}:
            if is_there or mode is GenerationMode.NEGATIVE:
                end = "/".join(operation.path.split("/")[-2:])
                case.path_parameters[name] = known.get(end if name == "number" else name)
        response = case.call(headers={"Authorization": f"Bearer {known['token']}"})
        case.validate_response(response, checks=CHECKS)

    ask()
