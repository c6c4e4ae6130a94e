"""`tricorn live`: people for a telephone or a chat."""

import json

import pytest
from click.testing import CliRunner

from tricorn.cli import tricorn


def run(*arguments):
    return CliRunner().invoke(tricorn, ["live", *map(str, arguments)])


def test_the_published_example_comes_out():
    found = json.loads(run("--per-hour", 200, "--touch", "3m", "--people", 14, "--json").stdout)

    assert found["formula"] == "C"
    assert found["wait"] == pytest.approx(0.1741319336)
    assert found["within"] == pytest.approx(0.8883500192)
    assert found["occupancy"] == pytest.approx(0.7142857, abs=1e-7)


def test_a_share_is_asked_and_the_fewest_people_are_said():
    answer = run("--per-hour", 200, "--touch", "3m", "--share", "80 %")

    assert answer.stdout.splitlines()[0] == "Erlang C (nobody gives up): 200 calls an hour of 3m."
    (marked,) = (line for line in answer.stdout.splitlines() if line.startswith(">"))
    assert marked.split(":")[0].split() == [">", "14", "people"]
    assert "88.8 % within 20s" in marked


def test_callers_who_give_up_take_fewer_people():
    answer = run("--per-hour", 200, "--touch", "3m", "--share", "80 %", "--patience", "1m")

    assert answer.stdout.startswith("Erlang A (callers give up after 1m)")
    assert "give up" in answer.stdout.splitlines()[1]
    few = run("--per-hour", 200, "--touch", "3m", "--people", 2)
    assert "without end" in few.stdout


@pytest.mark.parametrize(
    ("arguments", "said", "status"),
    [
        (("--people", 3, "--share", "80 %"), "one of them", 2),
        (("--share", "most"), '"80 %" or 0.8', 1),
        (("--share", "120 %"), "not between 0 and 1", 1),
        (("--people", 3, "--within", "2d"), "a time on the clock", 1),
        (("--people", 3, "--patience", "soon"), "is not a target", 1),
    ],
)
def test_what_nobody_can_have_is_refused(arguments, said, status):
    answer = run("--per-hour", 200, "--touch", "3m", *arguments)

    assert answer.exit_code == status
    assert said in answer.output + str(answer.exception)
