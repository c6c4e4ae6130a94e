"""Whoever changes authority or answers behind the program's back is found out."""

from datetime import timedelta
from decimal import Decimal

import pytest
from click.testing import CliRunner
from django.db import connection

from tests.cast import LONG_AGO, NOON
from tricorn.cli.verify import verify
from tricorn.journal import triggers
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line, Seal
from tricorn.journal.sealing import seal
from tricorn.standing import approvals
from tricorn.standing.approvals import Asked
from tricorn.standing.models import Absence, Answer, Approval, Authority, Quorum
from tricorn.standing.proof import changed_authority
from tricorn.standing.verbs import (
    come_back,
    end_quorum,
    go_away,
    grant,
    set_quorum,
    withdraw,
)

WHO = {"by": COMMAND, "at": LONG_AGO}


@pytest.fixture
def on_record(clive, cleo, una, mo, finance, mail):
    """One of everything, each as a verb wrote it."""
    (first, _) = grant(
        clive,
        finance,
        ["sign", "accept"],
        up_to=Decimal("5000.5"),
        currency="EUR",
        deputy=una,
        **WHO,
    )
    grant(cleo, finance, ["sign"], service=mail, **WHO)
    set_quorum(finance, "sign", 2, above=Decimal(10), currency="EUR", **WHO)
    go_away(cleo, until=NOON + timedelta(days=9), **WHO)
    asked = Asked(finance, "sign", (mail,), Decimal(400), "EUR", "month")
    approval = approvals.ask("offer", 7, asked, words="Saturdays", by=mo.actor, at=NOON)
    approvals.remind_due(NOON + timedelta(days=3))
    approvals.answer(approval, clive, True, by=clive.actor, at=NOON, reason="Worth it")
    approvals.answer(approval, cleo, False, by=cleo.actor, at=NOON, reason="Too dear")
    return first


def behind_our_back(*statements):
    with triggers.suspended(connection), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount == 1, statement


def test_what_verbs_wrote_agrees_with_the_journal(on_record, clive, finance):
    assert list(changed_authority()) == []

    withdraw(on_record, by=COMMAND, at=NOON)
    come_back(Absence.objects.get(), by=COMMAND, at=NOON)
    end_quorum(Quorum.objects.get(), by=COMMAND, at=NOON)
    approvals.withdraw_request(
        approvals.ask("offer", 8, Asked(finance, "accept"), words="Work", by=COMMAND, at=NOON),
        by=COMMAND,
        at=NOON,
    )
    assert list(changed_authority()) == []


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("standing_authority", "up_to = 900000", "Authority {} is not what"),
        ("standing_authority", "until = NULL, since = '2020-01-01 00:00:00+00:00'", "Authority {}"),
        ("standing_authority", "deputy_id = NULL", "Authority {}"),
        ("standing_authority", "may = 'decide'", "Authority {}"),
        ("standing_absence", "until = NULL", "Absence {} is not what"),
        ("standing_quorum", "needed = 1", "The number needed {} is not what"),
        ("standing_approval", "amount = 4", "Approval {} is not what"),
        ("standing_approval", "words = 'Sundays'", "Approval {} is not what"),
        ("standing_approval", "needed = 1", "Approval {} is not what"),
        ("standing_approval", "reminded = 0", "Approval {} is not what"),
        ("standing_answer", "yes = true", "Answer {} is not what"),
        ("standing_answer", "reason = 'Gladly'", "Answer {} is not what"),
        ("standing_answer", "acting_for_id = person_id", "Answer {} is not what"),
    ],
)
def test_a_changed_row_is_named(on_record, table, change, said):
    models = (Authority, Absence, Quorum, Approval, Answer)
    model = next(each for each in models if each._meta.db_table == table)
    row = model.objects.get(pk=on_record.pk) if model is Authority else model.objects.last()
    behind_our_back(f"UPDATE {table} SET {change} WHERE id = {row.pk}")

    assert [each for each in changed_authority() if each.startswith(said.format(row.pk))]
    assert len(list(changed_authority())) == 1


def test_other_services_of_an_approval_are_named(on_record):
    number = Approval.objects.get().pk
    behind_our_back("DELETE FROM standing_approval_services")

    assert list(changed_authority()) == [f"Approval {number} is not what the journal saw."]


def test_a_row_that_is_gone_or_slipped_in_is_named(on_record, sam, finance):
    number = Answer.objects.last().pk
    behind_our_back(f"DELETE FROM standing_answer WHERE id = {number}")
    slipped = Authority.objects.create(person=sam, organisation=finance, may="sign", since=LONG_AGO)

    assert list(changed_authority()) == [
        f"Authority {slipped.pk} is on no line of the journal.",
        f"Answer {number} is gone.",
    ]


def test_an_authority_from_before_lines_kept_a_digest_is_known_by_its_line(clive, finance):
    grant(clive, finance, ["sign"], **WHO)
    line = Line.objects.get(kind="person.authority_granted")
    with triggers.suspended(connection):
        Line.objects.filter(pk=line.pk).update(
            data={key: line.data[key] for key in line.data if key != "proofs"}
        )

    assert list(changed_authority()) == []


@pytest.mark.django_db(transaction=True)
def test_verify_names_it_even_when_the_chain_was_made_anew(on_record):
    number = Answer.objects.last().pk
    behind_our_back(f"UPDATE standing_answer SET yes = true WHERE id = {number}")
    with triggers.suspended(connection):
        Seal.objects.all().delete()
    while seal(at=NOON) is not None:
        pass

    result = CliRunner().invoke(verify, ["--json"])

    assert result.exit_code == 1
    assert f"Answer {number} is not what the journal saw." in result.output
