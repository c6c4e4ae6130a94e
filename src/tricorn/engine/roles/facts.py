"""What can be observed about one person, for one service, at one instant. The rest is derived."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from ..errors import BadFacts

# What each fact says about a person, in words that can follow their name.
FACTS: Mapping[str, str] = MappingProxyType(
    {
        "signed": "signed an agreement that is in force",
        "invoice": "approves invoices for this service",
        "budget": "holds or distributes the budget that pays for this service",
        "accept": "signed the acceptance of delivered work",
        "paid": "paid the provider of this service",
        "oversees": "oversees the provider",
        "linemgr": "is the line manager of an internal provider",
        "orders": "may order within an agreement",
        "entitled": "is covered by an agreement that is in force",
        "funded_by_client": "is paid for by somebody else",
        "used": "has used this service",
        "aware": "knows that this is a service",
        "ident": "is known by name",
        "known": "has a record with the provider",
        "recognised": "knows the provider's people, and they know them",
        "voice": "gave feedback, an idea or a referral",
        "exit": "has another supplier to go to",
        "days": "days on which this service was used",
        "span": "days since the first contact",
        "mutual": "things that one side told the other",
    }
)
COUNTS = frozenset({"days", "span", "mutual"})


@dataclass(frozen=True)
class Facts:
    """The facts of one person for one service at one instant, with their evidence.

    Units   `days` and `span` are days, `mutual` is a count; all others are true or false.
    `evidence` maps a fact to what shows it, for people: "A-7, signed 4 May 2026".
    Source  docs/engine/roles.md, rule R1: facts are stored, roles never.
    """

    signed: bool = False
    invoice: bool = False
    budget: bool = False
    accept: bool = False
    paid: bool = False
    oversees: bool = False
    linemgr: bool = False
    orders: bool = False
    entitled: bool = False
    funded_by_client: bool = False
    used: bool = False
    aware: bool = False
    ident: bool = False
    known: bool = False
    recognised: bool = False
    voice: bool = False
    exit: bool = False
    days: int = 0
    span: int = 0
    mutual: int = 0
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    @classmethod
    def from_data(
        cls,
        data: object,
        *,
        evidence: Mapping[str, tuple[str, ...]] | None = None,
        where: str = "",
    ) -> "Facts":
        """Read facts from parsed JSON; what is not named is false or 0.

        Errors  BadFacts for an unknown name or a wrong type; `where` names the case in it.
        """
        place = f"{where}: " if where else ""
        if not isinstance(data, Mapping):
            raise BadFacts(f'{place}facts must be an object such as {{"used": true}}.')
        for name, value in data.items():
            _check(name, value, place)
        return cls(**data, evidence=dict(evidence or {}))

    def value(self, fact: str) -> bool | int:
        """Return what is known of `fact`."""
        found: bool | int = getattr(self, fact)
        return found

    def true(self) -> tuple[str, ...]:
        """Return the names of all facts that hold or count more than nothing."""
        return tuple(f.name for f in fields(self) if f.name in FACTS and self.value(f.name))

    def shown_by(self, fact: str) -> tuple[str, ...]:
        """Return the evidence of `fact`; empty if nobody brought any."""
        return tuple(self.evidence.get(fact, ()))


def _check(name: object, value: object, place: str) -> None:
    if name not in FACTS:
        known = ", ".join(FACTS)
        raise BadFacts(f"{place}there is no fact “{name}”. Known facts: {known}.", fact=name)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if name in COUNTS and not (is_number and isinstance(value, int) and value >= 0):
        raise BadFacts(
            f"{place}the fact “{name}” must be a whole number, 0 or more, not {value!r}.", fact=name
        )
    if name not in COUNTS and not isinstance(value, bool):
        raise BadFacts(f"{place}the fact “{name}” must be true or false, not {value!r}.", fact=name)
