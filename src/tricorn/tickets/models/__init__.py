"""Tickets: intake, conversation, clocks, waits, ratings, who is looking; outages."""

from tricorn.tickets.models.aids import Canned, Draft, Follower, Macro, Reminder
from tricorn.tickets.models.article import TicketArticle
from tricorn.tickets.models.asked import PlaceRating
from tricorn.tickets.models.bulk import Bulk, BulkRow
from tricorn.tickets.models.checklist import CheckItem, Checklist
from tricorn.tickets.models.clock import Clock, Wait
from tricorn.tickets.models.desk import Presence, SavedFilter, TimeSpent
from tricorn.tickets.models.inquiry import (
    OUTCOMES,
    Hearing,
    Inquiry,
    Keeping,
    Named,
    Reviewer,
)
from tricorn.tickets.models.move import Move
from tricorn.tickets.models.outage import FINDERS, Outage, OutageQuerySet
from tricorn.tickets.models.post import (
    ARRIVAL_STATES,
    SECURITIES,
    SIGN_INS,
    TRANSPORTS,
    Arrival,
    ArrivalQuerySet,
    Copied,
    Mailbox,
    Unreachable,
)
from tricorn.tickets.models.problem import PROBLEM_STATES, Problem, ProblemQuerySet
from tricorn.tickets.models.relation import LINKS, Link
from tricorn.tickets.models.tag import Tag, TicketTag
from tricorn.tickets.models.talk import Message, Rating
from tricorn.tickets.models.ticket import (
    DONE_STATES,
    ENDED_STATES,
    HOLDERS,
    KINDS,
    NEVER,
    PRIORITIES,
    REVIEWER,
    STATES,
    Ticket,
    TicketQuerySet,
    counted,
    is_own,
    is_theirs,
    number_of,
    services_served,
)

__all__ = [
    "ARRIVAL_STATES",
    "DONE_STATES",
    "ENDED_STATES",
    "FINDERS",
    "HOLDERS",
    "KINDS",
    "LINKS",
    "NEVER",
    "OUTCOMES",
    "PRIORITIES",
    "PROBLEM_STATES",
    "REVIEWER",
    "SECURITIES",
    "SIGN_INS",
    "STATES",
    "TRANSPORTS",
    "Arrival",
    "ArrivalQuerySet",
    "Bulk",
    "BulkRow",
    "Canned",
    "CheckItem",
    "Checklist",
    "Clock",
    "Copied",
    "Draft",
    "Follower",
    "Hearing",
    "Inquiry",
    "Keeping",
    "Link",
    "Macro",
    "Mailbox",
    "Message",
    "Move",
    "Named",
    "Outage",
    "OutageQuerySet",
    "PlaceRating",
    "Presence",
    "Problem",
    "ProblemQuerySet",
    "Rating",
    "Reminder",
    "Reviewer",
    "SavedFilter",
    "Tag",
    "Ticket",
    "TicketArticle",
    "TicketQuerySet",
    "TicketTag",
    "TimeSpent",
    "Unreachable",
    "Wait",
    "counted",
    "is_own",
    "is_theirs",
    "number_of",
    "services_served",
]
