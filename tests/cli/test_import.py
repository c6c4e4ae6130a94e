"""`tricorn import`: what a program reads from it, and what a person is told."""

import json
from importlib import resources
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tricorn.cli import tricorn
from tricorn.parties.models import House
from tricorn.tickets.models import Ticket

SAMPLE = resources.files("tricorn.demo").joinpath("data", "incidents_sample.csv.gz")
pytestmark = pytest.mark.django_db


def run(*words: object) -> Result:
    result = CliRunner().invoke(tricorn, ["import", *map(str, words)])
    if result.exception and not isinstance(result.exception, SystemExit):
        result.stderr_bytes = (result.stderr_bytes or b"") + str(result.exception).encode()
    return result


def test_json_is_one_object_with_tickets_and_rows():
    result = run("servicenow", SAMPLE, "--zone", "America/Sao_Paulo", "--json")

    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["created"], told["updated"], told["unchanged"]) == (857, 0, 0)
    assert (told["rows"], told["refused"]) == (5117, 0)


def test_twice_is_once():
    run("servicenow", SAMPLE, "--zone", "America/Sao_Paulo")

    told = json.loads(run("servicenow", SAMPLE, "--zone", "America/Sao_Paulo", "--json").stdout)

    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 857)
    assert Ticket.objects.count() == 857


def test_an_empty_house_is_furnished_but_never_with_the_demonstration():
    run("servicenow", SAMPLE, "--zone", "America/Sao_Paulo")

    house = House.objects.get()
    assert not house.is_demonstration
    assert Ticket.objects.first().service.name == "Incidents sample"


def test_a_dry_run_leaves_nothing_behind():
    result = run("servicenow", SAMPLE, "--zone", "America/Sao_Paulo", "--dry-run")

    assert result.stdout.startswith("Would bring 857 new tickets into Incidents sample")
    assert not House.objects.exists()


def test_naive_times_without_a_zone_are_refused_and_nothing_is_written():
    result = run("servicenow", SAMPLE)

    assert result.exit_code == 1
    assert "Name it: --zone" in str(result.exception)
    assert not House.objects.exists()


def test_a_bad_row_is_told_and_the_rest_is_brought_in(tmp_path):
    file = tmp_path / "old desk.csv"
    file.write_text("Nr,Opened\n1,2016-02-29 10:00\n2,soon\n")
    given = tmp_path / "map.toml"
    given.write_text('[columns]\nid = "Nr"\nreported = "Opened"\n')

    result = run("csv", file, "--map", given, "--zone", "Europe/Berlin", "--json")

    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["created"], told["refused"]) == (1, 1)
    assert told["problems"][0]["line"] == 3
    assert told["problems"][0]["column"] == "Opened"
    assert "line 3, Opened: 'soon' is no moment" in result.stderr


def test_where_nothing_can_be_read_it_fails(tmp_path):
    file = tmp_path / "none.csv"
    file.write_text("Nr,Opened\n1,soon\n")
    given = tmp_path / "map.toml"
    given.write_text('[columns]\nid = "Nr"\nreported = "Opened"\n')

    result = run("csv", file, "--map", given, "--zone", "Europe/Berlin")

    assert result.exit_code == 1
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["servicenow", "missing.csv", "--zone", "Europe/Berlin"], "Cannot open missing.csv"),
        (["servicenow", SAMPLE, "--zone", "Mars/Olympus"], "There is no time zone"),
        (["csv", SAMPLE, "--map", "nowhere"], "There is no map"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(words, said):
    result = run(*words)

    assert result.exit_code == 1
    assert said in str(result.exception)


def test_the_program_itself_prints_one_sentence_and_no_traceback(tmp_path):
    photo = Path(tmp_path) / "photo.csv"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")

    result = run("servicenow", photo, "--zone", "Europe/Berlin")

    assert "is not in utf-8" in str(result.exception)
