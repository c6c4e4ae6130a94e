"""Who did it: a kind and an id, without a foreign key, so that a line outlives everybody."""

from __future__ import annotations

from dataclasses import dataclass, field

KINDS = ("person", "link", "visitor", "worker", "command", "import")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts.

    kind  person (id is the person's), link (holder of a private link; id is the ticket's),
          visitor (anybody at a place; no id), worker, command, import (the program itself).
    via   the token by which a program acts for the person; it is the person who acts.
    """

    kind: str
    id: int | None = None
    via: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"An actor is one of {', '.join(KINDS)}, not {self.kind!r}.")
        if self.kind in {"person", "link"} and self.id is None:
            raise ValueError(f"An actor that is a {self.kind} has an id.")

    @property
    def is_person(self) -> bool:
        return self.kind == "person"

    @property
    def is_program(self) -> bool:
        return self.kind in {"worker", "command", "import"}


VISITOR = Actor("visitor")
WORKER = Actor("worker")
COMMAND = Actor("command")
IMPORT = Actor("import")
