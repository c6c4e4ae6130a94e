"""A photo is stored with its ticket or not at all: no row without a file, no file without a row."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cast import MONDAY, NOON, make_ticket
from tests.files.test_metadata import PARTS, SECRET, archive
from tests.files.test_photos import photo
from tests.tickets.steps import everything, lines, told
from tricorn.engine.errors import BadInput
from tricorn.files.models import File
from tricorn.files.verbs import attach_photo, remove_strays, where
from tricorn.journal.actor import COMMAND
from tricorn.tickets import verbs as tickets
from tricorn.tickets.models import Ticket


@pytest.fixture
def folder(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    return settings.FILES_ROOT


def stored(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_report_brings_its_photo(folder, una, mail):
    ticket = told(una, mail, photo=photo())

    file = File.objects.get()
    assert (file.subject, file.subject_id, file.media_type) == ("ticket", ticket.pk, "image/jpeg")
    assert stored(folder) == [file.stored_as]
    assert where(file.stored_as).stat().st_size == file.size
    assert lines(ticket) == ["reported", "file_added"]


def test_a_report_with_what_is_no_photo_leaves_nothing_at_all(folder, una, mail):
    before = everything()

    with pytest.raises(BadInput):
        told(una, mail, photo=b"<svg/>")

    assert (everything(), stored(folder), File.objects.count()) == (before, [], 0)


def test_when_the_row_cannot_be_written_no_file_stays(folder, una, mail):
    ticket = make_ticket(una, mail)
    nobody = Ticket(pk=None)

    with pytest.raises(Exception, match="subject_id"):
        attach_photo(nobody, photo(), by=COMMAND, at=NOON)

    assert stored(folder) == []
    assert ticket.pk


def test_a_document_beside_words_loses_its_author(folder, una, mail):
    ticket = make_ticket(una, mail)

    for made in (archive(PARTS), SECRET):
        tickets.attach(ticket, by=una.actor, at=NOON, data=made, name="a.docx", text="See this")

    first, second = (where(each.stored_as).read_bytes() for each in File.objects.order_by("id"))
    assert (SECRET in first, second) == (False, SECRET)


@pytest.mark.django_db(transaction=True)
def test_a_photo_added_by_itself_is_stored_whole_or_not_at_all(folder, una, mail):
    ticket = make_ticket(una, mail)

    attach_photo(ticket, photo(), by=una.actor, at=NOON)
    with pytest.raises(Exception, match="subject_id"):
        attach_photo(Ticket(pk=None), photo(), by=COMMAND, at=NOON)

    assert stored(folder) == [File.objects.get().stored_as]
    assert lines(ticket) == ["reported", "file_added"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.php", "passwd.jpg"),
        ("lift\0\n.png", "lift.jpg"),
        ("", "photo.jpg"),
        ("ü" * 300 + ".jpg", "ü" * 100 + ".jpg"),
        ("<b>.png", "<b>.jpg"),
    ],
)
def test_whatever_a_photo_is_called_it_lies_under_a_name_of_ours(folder, una, mail, name, shown):
    ticket = make_ticket(una, mail)

    file = attach_photo(ticket, photo(), by=una.actor, at=NOON, name=name)

    assert file.name == shown
    assert where(file.stored_as).parent.parent == folder


def test_what_a_crash_left_behind_is_removed_after_a_day_and_nothing_else(folder, una, mail):
    told(una, mail, photo=photo())
    kept = File.objects.get().stored_as
    for name, age in (("ab0.jpg", timedelta(hours=25)), ("cd1.jpg", timedelta(hours=23))):
        where(name).parent.mkdir(parents=True, exist_ok=True)
        where(name).write_bytes(b"stray")
        moment = (MONDAY - age).timestamp()
        os.utime(where(name), (moment, moment))
    os.utime(where(kept), (0, 0))

    assert remove_strays(at=MONDAY) == 1
    assert remove_strays(at=MONDAY) == 0

    assert stored(folder) == sorted([kept, "cd1.jpg"])


def test_without_any_files_there_is_nothing_to_remove(folder, db):
    assert remove_strays(at=MONDAY) == 0
