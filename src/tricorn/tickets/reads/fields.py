"""The fields of the queue's box: `is:late`, `from:cleo`, `due:<2h`. Each reads a value as a condition.

A higher package adds a field in one line: `FIELDS["tag"] = Field("tag:vpn", _("..."), read)`.
No field asks the database anything itself: persons and services are subqueries, so that a queue
with words and fields stays one query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tricorn.catalogue.models import Service
from tricorn.engine.query import stretch_of
from tricorn.parties.models import Organisation, Place
from tricorn.search import reads as search
from tricorn.tickets.models import DONE_STATES, HOLDERS, KINDS, PRIORITIES, STATES, Tag, TicketTag


@dataclass(frozen=True)
class Reader:
    """Who asks, and when: `is:mine`, `due:today` mean something else for everybody."""

    person_id: int
    teams: tuple[int, ...]
    at: datetime
    zone: str


class NotUnderstoodError(Exception):
    """A value that its field does not know; `known` says what exists."""

    def __init__(self, known: str | Promise) -> None:
        super().__init__(known)
        self.known = known


@dataclass(frozen=True)
class Field:
    """One field: an example, what it finds in words, and how a value becomes a condition."""

    example: str
    words: str | Promise
    read: Callable[[str, Reader], Q]


def _is(value: str, reader: Reader) -> Q:
    value = value.casefold()
    unfinished = ~Q(state__in=DONE_STATES)
    meanings = {
        "open": unfinished,
        "late": unfinished & Q(breach_at__lt=reader.at),
        "mine": Q(assignee=reader.person_id),
        "team": Q(team__in=reader.teams),
        "unassigned": Q(assignee=None),
        "done": Q(state__in=DONE_STATES),
        "any": Q(),
        **{state: Q(state=state) for state in STATES if state != "open"},
    }
    if value == "held":
        raise NotUnderstoodError(_("Held reports have a page of their own: Held for review."))
    if value not in meanings:
        raise NotUnderstoodError(
            _one_of(["open", "late", *sorted(set(meanings) - {"open", "late"})])
        )
    return meanings[value]


def _one_of(values: Iterable[str]) -> str:
    return ", ".join(values)


def _named(column: str, values: Sequence[str]) -> Callable[[str, Reader], Q]:
    """Read one of a few codes, or the beginning of one."""

    def read(value: str, reader: Reader) -> Q:
        meant = [each for each in values if each.startswith(value.casefold())]
        if not value or not meant:
            raise NotUnderstoodError(_one_of(values))
        return Q(**{f"{column}__in": meant})

    return read


def _waiting(value: str, reader: Reader) -> Q:
    value = value.casefold()
    ours = {"us": "provider", "ourselves": "provider", "any": ""}
    if value == "any":
        return Q(state="waiting")
    return Q(state="waiting") & _named("waiting_on", HOLDERS)(ours.get(value, value), reader)


def _time(column: str, *, is_ahead: bool = False) -> Callable[[str, Reader], Q]:
    def read(value: str, reader: Reader) -> Q:
        if is_ahead and value.casefold() in ("none", "never"):
            return Q(**{f"{column}__isnull": True})
        found = stretch_of(value, at=reader.at, zone=reader.zone, is_ahead=is_ahead)
        if found is None:
            near = "tomorrow" if is_ahead else "yesterday"
            raise NotUnderstoodError(
                f"<2h, >1d, <1w, today, {near}, 2026-10, 2026-10-05, <2026-10-05, 2026-10-01..2026-10-05"
            )
        meant = Q()
        if found.since is not None:
            meant &= Q(**{f"{column}__gte": found.since})
        if found.until is not None:
            meant &= Q(**{f"{column}__lt": found.until})
        return meant

    return read


def _person(column: str) -> Callable[[str, Reader], Q]:
    def read(value: str, reader: Reader) -> Q:
        if not value:
            raise NotUnderstoodError(
                _("a name, the beginning of one, a mail address, me or nobody")
            )
        if value.casefold() == "me":
            return Q(**{column: reader.person_id})
        if value.casefold() in ("nobody", "none"):
            return Q(**{f"{column}__isnull": True})
        meant = Q(**{f"{column}__in": search.matches("person", _typed(value), most=200)})
        if column == "requester" and "@" in value:
            meant |= Q(contact_email__iexact=value)
        return meant

    return read


def _typed(value: str) -> str:
    """Return a name as words of which the last may go on; no sign in it means anything."""
    return value.replace('"', " ").replace("-", " ").strip()


def _begins(
    column: str, rows: Callable[[Q], QuerySet[Service | Organisation | Place]], *names: str
) -> Callable[[str, Reader], Q]:
    def read(value: str, reader: Reader) -> Q:
        if not value:
            raise NotUnderstoodError(_("its name, or the beginning of it"))
        meant = Q()
        for name in names:
            meant |= Q(**{f"{name}__istartswith": value}) | Q(**{f"{name}__icontains": f" {value}"})
        return Q(**{f"{column}__in": rows(meant).values("pk")})

    return read


def _tag(value: str, reader: Reader) -> Q:
    """The tags that begin so; of one that was merged, what it went into."""
    key = " ".join(value.replace("#", " ").split()).casefold()
    if not key:
        raise NotUnderstoodError(_("the beginning of a tag"))
    named = Tag.objects.filter(key__startswith=key)
    meant = Q(tag__in=named.values("pk")) | Q(tag__in=named.values("merged_into"))
    return Q(pk__in=TicketTag.objects.filter(meant).values("ticket"))


def _ref(value: str, reader: Reader) -> Q:
    number = value.upper().removeprefix("T-")
    meant = Q(source_id=value) & ~Q(source_id="")
    if number.isascii() and number.isdigit() and len(number) < 16:
        meant |= Q(pk=int(number))
    return meant


FIELDS: dict[str, Field] = {
    "is": Field(
        "is:late",
        _(
            "open, new, waiting, late, mine, team, unassigned; resolved, closed, cancelled, done, any"
        ),
        _is,
    ),
    "service": Field(
        "service:mail",
        _("the service, by its name or the beginning of it; commas between several"),
        _begins("of_service", lambda q: Service.objects.filter(q), "slug", "name"),
    ),
    "kind": Field(
        "kind:request",
        _("incident, request, question, complaint, wish, praise"),
        _named("kind", KINDS),
    ),
    "priority": Field(
        "priority:high", _("critical, high, moderate, low"), _named("priority", PRIORITIES)
    ),
    "from": Field("from:cleo", _("who asks: a name, an address, me, nobody"), _person("requester")),
    "for": Field("for:una", _("whom it is for"), _person("affected")),
    "by": Field("by:desi", _("who works on it: a name, me, nobody"), _person("assignee")),
    "team": Field(
        "team:network",
        _("the team it was handed to"),
        _begins("team", lambda q: Organisation.objects.filter(q), "name"),
    ),
    "org": Field(
        "org:finance",
        _("the organisation it counts for"),
        _begins("organisation", lambda q: Organisation.objects.filter(q), "name"),
    ),
    "place": Field(
        "place:reception",
        _("where"),
        _begins("place", lambda q: Place.objects.filter(q), "slug", "name"),
    ),
    "waiting": Field(
        "waiting:supplier", _("who holds it up: client, customer, user, supplier, us"), _waiting
    ),
    "due": Field(
        "due:<2h",
        _("due sooner than that, due:>1d later; due:today; due:none"),
        _time("due_at", is_ahead=True),
    ),
    "reported": Field(
        "reported:<7d",
        _("reported in the last seven days; reported:2026-10; reported:yesterday"),
        _time("reported_at"),
    ),
    "changed": Field(
        "changed:>2w", _("nothing happened on it for two weeks; changed:<1h"), _time("changed_at")
    ),
    "tag": Field("tag:printer", _("a tag, or the beginning of one"), _tag),
    "ref": Field("ref:T-12", _("its number here or in the system it came from"), _ref),
}
# Other words for the same fields.
FIELDS["assignee"] = FIELDS["by"]
FIELDS["holder"] = FIELDS["waiting"]
ALIASES = {"assignee": "by", "holder": "waiting"}
# Values of `is` that speak of finished matters: then those are looked through, too.
SPEAKS_OF_DONE = frozenset({"resolved", "closed", "cancelled", "done", "any"})
