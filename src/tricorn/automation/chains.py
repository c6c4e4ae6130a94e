"""By which chain a ticket is escalated: the one that its agreement names, else its service's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tricorn.agreements.models import AgreedStep
from tricorn.automation.models import Chain
from tricorn.engine.escalation import Step, read
from tricorn.prepared import Prepared
from tricorn.tickets.models import Ticket

CHAINS = Prepared(lambda at: Chain.objects.all())
ANY_AGREED = Prepared(lambda at: AgreedStep.objects.order_by().values_list("pk")[:1])
AGREED = Prepared(
    lambda versions, at: (
        AgreedStep.objects.filter(version__in=versions)
        .select_related("version__agreement")
        .order_by("version", "number")
    ),
    "versions",
)


@dataclass(frozen=True)
class Chained:
    """One step of a chain: which of how many, and since when it counts.

    `agreed` is the step of the agreement that it is; none: of the chain of the service. What was
    due before `since` is left alone.
    """

    step: Step
    number: int
    steps: int
    since: datetime
    agreed: AgreedStep | None = None


class Chains:
    """Every service's own chain, and the agreed ones of the versions that were asked for."""

    def __init__(self) -> None:
        self.services = {each.service_id: _of_service(each) for each in CHAINS.objects()}
        self.is_any_agreed = bool(ANY_AGREED.rows())
        self.agreed: dict[int, list[AgreedStep]] = {}

    def __bool__(self) -> bool:
        return bool(self.services) or self.is_any_agreed

    def of(self, ticket: Ticket) -> list[Chained]:
        """Return the chain that counts for a ticket now; one query for a version not seen before."""
        self.learn({ticket.version_id})
        steps = self.agreed.get(ticket.version_id or 0, [])
        named = [each for each in steps if not each.services or ticket.service_id in each.services]
        return _of_version(named) if named else self.services.get(ticket.service_id, [])

    def learn(self, versions: Iterable[int | None]) -> None:
        """Read the steps of these versions: one query for all that were not read before."""
        wanted = {each for each in versions if each is not None} - self.agreed.keys()
        if not self.is_any_agreed or not wanted:
            return
        self.agreed |= {each: [] for each in wanted}
        for step in AGREED.objects(versions=sorted(wanted)):
            self.agreed[step.version_id].append(step)


def _of_service(chain: Chain) -> list[Chained]:
    steps = read(chain.steps)
    return [Chained(step, n, len(steps), chain.since) for n, step in enumerate(steps, 1)]


def _of_version(steps: list[AgreedStep]) -> list[Chained]:
    return [
        Chained(
            Step(each.when, each.amount, each.whom, each.person_id or 0),
            number,
            len(steps),
            max(each.version.from_at, each.version.activated_at),
            each,
        )
        for number, each in enumerate(steps, 1)
    ]
