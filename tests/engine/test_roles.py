"""Facts in, names out: the worked examples, the evidence, and what must hold for everybody."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricorn.engine.errors import BadFacts
from tricorn.engine.roles import (
    COUNTS,
    FACTS,
    RIGHTS,
    SCHEMES,
    Facts,
    Reason,
    Standing,
    all_roles,
    doors,
    flags_of,
    highest,
    roles_of,
    rule,
    shown,
)

ROOT = Path(__file__).parents[2]
CASES = json.loads((ROOT / "tests/data/roles.json").read_text(encoding="utf-8"))
YES_OR_NO = sorted(FACTS.keys() - COUNTS)
DUTIES = st.frozensets(st.sampled_from(["desk", "manage"]))

facts = st.builds(
    Facts,
    **{name: st.booleans() for name in YES_OR_NO},
    days=st.integers(0, 4000),
    span=st.integers(0, 8000),
    mutual=st.integers(0, 20),
)


def names(person: Facts, scheme: str) -> set[str]:
    return {role.name for role in roles_of(person, scheme)}


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_the_worked_examples_get_their_names(case: dict[str, Any]) -> None:
    got = all_roles(Facts.from_data(case["facts"]))

    assert {scheme: got[scheme] for scheme in case["expect"]} == case["expect"]


def test_every_scheme_answers_and_a_stranger_has_no_role() -> None:
    assert all_roles(Facts()) == {
        "fm": [],
        "everyone-a-customer": [],
        "itil-customer-user": [],
        "overseers": [],
        "knowledge": [],
        "itil4": [],
        "fitsm": [],
        "en15221": [],
    }


def test_a_role_carries_the_facts_that_made_it_true_with_their_evidence() -> None:
    cleo = Facts(
        signed=True,
        budget=True,
        used=True,
        evidence={"signed": ("A-7, signed 4 May 2026",), "used": ("T-12",)},
    )

    (client,) = roles_of(cleo, "fm")
    assert client.because == (Reason("signed", True, ("A-7, signed 4 May 2026",)),)
    assert client.because[0].words == (
        "signed an agreement that is in force (A-7, signed 4 May 2026)"
    )
    assert [role.name for role in roles_of(cleo, "itil-customer-user")] == ["user", "customer"]


def test_a_role_that_asks_for_missing_facts_says_which() -> None:
    (visitor,) = roles_of(Facts(used=True, ident=True), "fm")

    assert [reason.fact for reason in visitor.because] == ["used"]
    assert visitor.absent == ("entitled", "aware", "signed", "invoice", "linemgr")


def test_counts_say_how_many() -> None:
    regular = Facts(used=True, days=40, voice=True)

    customer = roles_of(regular, "knowledge")[-1]
    assert [reason.fact for reason in customer.because] == ["used", "days", "voice"]
    assert customer.because[1].words == "40 days on which this service was used"


def test_knowing_unfunded_use_is_a_remark_and_no_name() -> None:
    knowing = Facts(used=True, aware=True)

    assert roles_of(knowing, "fm") == ()
    assert [flag.name for flag in flags_of(knowing, "fm")] == ["knowing unfunded use"]
    assert flags_of(Facts(used=True, aware=True, entitled=True), "fm") == ()
    assert flags_of(Facts(used=True, aware=True, signed=True), "fm") == ()


def test_a_person_is_a_fitsm_customer_by_signature_or_budget() -> None:
    assert names(Facts(signed=True), "fitsm") == names(Facts(budget=True), "fitsm") == {"customer"}
    assert names(Facts(paid=True, invoice=True, accept=True), "fitsm") == set()


def test_screens_show_the_highest_of_nested_roles_and_all_that_overlap() -> None:
    partner = Facts(used=True, days=40, recognised=True, span=5000, mutual=12, paid=True)

    roles = roles_of(partner, "knowledge")
    assert [role.name for role in roles] == ["end user", "customer", "client"]
    assert [role.name for role in shown(roles, "knowledge")] == ["client"]
    both = roles_of(partner, "itil-customer-user")
    assert [role.name for role in shown(both, "itil-customer-user")] == ["user", "customer"]
    top = highest(roles, "knowledge")
    assert top is not None
    assert top.name == "client"
    assert highest((), "knowledge") is None


def test_thresholds_are_settings() -> None:
    guest = Facts(used=True, days=2, voice=True, span=100, mutual=1)

    assert names(guest, "knowledge") == {"end user", "customer"}
    eased = roles_of(guest, "knowledge", {"span": 90, "mutual": 1})
    assert [role.name for role in eased] == ["end user", "customer", "client"]
    assert [role.name for role in roles_of(guest, "knowledge", {"days": 3})] == ["end user"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"sined": True}, "there is no fact “sined”. Known facts: signed, invoice"),
        ({"signed": 1}, "the fact “signed” must be true or false, not 1."),
        ({"signed": None}, "the fact “signed” must be true or false, not None."),
        ({"days": True}, "the fact “days” must be a whole number, 0 or more, not True."),
        ({"days": -1}, "the fact “days” must be a whole number, 0 or more, not -1."),
        ({"span": 1.5}, "the fact “span” must be a whole number, 0 or more, not 1.5."),
        ({"evidence": {}}, "there is no fact “evidence”."),
        (["signed"], 'facts must be an object such as {"used": true}.'),
    ],
)
def test_facts_that_no_rule_knows_are_refused_with_the_case(data: object, words: str) -> None:
    with pytest.raises(BadFacts) as refusal:
        Facts.from_data(data, where="Case 3 “diner”")

    assert str(refusal.value).startswith(f"Case 3 “diner”: {words}")


def test_a_scheme_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(BadFacts, match=r"no naming scheme “itsm”.*fm, everyone-a-customer"):
        roles_of(Facts(), "itsm")


# What must hold for everybody.


@given(facts)
def test_each_role_is_made_by_true_facts_alone(person: Facts) -> None:
    """Its facts without all others make it true again, and its missing facts are missing."""
    for scheme in SCHEMES:
        for role in roles_of(person, scheme):
            reasons = {reason.fact: reason.value for reason in role.because}
            assert all(reasons.values())
            assert role.name in names(Facts(**reasons), scheme)
            assert not any(person.value(fact) for fact in role.absent)


@given(facts)
def test_customer_and_user_overlap_freely(person: Facts) -> None:
    """One never settles the other: with use and pay switched by hand, all four mixtures occur."""
    pays = {"paid": False, "budget": False, "accept": False, "signed": False, "invoice": False}
    for used in (False, True):
        for budget in (False, True):
            expected = {name for name, is_so in (("user", used), ("customer", budget)) if is_so}
            mixed = replace(person, **{**pays, "used": used, "budget": budget})
            assert names(mixed, "itil-customer-user") == expected


@given(facts)
def test_knowledge_roles_are_nested(person: Facts) -> None:
    held = [role.name for role in roles_of(person, "knowledge")]

    assert held == ["end user", "customer", "client"][: len(held)]
    assert len(shown(roles_of(person, "knowledge"), "knowledge")) == bool(held)


@given(facts)
def test_nobody_is_client_and_user_of_facilities_at_once(person: Facts) -> None:
    assert not {"client", "user"} <= names(person, "fm")
    assert not {"customer", "user"} <= names(person, "fm")


@given(facts)
def test_overseers_who_are_clients_are_customers_too(person: Facts) -> None:
    assert "client" not in names(person, "overseers") or "customer" in names(person, "overseers")


@given(facts, DUTIES, st.booleans(), st.sampled_from(["paid", "budget", "invoice"]))
def test_a_senior_customer_never_has_less_rights(
    person: Facts, duties: frozenset[str], own: bool, senior: str
) -> None:
    before = Standing(replace(person, **{senior: False}), duties, own)
    after = Standing(replace(person, **{senior: True}), duties, own)

    assert set(doors(before)) <= set(doors(after))
    for verb in RIGHTS:
        assert rule(after, verb).allowed or not rule(before, verb).allowed
    assert names(before.facts, "everyone-a-customer") <= names(after.facts, "everyone-a-customer")


@given(facts, DUTIES, st.booleans())
def test_renaming_a_scheme_changes_no_permission_and_no_number(
    person: Facts, duties: frozenset[str], own: bool
) -> None:
    standing = Standing(person, duties, own)
    opened, rulings = doors(standing), [rule(standing, verb) for verb in RIGHTS]
    with pytest.MonkeyPatch.context() as patch:
        for scheme in list(SCHEMES.values()):
            labels = {one.name: f"{one.name} of the realm" for one in scheme.rules}
            renamed = scheme.renamed(labels)
            assert renamed.label(scheme.rules[0].name) == f"{scheme.rules[0].name} of the realm"
            assert roles_of(person, renamed) == roles_of(person, scheme)
            assert flags_of(person, renamed) == flags_of(person, scheme)
            assert shown(roles_of(person, renamed), renamed) == shown(
                roles_of(person, scheme), scheme
            )
        patch.setattr("tricorn.engine.roles.naming.SCHEMES", {})
        patch.setattr("tricorn.engine.roles.schemes.SCHEMES", {})
        assert doors(standing) == opened
        assert [rule(standing, verb) for verb in RIGHTS] == rulings


@given(facts, st.integers(0, 5000), st.integers(0, 9000))
def test_being_counted_never_makes_a_relationship(person: Facts, days: int, span: int) -> None:
    """However often somebody comes and however long that is recorded: nobody spoke to them."""
    counted = replace(person, used=True, days=days, span=span, recognised=False, voice=False)
    assert names(counted, "knowledge") == {"end user"}


@given(facts, st.integers(0, 5000))
def test_more_use_never_makes_a_partner(person: Facts, more: int) -> None:
    """From the second day on, days change nothing at all."""
    regular = replace(person, used=True, days=max(person.days, 2))
    busier = replace(regular, days=regular.days + more)
    assert names(busier, "knowledge") == names(regular, "knowledge")


@given(facts, st.integers(0, 5000))
def test_silence_lowers_nobody(person: Facts, silent_days: int) -> None:
    later = replace(person, span=person.span + silent_days)
    for scheme in SCHEMES:
        assert names(person, scheme) <= names(later, scheme)


@given(facts)
def test_choosing_alone_makes_no_customer_who_pays(person: Facts) -> None:
    plain = replace(person, orders=False)
    assert names(replace(person, orders=True), "itil-customer-user") == names(
        plain, "itil-customer-user"
    )
    assert "customer" not in names(Facts(orders=True, entitled=True), "itil-customer-user")


@given(facts)
def test_being_known_by_name_does_not_make_aware(person: Facts) -> None:
    for scheme in SCHEMES:
        assert names(replace(person, ident=True), scheme) == names(
            replace(person, ident=False), scheme
        )


def test_no_label_that_people_read_is_the_word_user() -> None:
    for scheme in SCHEMES.values():
        for one in scheme.rules:
            assert "user" not in scheme.label(one.name)


def test_the_documentation_prints_every_rule() -> None:
    text = (ROOT / "docs/engine/roles.md").read_text(encoding="utf-8")
    for scheme in SCHEMES.values():
        for one in scheme.rules + scheme.flags:
            condition = str(one.when).replace("|", "or").replace("&", "and").replace("!", "not ")
            assert f"| `{scheme.name}` | {one.name} | {condition} |" in text
