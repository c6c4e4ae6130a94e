"""Words and macros that are kept: one's own leave no line, what a service shares does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from tricorn.catalogue.models import Service
from tricorn.engine import roles
from tricorn.engine.errors import BadInput, StandingRefused
from tricorn.engine.roles import Standing
from tricorn.engine.steps import Step, all_checked
from tricorn.engine.wording import check_variables
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.verbs import clean
from tricorn.tickets.models import Canned, Macro
from tricorn.tickets.verbs.access import standing_for
from tricorn.tickets.verbs.intake import clean_text

Some = TypeVar("Some", Canned, Macro)
MOST = 200
LONGEST = 10_000


def keep_canned(
    *,
    by: Actor,
    at: datetime,
    name: str,
    text: str,
    service: Service | None = None,
    canned: Canned | None = None,
) -> Canned:
    """Keep words for answers: for oneself, or for all who serve a service.

    Errors  BadInput for no words, a variable that does not exist, or a name that is taken;
            StandingRefused for a service that one does not serve.
    """
    text = clean_text(text, what="text")
    if len(text) > LONGEST:
        raise BadInput(f"The text is long: at most {LONGEST:,} characters fit.", field="text")
    check_variables(text)
    row = canned or Canned()
    row.text = text
    return _keep(row, name, service, by=by, at=at)


def forget_canned(canned: Canned, *, by: Actor, at: datetime) -> None:
    """Keep these words no longer."""
    _forget(canned, by=by, at=at)


def keep_macro(
    *,
    by: Actor,
    at: datetime,
    name: str,
    steps: Iterable[Step],
    service: Service | None = None,
    macro: Macro | None = None,
) -> Macro:
    """Keep steps that are taken in one go: for oneself, or for all who serve a service.

    Errors  BadInput that names the step which is wrong; StandingRefused as for words.
    """
    row = macro or Macro()
    row.steps = [each.to_data() for each in all_checked(steps)]
    return _keep(row, name, service, by=by, at=at)


def forget_macro(macro: Macro, *, by: Actor, at: datetime) -> None:
    """Keep this macro no longer."""
    _forget(macro, by=by, at=at)


def _keep(row: Some, name: str, service: Service | None, *, by: Actor, at: datetime) -> Some:
    row.name = clean(name, "name", 80)
    if row.pk is not None:
        _may_change(row, by=by, at=at)
    row.service = service
    row.owner_id = None if service else by.id
    if service is not None:
        may_share(service, by=by, at=at)
    with transaction.atomic():
        model: Any = type(row)
        whose = {"service": service} if service else {"owner": by.id}
        others = model.objects.filter(**whose).exclude(pk=row.pk)
        if others.filter(name__iexact=row.name).exists():
            raise BadInput("Another one has this name. Give it one of its own.", field="name")
        if row.pk is None and others.count() >= MOST:
            raise BadInput(f"{MOST} are kept, which is as many as fit. Forget one first.")
        row.save()
        if service is not None:
            _write(row, "kept", by=by, at=at)
    return row


def _forget(row: Canned | Macro, *, by: Actor, at: datetime) -> None:
    _may_change(row, by=by, at=at)
    with transaction.atomic():
        if row.service_id is not None:
            _write(row, "forgotten", by=by, at=at)
        row.delete()


def _write(row: Canned | Macro, what: str, *, by: Actor, at: datetime) -> None:
    is_kept, service = what == "kept", row.service_id
    if isinstance(row, Canned):
        write(row, "canned.kept" if is_kept else "canned.forgotten", by=by, at=at, service=service)
    else:
        write(row, "macro.kept" if is_kept else "macro.forgotten", by=by, at=at, service=service)


def _may_change(row: Canned | Macro, *, by: Actor, at: datetime) -> None:
    if row.service is not None:
        may_share(row.service, by=by, at=at)
    elif row.owner_id != by.id or not by.is_person:
        raise StandingRefused("These are somebody else’s own.", verb="share")


def may_share(service: Service, *, by: Actor, at: datetime) -> None:
    """Refuse whoever does not serve this service."""
    standing = standing_for(by, service, at) if by.is_person else Standing()
    ruling = roles.rule(standing, "share")
    if not ruling.allowed:
        raise StandingRefused(ruling.reason, verb="share")
