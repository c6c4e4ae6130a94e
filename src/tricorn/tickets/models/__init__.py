"""Tickets: intake, conversation, clocks, waits, ratings, who is looking."""

from tricorn.tickets.models.clock import Clock, Wait
from tricorn.tickets.models.desk import Presence, SavedFilter, TimeSpent
from tricorn.tickets.models.talk import Message, Rating
from tricorn.tickets.models.ticket import (
    DONE_STATES,
    HOLDERS,
    KINDS,
    NEVER,
    PRIORITIES,
    STATES,
    Ticket,
    TicketQuerySet,
    services_served,
)

__all__ = [
    "DONE_STATES",
    "HOLDERS",
    "KINDS",
    "NEVER",
    "PRIORITIES",
    "STATES",
    "Clock",
    "Message",
    "Presence",
    "Rating",
    "SavedFilter",
    "Ticket",
    "TicketQuerySet",
    "TimeSpent",
    "Wait",
    "services_served",
]
