"""Everything the house keeps, as plain files: all of it, no secrets, and never half of it as whole."""

import csv
import hashlib
import io
import json

import pytest
from django.apps import apps
from PIL import Image

from tests.cast import NOON, make_ticket
from tricorn.engine.errors import BadInput
from tricorn.files.models import File
from tricorn.files.verbs import attach_photo, where
from tricorn.insight.export import count_rows, export, held, write
from tricorn.journal.actor import COMMAND
from tricorn.journal.models import Line
from tricorn.parties.verbs import make_token
from tricorn.tickets import verbs
from tricorn.tickets.links import token_of


@pytest.fixture
def filled(una, desi, mail, a7):
    """A ticket with a note, a photo and a text that a spreadsheet would run."""
    ticket = make_ticket(una, mail, text='=HYPERLINK("x") does not open')
    verbs.add_note(ticket, by=desi.actor, at=NOON, text="She is right, é and 😀")
    out = io.BytesIO()
    Image.new("RGB", (4, 4)).save(out, "JPEG")
    attach_photo(ticket, out.getvalue(), by=una.actor, at=NOON)
    return ticket


def exported(folder, **given):
    found = export(folder, by=COMMAND, at=NOON, **given)
    return found, json.loads((folder / "manifest.json").read_text())


def lines_of(folder, label):
    text = (folder / "json" / f"{label}.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def test_every_table_of_ours_is_written_or_named_with_a_reason():
    ours = {
        model._meta.label
        for config in apps.get_app_configs()
        if config.name.startswith("tricorn.")
        for model in config.get_models(include_auto_created=True)
    }
    written = {model._meta.label for model in held.tables()}

    assert written | set(held.NOT_WRITTEN) == ours
    assert all(held.NOT_WRITTEN.values())


def test_every_package_of_others_that_keeps_something_is_named_with_a_reason():
    others = {
        config.label
        for config in apps.get_app_configs()
        if not config.name.startswith("tricorn.") and list(config.get_models())
    }

    assert others == set(held.OTHERS)


def test_every_field_that_sounds_like_a_secret_was_decided_about():
    assert list(held.undecided()) == [], "name them in SECRET or OPEN of insight/export/held.py"


def test_what_is_named_as_decided_is_still_there():
    known = {
        (model._meta.label, field.name)
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
    }
    named = {
        (label, name) for each in (held.SECRET, held.OPEN) for label in each for name in each[label]
    }

    assert named <= known


def test_all_rows_are_written_twice_over_and_the_manifest_knows_them(filled, tmp_path):
    found, manifest = exported(tmp_path / "out")

    assert found.rows == count_rows() == sum(each["rows"] for each in manifest["tables"])
    assert found.missing == ()
    assert manifest["journal"]["lines"] == Line.objects.count()
    for table in manifest["tables"]:
        assert len(lines_of(tmp_path / "out", table["table"])) == table["rows"]
        for entry in table["files"].values():
            data = (tmp_path / "out" / entry["name"]).read_bytes()
            assert (len(data), hashlib.sha256(data).hexdigest()) == (
                entry["bytes"],
                entry["sha256"],
            )
    messages = lines_of(tmp_path / "out", "tickets.Message")
    assert [each["text"] for each in messages] == [
        '=HYPERLINK("x") does not open',
        "She is right, é and 😀",
    ]


def test_no_cell_is_a_formula_and_json_is_exact(filled, tmp_path):
    exported(tmp_path)

    with open(tmp_path / "csv" / "tickets.Message.csv", newline="") as file:
        cells = [row["text"] for row in csv.DictReader(file)]
    assert cells[0] == '\'=HYPERLINK("x") does not open'


def test_no_secret_is_written(filled, una, mo, tmp_path):
    una.set_password("a long password")
    una.save()
    made = make_token(mo, by=mo.actor, at=NOON, name="Script", scopes=["tickets:read"], days=3)

    exported(tmp_path)

    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    filled.refresh_from_db()
    made.token.refresh_from_db()
    secrets = [una.password, made.secret, made.token.hash, filled.link_hash, token_of(filled)]
    assert [each for each in secrets if each.encode() in everything] == []
    assert "key" not in lines_of(tmp_path, "tickets.Message")[0]


def test_files_come_along_and_a_missing_one_is_named(filled, tmp_path):
    found, manifest = exported(tmp_path / "a")
    row = File.objects.get()
    # Signed texts that other tests left in their folder come along, too.
    assert found.files == len(manifest["files"])
    (name,) = [each["name"] for each in manifest["files"] if row.stored_as in each["name"]]
    assert hashlib.sha256((tmp_path / "a" / name).read_bytes()).hexdigest() == row.sha256

    where(row.stored_as).unlink()

    assert exported(tmp_path / "b")[1]["missing_files"] == [row.stored_as]


def test_a_folder_that_holds_something_is_left_alone(filled, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "mine.txt").write_text("mine")

    for force in (False, True):
        with pytest.raises(BadInput, match=r"empty|something else"):
            export(tmp_path, by=COMMAND, at=NOON, force=force)

    assert (tmp_path / "files" / "mine.txt").read_text() == "mine"


def test_what_broke_off_does_not_look_whole_and_is_written_over_by_force(
    filled, tmp_path, monkeypatch
):
    exported(tmp_path)

    def full(*_):
        raise OSError(28, "No space left on device", str(tmp_path))

    with monkeypatch.context() as patch:
        patch.setattr(write, "_files", full)
        with pytest.raises(BadInput, match="No space left"):
            export(tmp_path, by=COMMAND, at=NOON, force=True)

    assert not (tmp_path / "manifest.json").exists()
    with pytest.raises(BadInput, match="not empty"):
        export(tmp_path, by=COMMAND, at=NOON)
    exported(tmp_path, force=True)


def test_one_format_alone_is_possible(filled, tmp_path):
    exported(tmp_path, formats=["csv"])

    assert not (tmp_path / "json").exists()


def test_rows_are_read_some_at_a_time(filled, tmp_path, monkeypatch):
    monkeypatch.setattr(write, "ROWS_AT_ONCE", 2)
    told = []

    found = export(tmp_path, by=COMMAND, at=NOON, advance=told.append)

    assert sum(told) == found.rows
    assert len(lines_of(tmp_path, "journal.Line")) == Line.objects.count()


def test_who_takes_everything_along_is_told_to_the_journal(house, tmp_path):
    exported(tmp_path)

    line = Line.objects.latest("id")
    assert (line.kind, line.by_kind) == ("house.exported", "command")
