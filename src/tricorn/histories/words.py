"""The words of other desks, and ours for them."""

from collections.abc import Mapping
from types import MappingProxyType

# State at the source, in small letters -> (our state, who holds it up while it waits).
States = Mapping[str, tuple[str, str]]

SERVICENOW_STATES: States = MappingProxyType(
    {
        "new": ("new", ""),
        "active": ("open", ""),
        "in progress": ("open", ""),
        "on hold": ("waiting", "provider"),
        "awaiting user info": ("waiting", "user"),
        "awaiting evidence": ("waiting", "user"),
        "awaiting vendor": ("waiting", "supplier"),
        "awaiting problem": ("waiting", "provider"),
        "resolved": ("resolved", ""),
        "closed": ("closed", ""),
        "canceled": ("cancelled", ""),
        "cancelled": ("cancelled", ""),
    }
)
SERVICENOW_PRIORITIES: Mapping[str, str] = MappingProxyType(
    {"1": "critical", "2": "high", "3": "moderate", "4": "low", "5": "low"}
)
# Jira's status categories; statuses themselves are invented by every house.
JIRA_STATES: States = MappingProxyType(
    {
        "to do": ("open", ""),
        "new": ("open", ""),
        "in progress": ("open", ""),
        "done": ("closed", ""),
        "complete": ("closed", ""),
    }
)
ZENDESK_STATES: States = MappingProxyType(
    {
        "new": ("new", ""),
        "open": ("open", ""),
        "pending": ("waiting", "user"),
        "hold": ("waiting", "supplier"),
        "on-hold": ("waiting", "supplier"),
        "solved": ("resolved", ""),
        "closed": ("closed", ""),
        "deleted": ("cancelled", ""),
    }
)
GLPI_STATES: States = MappingProxyType(
    {
        "new": ("new", ""),
        "processing (assigned)": ("open", ""),
        "processing (planned)": ("open", ""),
        "pending": ("waiting", "user"),
        "solved": ("resolved", ""),
        "closed": ("closed", ""),
    }
)
ZAMMAD_STATES: States = MappingProxyType(
    {
        "new": ("new", ""),
        "open": ("open", ""),
        "pending reminder": ("waiting", "user"),
        "pending close": ("waiting", "user"),
        "closed": ("closed", ""),
        "merged": ("cancelled", ""),
        "removed": ("cancelled", ""),
    }
)
HELPDESK_STATES: States = MappingProxyType(
    {
        "1": ("open", ""),
        "2": ("open", ""),
        "3": ("resolved", ""),
        "4": ("closed", ""),
        "5": ("cancelled", ""),
    }
)
OUR_STATES: States = MappingProxyType(
    {
        "new": ("new", ""),
        "open": ("open", ""),
        "waiting": ("waiting", "user"),
        "resolved": ("resolved", ""),
        "closed": ("closed", ""),
        "cancelled": ("cancelled", ""),
        "canceled": ("cancelled", ""),
    }
)
# Kinds at the source -> ours. What stands in neither stays as it was written.
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "": "incident",
        "incident": "incident",
        "[system] incident": "incident",
        "problem": "incident",
        "[system] problem": "incident",
        "bug": "incident",
        "fault": "incident",
        "request": "request",
        "service request": "request",
        "[system] service request": "request",
        "service request with approvals": "request",
        "[system] service request with approvals": "request",
        "task": "request",
        "question": "question",
        "complaint": "complaint",
        "wish": "wish",
        "praise": "praise",
    }
)
YES = frozenset({"yes", "true", "1", "met", "kept", "on time", "ontime", "y"})
NO = frozenset({"no", "false", "0", "missed", "broken", "late", "overdue", "breached", "n"})


def is_met(said: str) -> bool | None:
    """Return what a cell says about a promise; None if it says nothing that is known."""
    word = said.lower()
    return True if word in YES else False if word in NO else None
