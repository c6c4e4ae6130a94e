"""Whoever changes a row behind the program's back is found out, also with a chain made anew."""

import json

import pytest
from click.testing import CliRunner
from django.db import connection

from tests.cast import NOON
from tricorn.agreements.models import AgreedStep, Clause, Entitlement, Signature, Version
from tricorn.agreements.models import Agreement as Agreed
from tricorn.agreements.proof import changed_versions
from tricorn.cli.verify import verify
from tricorn.engine.agreement import Agreement
from tricorn.journal import sealing, triggers
from tricorn.journal.models import Delivery, Line, Seal

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments):
    answer = CliRunner().invoke(verify, [*arguments, "--json"])
    return answer.exit_code, json.loads(answer.stdout)["problems"]


def sealed():
    while sealing.seal(at=NOON):
        pass
    return sealing.head()


def make_the_chain_anew():
    """Do what the owner of the database can do: give every seal the hash of what is there now."""
    previous = ""
    for seal in Seal.objects.order_by("id"):
        lines = list(Line.objects.filter(id__range=(seal.ranges[0][0], seal.ranges[-1][1])))
        seal.previous, seal.hash = previous, sealing.chain(previous, seal.ranges, lines)
        seal.save()
        previous = seal.hash


def say_another_text(version):
    """Change the text and its hash together, so that they agree."""
    data = json.loads(version.text)
    data["clause"][1]["target"] = "80h"
    content = Agreement.from_data(data)
    Version.objects.filter(pk=version.pk).update(text=content.canonical(), hash=content.hash)


def take_the_line_away():
    Delivery.objects.all().delete()
    Line.objects.filter(kind="agreement.activated").delete()


CHANGES = {
    "text": (
        lambda v: Version.objects.filter(pk=v.pk).update(text=v.text.replace("8h", "80h")),
        "The signed text of A-7 v1 is not what was signed.",
    ),
    "text and hash": (say_another_text, "A-7 v1 has another number or hash than the journal saw."),
    "no agreement": (
        lambda v: Version.objects.filter(pk=v.pk).update(text="{"),
        "The signed text of A-7 v1 is no agreement any more.",
    ),
    "number": (
        lambda v: Version.objects.filter(pk=v.pk).update(number=2),
        "A-7 v2 has another number or hash than the journal saw.",
    ),
    "period": (
        lambda v: Version.objects.filter(pk=v.pk).update(to_at=NOON),
        "The period of A-7 v1 is not what was signed.",
    ),
    "title": (
        lambda v: Version.objects.filter(pk=v.pk).update(title="Mail for all"),
        "Title or zone of A-7 v1 is not what was signed.",
    ),
    "clause": (
        lambda v: Clause.objects.filter(name="R2").update(within="80h"),
        "Clause R2 of A-7 v1 is not what was signed.",
    ),
    "broken clause": (
        lambda v: Clause.objects.filter(name="R2").update(within="soon"),
        "Clause R2 of A-7 v1 is not what was signed.",
    ),
    "hours of a clause": (
        lambda v: Clause.objects.filter(name="R2").update(spec={"zone": "UTC", "weekly": {}}),
        "Clause R2 of A-7 v1 is not what was signed.",
    ),
    "clause gone": (
        lambda v: Clause.objects.filter(name="R2").delete(),
        "Clause R2 of A-7 v1 is gone.",
    ),
    "clause put in": (
        lambda v: Clause.objects.create(
            version=v, name="R9", start="began", stop="closed", hours="desk", spec={}, within="1h"
        ),
        "Clause R9 of A-7 v1 is in no signed text.",
    ),
    "signature": (
        lambda v: Signature.objects.update(on="2026-05-03"),
        "The signatures of A-7 v1 are not those in its text.",
    ),
    "step put in": (
        lambda v: AgreedStep.objects.create(
            version=v, number=1, name="E1", when="late", whom="team"
        ),
        "Who hears when time runs out, by A-7 v1, is not what was signed.",
    ),
    "signature gone": (lambda v: Signature.objects.all().delete(), "A-7 v1 has no signature."),
    "covers somebody else": (
        lambda v: Entitlement.objects.update(organisation=v.agreement.provider),
        "Whom A-7 v1 covers is not what its text says.",
    ),
    "another authority": (
        lambda v: Signature.objects.update(method="paper"),
        "A signature of A-7 v1 is not what the journal saw.",
    ),
    "another client": (
        lambda v: Agreed.objects.update(client=v.agreement.provider),
        "The parties or the name of A-7 v1 are not what was signed.",
    ),
    "services": (
        lambda v: v.services.clear(),
        "The services of A-7 v1 are not what was signed.",
    ),
    "when it was put on record": (
        lambda v: Version.objects.filter(pk=v.pk).update(activated_at=NOON),
        "A-7 v1 came into force at another moment than the journal saw.",
    ),
    "when it was signed": (
        lambda v: Signature.objects.update(recorded_at=NOON),
        "A signature of A-7 v1 was recorded at another moment.",
    ),
    "who is covered": (
        lambda v: Entitlement.objects.update(includes_below=False),
        "Whom A-7 v1 covers is not what its text says.",
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_row_of_a_version_is_named(a7, what):
    head = sealed()
    change, sentence = CHANGES[what]
    with triggers.suspended(connection):
        change(a7)

    code, problems = run("--head", head)

    assert code == 1
    assert sentence in problems


def test_somebody_elses_name_under_a_signature_is_named(a7, cleo):
    head = sealed()
    with triggers.suspended(connection):
        Signature.objects.update(person=cleo)

    code, problems = run("--head", head)

    assert code == 1
    assert problems == ["A-7 v1 is signed by others than the journal saw."]


@pytest.mark.parametrize("what", CHANGES)
def test_making_the_chain_anew_hides_no_changed_version(a7, what):
    head = sealed()
    change, sentence = CHANGES[what]
    with triggers.suspended(connection):
        change(a7)
        make_the_chain_anew()

    assert sentence in run("--head", head)[1]


def test_a_changed_line_is_named_and_with_a_chain_made_anew_the_head_tells(a7):
    head = sealed()
    with triggers.suspended(connection):
        say_another_text(a7)
        clause = Clause.objects.filter(name="R2")
        clause.update(within="80h")
        line = Line.objects.get(kind="agreement.activated")
        line.data["hash"] = Version.objects.get().hash
        line.save()
        changed = run("--head", head)
        make_the_chain_anew()

    assert "was changed." in changed[1][0]
    assert run() == (0, []), "everything agrees with everything, as it must look"
    code, problems = run("--head", head)
    assert code == 1
    assert f"The head {head[:12]} is not part of this chain" in problems[0]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda: Seal.objects.update(hash="0" * 64), "was changed"),
        (lambda: Seal.objects.update(count=1), "closed 1 lines"),
        (lambda: Seal.objects.update(previous="0" * 64), "does not follow the one before it"),
        (lambda: Seal.objects.all().delete(), "is not part of this chain"),
        (lambda: take_the_line_away(), "are there."),
    ],
)
def test_a_changed_seal_and_a_line_that_is_gone_are_named(a7, change, sentence):
    head = sealed()
    with triggers.suspended(connection):
        change()

    code, problems = run("--head", head)

    assert code == 1
    assert any(sentence in problem for problem in problems)


def test_a_version_that_is_gone_or_was_never_activated_is_named(a7):
    with triggers.suspended(connection):
        Line.objects.filter(kind="agreement.activated").update(data={"version": 99, "number": 4})

    assert list(changed_versions()) == [
        "No line of the journal says that A-7 v1 came into force.",
        f"Version 4 that line {Line.objects.get(kind='agreement.activated').pk} put into force "
        "is gone.",
    ]


def test_what_holds_costs_the_same_for_any_number_of_clauses(a7, django_assert_num_queries):
    with django_assert_num_queries(13):
        assert list(changed_versions()) == []
