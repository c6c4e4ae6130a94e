"""The naming schemes, as data: which names a field of practice has, and the facts that earn them.

Names lie beside conditions, lowest first. Nothing in Tricorn asks for a name to decide anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from .conditions import AtLeast, Condition, Has, Named, Thresholds

# When use becomes a habit, a contact a relationship, and knowing each other a partnership.
THRESHOLDS: Thresholds = MappingProxyType({"days": 2, "span": 365, "mutual": 3})


@dataclass(frozen=True)
class Rule:
    """One name of a scheme. On screens it stands for the names that it is `over`, too."""

    name: str
    when: Condition
    over: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Scheme:
    """How one field of practice names people, lowest role first.

    `labels` is what people read instead of a name; `flags` are remarks that are not roles.
    Source  docs/engine/roles.md, rule R3: the table of schemes.
    """

    name: str
    title: str
    rules: tuple[Rule, ...]
    flags: tuple[Rule, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)

    def label(self, name: str) -> str:
        """Return what people read for this role."""
        return self.labels.get(name, name)

    def renamed(self, labels: Mapping[str, str]) -> "Scheme":
        """Return the same scheme with other labels.

        Source  docs/engine/roles.md, rule R12: labels change what people read and nothing else.
        """
        return replace(self, labels={**self.labels, **labels})


def _has(*names: str) -> tuple[Condition, ...]:
    return tuple(Has(name) for name in names)


signed, invoice, budget, accept, paid = _has("signed", "invoice", "budget", "accept", "paid")
oversees, linemgr, orders = _has("oversees", "linemgr", "orders")
entitled, funded, used, aware = _has("entitled", "funded_by_client", "used", "aware")
recognised, voice = _has("recognised", "voice")
days, span, mutual = AtLeast("days"), AtLeast("span"), AtLeast("mutual")

fm_client = Named("client", signed | invoice | linemgr)
regular = Named("customer", used & days & (recognised | voice))
partner = regular & span & mutual
overseer = Named("client", oversees | budget | Named("knowledge client", partner))

_SERVED = {"user": "uses the service", "end user": "uses the service"}

SCHEMES: Mapping[str, Scheme] = MappingProxyType(
    {
        scheme.name: scheme
        for scheme in (
            Scheme(
                "fm",
                "Facilities management",
                (
                    Rule("user", used & ~entitled & ~aware & ~fm_client),
                    Rule("customer", entitled & funded),
                    Rule("client", fm_client.part),
                ),
                flags=(Rule("knowing unfunded use", used & ~entitled & aware & ~fm_client),),
                labels={"user": "visitor"},
            ),
            Scheme(
                "everyone-a-customer",
                "Everyone is a customer",
                (
                    Rule("customer", used | entitled),
                    Rule("senior customer", paid | budget | invoice, frozenset({"customer"})),
                ),
            ),
            Scheme(
                "itil-customer-user",
                "ITIL: users and customers",
                (
                    Rule("user", used),
                    Rule("customer", paid | budget | accept | signed | invoice),
                ),
                labels=_SERVED,
            ),
            Scheme(
                "overseers",
                "Customers and the clients who oversee",
                (
                    Rule("customer", overseer | used | entitled | paid),
                    Rule("client", overseer.part, frozenset({"customer"})),
                ),
            ),
            Scheme(
                "knowledge",
                "Knowledge services: how deep the relationship is",
                (
                    Rule("end user", used),
                    Rule("customer", regular.part, frozenset({"end user"})),
                    Rule("client", partner, frozenset({"end user", "customer"})),
                ),
                labels=_SERVED,
            ),
            Scheme(
                "itil4",
                "ITIL 4",
                (
                    Rule("user", used),
                    Rule("customer", signed | accept | paid),
                    Rule("sponsor", budget | paid),
                ),
                labels=_SERVED,
            ),
            Scheme(
                "fitsm",
                "FitSM",
                (
                    Rule("user", used),
                    Rule("customer", signed | budget),
                ),
                labels=_SERVED,
            ),
            Scheme(
                "en15221",
                "EN 15221-1",
                (
                    Rule("end user", used),
                    Rule("customer", orders),
                    Rule("client", signed),
                ),
                labels=_SERVED,
            ),
        )
    }
)
