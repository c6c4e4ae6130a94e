"""On signing, plain files are written for both sides; each proves itself, and none is replaced."""

import pytest
from click.testing import CliRunner
from django.db import connection

from tests.cast import NOON
from tricorn.agreements import outgoing
from tricorn.agreements.models import Version
from tricorn.cli.agreement import agreement
from tricorn.engine.errors import BadAgreement
from tricorn.journal import triggers
from tricorn.journal.models import Delivery, Line

NAMES = ["A-7-v1.json", "A-7-v1.pdf", "A-7-v1.toml"]


@pytest.fixture
def folder(settings, tmp_path):
    settings.AGREEMENTS_ROOT = tmp_path / "agreements"
    return settings.AGREEMENTS_ROOT


@pytest.fixture
def line(a7):
    return Line.objects.get(kind="agreement.activated")


def test_a_version_that_comes_into_force_is_announced_to_who_writes_the_files(line):
    assert Delivery.objects.filter(line=line, reactor="agreement files").exists()


def test_three_files_are_written_and_each_proves_itself(line, folder):
    outgoing.react(line, NOON)

    assert sorted(path.name for path in folder.iterdir()) == NAMES
    for ending in ("json", "toml"):
        run = CliRunner().invoke(agreement, ["check", str(folder / f"A-7-v1.{ending}")])
        assert run.exit_code == 0, run.output
    assert (folder / "A-7-v1.pdf").read_bytes().startswith(b"%PDF-")


def test_hearing_of_it_twice_writes_nothing_over(line, folder):
    outgoing.react(line, NOON)
    (folder / "A-7-v1.toml").write_text("kept as it was handed out")

    outgoing.react(line, NOON)

    assert (folder / "A-7-v1.toml").read_text() == "kept as it was handed out"
    assert sorted(path.name for path in folder.iterdir()) == NAMES


@pytest.mark.django_db(transaction=True)
def test_no_file_is_written_of_a_text_that_was_changed(line, a7, folder):
    with triggers.suspended(connection):
        Version.objects.filter(pk=a7.pk).update(text=a7.text.replace("8h", "80h"))

    with pytest.raises(BadAgreement, match="is not what was signed"):
        outgoing.react(line, NOON)
    assert not folder.exists() or not list(folder.iterdir())
