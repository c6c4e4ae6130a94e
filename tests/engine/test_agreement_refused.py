"""A wrong agreement is refused with the place in its text."""

import time
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.agreements_given import EVERYTHING, WHOLE
from tricorn.engine.agreement import Agreement
from tricorn.engine.errors import BadAgreement, BadCalendar, BadInput

HEAD, PARTIES, DESK, NIGHT, R1, R2, *REST = WHOLE.split("\n\n")
HEAD = HEAD.strip()


def without(block: str) -> str:
    return WHOLE.replace(block, "")


def with_(old: str, new: str) -> str:
    assert old in WHOLE
    return WHOLE.replace(old, new, 1)


SHARE = "share = 0.95"
AMOUNT = "amount = 8240.50"
WRONG = {
    "no head": (without(HEAD), "[agreement]: is missing or no table."),
    "the head as a list": (with_("[agreement]", "[[agreement]]"), "[agreement]: is missing"),
    "no parties": (without(PARTIES), "[parties]: is missing or no table."),
    "no clause": (without(R1).replace(R2, ""), "has no [[clause]]: nothing is promised."),
    "a clause in single brackets": (
        without(R2).replace("[[clause]]", "[clause]"),
        "[[clause]]: is written with double brackets",
    ),
    "an unknown table": (WHOLE + "[penalty]\n", "penalty: is not known here. Known: agreement,"),
    "an unknown key in the head": (with_("from =", "since ="), "agreement.since: is not known"),
    "an unknown key in a clause": (with_("target =", "within ="), "clause R1, within: is not"),
    "an unknown key in a price": (with_("amount =", "sum ="), "price 1, sum: is not known"),
    "an unknown key in a signature": (with_("capacity =", "as ="), "signed 1, as: is not known"),
    "an unknown key in entitled": (with_("below =", "under ="), "entitled 1, under: is not known"),
    "unknown hours": (
        with_('hours = "desk"', 'hours = "night"'),
        "clause R1, hours: there is no [hours.night]. There is: desk, day & night.",
    ),
    "two clauses with one id": (with_('"R2"', '"R1"'), "has two clauses called R1."),
    "no ref": (with_('ref = "A-7"\n', ""), "agreement.ref: is missing. Write it down."),
    "an empty ref": (with_('"A-7"', '"  "'), "agreement.ref: is missing."),
    "a long ref": (with_("A-7", "A" * 41), "agreement.ref: has 41 characters; at most 40 fit."),
    "a ref that is a number": (with_('"A-7"', "7"), "agreement.ref: is a text in quotes, not 7."),
    "a control character": (with_("A-7", "A\\u0000"), "agreement.ref: holds control characters."),
    "a control character in the hours": (
        with_("Christmas Eve", "\\u0000"),
        "hours.desk.closed[0].name: holds control characters",
    ),
    "no services": (with_('["mail", "phone"]', "[]"), "agreement.services: is empty."),
    "a service without a name": (with_('"phone"]', '""]'), "agreement.services: is missing."),
    "services that are numbers": (
        with_('["mail", "phone"]', "[1]"),
        'agreement.services: is a list of texts, like ["mail"].',
    ),
    "a wrong date": (
        with_("from = 2026-05-04", 'from = "04.05.2026"'),
        "agreement.from: is a date",
    ),
    "a day that never comes": (
        with_("from = 2026-05-04", 'from = "2026-02-30"'),
        "agreement.from: 2026-02-30 is not in the calendar.",
    ),
    "a moment for a date": (
        with_("from = 2026-05-04", "from = 2026-05-04T08:00:00"),
        "agreement.from: is a date like 2026-05-04",
    ),
    "a date as a number": (with_("from = 2026-05-04", "from = 20260504"), "agreement.from: is a"),
    "no date": (with_("from = 2026-05-04\n", ""), "agreement.from: is a date like 2026-05-04,"),
    "the last day of all": (
        with_("to = 2027-05-03", "to = 9999-12-31"),
        "agreement.to: lies between 1900 and 2999, not in 9999.",
    ),
    "an empty end": (with_("to = 2027-05-03", 'to = ""'), "agreement.to: is a date"),
    "an end before the start": (
        with_("to = 2027-05-03", "to = 2026-05-03"),
        "ends on 2026-05-03, before it begins on 2026-05-04.",
    ),
    "share nothing": (
        with_(SHARE, "share = 0"),
        "clause R1, share: is above 0 and at most 1, not 0",
    ),
    "share above all": (with_(SHARE, "share = 1.2"), "clause R1, share: is above 0 and at most 1"),
    "share below nothing": (with_(SHARE, "share = -0.5"), "share: is above 0 and at most 1"),
    "share in percent without the sign": (with_(SHARE, "share = 95"), "at most 1, not 95."),
    "share above a hundred percent": (with_(SHARE, 'share = "101 %"'), "share: is above 0"),
    "share not a number": (with_(SHARE, "share = nan"), "clause R1, share: is a number, not"),
    "share without end": (with_(SHARE, "share = inf"), "clause R1, share: is a number, not"),
    "share huge": (with_(SHARE, "share = 1e999999999"), "share: is above 0 and at most 1"),
    "share hardly anything": (with_(SHARE, "share = 1e-999999"), "at most 5 digits behind"),
    "share too exact": (with_(SHARE, "share = 0.999999"), "at most 5 digits behind the point"),
    "share true": (with_(SHARE, "share = true"), "clause R1, share: is a number, not True."),
    "share in words": (with_(SHARE, 'share = "most"'), "share: is a number, not 'most'."),
    "share as a list": (with_(SHARE, "share = [0.9]"), "clause R1, share: is a number, not ["),
    "a price below nothing": (with_(AMOUNT, "amount = -1"), "price 1, amount: is not below zero"),
    "a price not a number": (with_(AMOUNT, 'amount = "NaN"'), "price 1, amount: is a number"),
    "a price without end": (with_(AMOUNT, "amount = inf"), "price 1, amount: is a number"),
    "a price of a signalling nothing": (with_(AMOUNT, 'amount = "sNaN"'), "amount: is a number"),
    "a price beyond all money": (
        with_(AMOUNT, "amount = 1e999999999"),
        "amount: is not below zero,",
    ),
    "no price": (with_(AMOUNT + "\n", ""), "price 1, amount: is a number, not None."),
    "a currency in words": (with_('"EUR"', '"Euro"'), "price 1, currency: is three letters"),
    "a target without a unit": (with_('"1h30m"', '"8"'), "clause R1, target:"),
    "a target as a number": (
        with_('"1h30m"', "8"),
        "clause R1, target: is a text in quotes, not 8.",
    ),
    "no target": (with_('target = "1h30m"\n', ""), "clause R1, target: is missing."),
    "a target of nothing": (with_('"1h30m"', '"0h"'), "clause R1, target:"),
    "an unknown kind": (with_('"question"]', '"idea"]'), "clause R1, kinds: 'idea' is not one of"),
    "an unknown priority": (with_('"high"]', '"P1"]'), "clause R1, priorities: 'P1' is not one of"),
    "an unknown holder": (
        with_('"supplier"]', '"weather"]'),
        "stopped_by: 'weather' is not one of",
    ),
    "an unknown start": (with_('"began"', '"felt"'), "clause R1, start: is one of began, reported"),
    "no stop": (with_('stop = "resolved"\n', ""), "clause R2, stop: is one of closed,"),
    "an unknown per": (with_('"quarter"', '"week"'), "clause R1, per: is one of month, quarter"),
    "entitled with two scopes": (
        with_('group = "Night shift"', 'group = "Night shift"\nplace = "reception"'),
        "entitled 3: names exactly one of person, organisation, group, place; or says everyone",
    ),
    "entitled with none": (with_('group = "Night shift"', ""), "entitled 3: names exactly one of"),
    "below in words": (
        with_("below = false", 'below = "no"'),
        "entitled 1, below: is true or false",
    ),
    "below a person": (
        with_('person = "una@example.org"', 'person = "una@example.org"\nbelow = true'),
        "entitled 2, below: is for an organisation only.",
    ),
    "not everyone at a place": (
        with_("everyone = true", "everyone = false"),
        "entitled 4, everyone: can only be true. Leave it out,",
    ),
    "signed by nobody": (with_('by = "Mo"\n', ""), "signed 2, by: is missing."),
    "signed on no day": (with_("on = 2026-05-02", ""), "signed 2, on: is a date"),
    "broken TOML": (with_("[agreement]", "[agreement"), "is not TOML:"),
    "a key twice": (with_('ref = "A-7"', 'ref = "A-7"\nref = "A-8"'), "is not TOML:"),
    "a number that never ends": (with_("8240.50", "9" * 5000), "is not TOML:"),
    "brackets without end": (
        "x = " + "[" * 50_000,
        "has too many tables or brackets inside each other.",
    ),
    "a million characters": ("#" * 1_000_000, "has 1,000,000 characters; at most 200,000 fit."),
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, (text, _) in WRONG.items()])
def test_what_is_wrong_is_refused_with_its_place(text):
    problem = next(said for wrong, said in WRONG.values() if wrong == text)

    with pytest.raises(BadInput) as refusal:
        Agreement.from_toml(text, "A-7.toml")

    assert str(refusal.value).startswith("A-7.toml")
    assert problem in str(refusal.value)
    assert len(str(refusal.value)) < 400


def test_no_hours_are_refused():
    text = WHOLE.replace(DESK, "[hours]").replace(NIGHT, "")

    with pytest.raises(BadAgreement, match=r"names no hours. Add \[hours.desk\]"):
        Agreement.from_toml(text)


def test_hours_that_contradict_themselves_are_refused_with_their_place():
    with pytest.raises(BadCalendar, match=r"A-7.toml, hours.desk.zone: .*Europe/Berlin"):
        Agreement.from_toml(with_("Europe/Berlin", "Europe/Berln"), "A-7.toml")


def test_as_many_clauses_as_fit_into_a_text_are_read_in_a_moment():
    clause = '[[clause]]\nid="{}"\nstop="closed"\nhours="desk"\ntarget="1h"\n'
    many = WHOLE + "".join(clause.format(n) for n in range(3000))

    began = time.process_time()
    read = Agreement.from_toml(many)

    assert len(read.clauses) == 3002
    assert time.process_time() - began < 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in parsed data, from the top down."""
    inner = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


PLACES = list(places(tomllib.loads(EVERYTHING)))


@settings(max_examples=150)
@given(st.sampled_from(PLACES), JSON)
def test_whatever_stands_at_a_place_is_read_or_refused_and_never_more(path, value):
    data = tomllib.loads(EVERYTHING)
    node = data
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = value

    try:
        read = Agreement.from_data(data)
    except BadInput as refusal:
        said = str(refusal)
    else:
        said = ""
        assert Agreement.from_toml(read.to_toml()) == read

    assert len(said) < 1000
