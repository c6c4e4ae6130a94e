"""One thing has one word: the glossary and the code agree."""

import ast
import re

from tests.house.ground import first_column, source_files, tree
from tricorn.catalogue import verbs as catalogue
from tricorn.engine.clock import Holder
from tricorn.engine.lifecycle import MOVES, State
from tricorn.engine.roles.facts import FACTS
from tricorn.journal import actor

GLOSSARY = "docs/words.md"
KIND = re.compile(r"[a-z_]*\.[a-z_]+")


def test_every_kind_of_ticket_is_in_the_glossary():
    assert set(catalogue.KINDS) - first_column(GLOSSARY, "Words") == set()


def test_every_state_is_in_the_glossary():
    assert {str(state) for state in State} - first_column(GLOSSARY, "Words") == set()


def test_every_move_is_in_the_glossary():
    assert {move.verb for move in MOVES} - first_column(GLOSSARY, "Words") == set()


def test_everyone_who_can_hold_things_up_is_in_the_glossary():
    assert {str(holder) for holder in Holder} - first_column(GLOSSARY, "Words") == set()


def test_every_kind_of_actor_is_in_the_glossary():
    assert set(actor.KINDS) - first_column(GLOSSARY, "Words") == set()


def test_every_fact_is_in_the_glossary_and_no_other():
    assert first_column(GLOSSARY, "Facts") - {"fact"} == set(FACTS)


def test_every_kind_of_journal_line_is_in_the_glossary_and_no_other():
    written = {kind for path in source_files() for kind in kinds_written(tree(path))}

    listed = first_column(GLOSSARY, "Journal lines") - {"kind"}

    assert sorted(written - listed) == [], "these need a row in docs/words.md"
    assert sorted(listed - written) == [], "nothing writes these any more"


def kinds_written(module):
    """The kinds in calls of `write(subject, KIND, ...)` and `Entry(word, id, KIND, ...)`.

    Likewise in calls of the two functions that hand a kind on to them.

    Where the subject's own word comes first (f"{word(subject)}.file_added"), only the rest counts:
    ".file_added".
    """
    places = {"write": 1, "Entry": 2, "_entries": 0, "_step": 2}
    for call in ast.walk(module):
        if not isinstance(call, ast.Call):
            continue
        called = call.func.attr if isinstance(call.func, ast.Attribute) else None
        called = call.func.id if isinstance(call.func, ast.Name) else called
        place = places.get(called or "")
        if place is None:
            continue
        for node in call.args[place : place + 1]:
            yield from (kind for kind in strings(node) if KIND.fullmatch(kind))


def strings(node):
    """The texts that an expression can be, as far as they are written there."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def test_the_search_for_kinds_finds_them():
    module = ast.parse(
        'write(ticket, "ticket.opened", by=by, at=at)\n'
        'journal.write(file, f"{word(file)}.file_added", by=by, at=at)\n'
        'Entry("ticket", 1, "ticket.closed" if done else "ticket.opened")\n'
        'file.write(text, "no kind")\n'
    )

    assert set(kinds_written(module)) == {"ticket.opened", ".file_added", "ticket.closed"}
