"""The chain of a service: who hears before it is late, when it is, and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from tricorn.automation.alarms import begin_sweep
from tricorn.automation.models import Chain
from tricorn.automation.verbs.access import allow
from tricorn.catalogue.models import Service
from tricorn.engine.errors import BadInput
from tricorn.engine.escalation import Step, checked
from tricorn.journal.actor import Actor
from tricorn.journal.verbs import write
from tricorn.parties.models import Person


def set_chain(service: Service, steps: Iterable[Step], *, by: Actor, at: datetime) -> Chain | None:
    """Give a service these steps, or none at all. What was due before now is left alone.

    Errors  BadInput with the number of the step that is wrong.
    """
    found = checked(steps)
    wanted = {step.person for step in found if step.person}
    known = set(Person.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
    if wanted - known:
        raise BadInput("Somebody in this chain is not here any more. Choose others.", field="steps")
    data = [step.to_data() for step in found]
    with transaction.atomic():
        allow(by, at)
        # Two managers at once: the service's own row keeps them in order.
        Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
        chain = Chain.objects.filter(service=service).first()
        if (chain.steps if chain else []) == data:
            return chain
        if not found:
            Chain.objects.filter(service=service).delete()
            chain = None
        else:
            chain, _ = Chain.objects.update_or_create(
                service=service, defaults={"steps": data, "since": at}
            )
            begin_sweep(at)
        write(service, "service.escalation_set", by=by, at=at, steps=data)
    return chain
