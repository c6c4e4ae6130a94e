"""What an agent wants to see of the queue: read from an address, written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from tricorn.tickets.models import KINDS, PRIORITIES

TABS = ("all", "mine", "team", "unassigned", "waiting", "done")
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Filters:
    """One view of the queue. What an address says that means nothing is left out."""

    tab: str = "all"
    late: bool = False
    kind: str = ""
    priority: str = ""
    service: str = ""
    text: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, Any]) -> Filters:
        """Read the filters of an address: tab, late, kind, priority, service (its slug), q."""
        kind, priority = str(query.get("kind", "")), str(query.get("priority", ""))
        tab = str(query.get("tab", ""))
        return cls(
            tab=tab if tab in TABS else "all",
            late=query.get("late") == "yes",
            kind=kind if kind in KINDS else "",
            priority=priority if priority in PRIORITIES else "",
            service=_printable(str(query.get("service", "")))[:60],
            text=_printable(str(query.get("q", "")))[:LONGEST_TEXT],
        )

    @property
    def query(self) -> str:
        """The filters as an address has them behind the question mark; "" for the plain queue."""
        given = {
            "tab": "" if self.tab == "all" else self.tab,
            "late": "yes" if self.late else "",
            "kind": self.kind,
            "priority": self.priority,
            "service": self.service,
            "q": self.text,
        }
        return urlencode({name: value for name, value in given.items() if value})

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the tab leaves tickets out."""
        return replace(self, tab="all") != Filters()

    def on(self, tab: str) -> Filters:
        """Return the same choices on another tab."""
        return replace(self, tab=tab)


def _printable(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
