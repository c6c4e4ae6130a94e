"""`tricorn replay`: another agreement on an export, from a file alone."""

import json
import os
import re
import subprocess
import sys
from importlib import resources

import pytest
from click.testing import CliRunner

from tests.studies.given import WEEK, agreement
from tricorn.cli import tricorn

SAMPLE = str(resources.files("tricorn.demo").joinpath("data", "incidents_sample.csv.gz"))
ZONE = ("--zone", "America/Sao_Paulo")


def run(*arguments):
    return CliRunner().invoke(tricorn, ["replay", *map(str, arguments)])


@pytest.fixture
def texts(tmp_path):
    """now.toml, saturday.toml, franc.toml."""
    saturday = agreement({**WEEK, "sat": ["09:00-13:00"]}, price=(520, "EUR"))
    for name, text in (
        ("now", agreement(price=(400, "EUR"))),
        ("saturday", saturday),
        ("franc", agreement(price=(400, "CHF"))),
        ("moderate", agreement(target="80h", clause=[MODERATE])),
    ):
        (tmp_path / f"{name}.toml").write_text(text.to_toml(), encoding="utf-8")
    return tmp_path


MODERATE = {
    "id": "R1",
    "stop": "closed",
    "hours": "desk",
    "target": "80h",
    "priorities": ["moderate", "low"],
}


def test_the_figures_of_every_option_as_json(texts):
    answer = run(
        SAMPLE, *ZONE, "--agreement", texts / "now.toml", "--option", texts / "saturday.toml",
        "--check-flag", "--json", "--jobs", 2,
    )  # fmt: skip
    found = json.loads(answer.stdout)
    now, saturday = found["options"]

    assert found["tickets"] == 857
    assert found["excluded"] == {}
    assert (now["name"], now["price"]) == ("now", 400)
    assert (saturday["name"], saturday["price"]) == ("saturday", 520)
    figures = {each["priority"]: each for each in now["clauses"]}
    assert list(figures) == ["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"]
    moderate = figures["3 - Moderate"]
    assert moderate["clause"] == "R1"
    assert moderate["attainment"] == pytest.approx(moderate["met"] / moderate["n"], abs=1e-6)
    low, high = moderate["interval"]
    assert low < moderate["attainment"] < high
    assert sum(each["n"] for each in now["clauses"]) + sum(now["excluded"].values()) == 857
    assert saturday["uncovered_share"][0] < now["uncovered_share"][0]
    assert now["uncovered_hours"][0] < now["uncovered_hours"][1]
    checks = found["flag_check"]
    assert [each["priority"] for each in checks] == list(figures)
    assert all(0 <= each["flag_agreement"] <= 1 for each in checks)
    assert "rules" not in found


def test_the_same_as_tables_for_people(texts):
    answer = run(
        SAMPLE, *ZONE, "--agreement", texts / "now.toml", "--option", texts / "saturday.toml",
        "--window", "sat 09:00-13:00", "--ticket", "INC0000065",
    )  # fmt: skip

    assert answer.exit_code == 0, answer.output
    for said in (
        "857 tickets of incidents_sample.csv.gz",
        "was read as servicenow-log",
        "exact: what the report would have said",
        "90 % resolved within 8h",
        "bounded from both sides",
        "more with sat 09:00-13:00",
        "520.00 EUR",
        "What these figures cannot tell",
        "INC0000065 under saturday",
        "Clause R1 promises 8 hours of service time.",
    ):
        assert said in answer.stdout, said


def test_the_report_is_one_page_that_needs_nothing_else(texts):
    report = texts / "report.html"
    answer = run(
        SAMPLE, *ZONE, "--agreement", texts / "now.toml", "--option", texts / "saturday.toml",
        "--html", report,
    )  # fmt: skip
    page = report.read_text(encoding="utf-8")

    assert answer.exit_code == 0, answer.output
    assert "What saturday would have meant" in page
    assert page.count("<svg") >= 5
    assert "520 EUR" in page
    assert not re.search(r"""(src|href)=["'](https?:|//|/)""", page)
    folder = run(SAMPLE, *ZONE, "--agreement", texts / "now.toml", "--html", texts / "no" / "x")
    assert "There is no folder" in str(folder.exception)


def test_what_no_clause_judges_is_counted_with_its_reason(texts):
    answer = run(SAMPLE, *ZONE, "--agreement", texts / "moderate.toml", "--json")
    found = json.loads(answer.stdout)

    n = sum(each["n"] for each in found["options"][0]["clauses"])
    assert found["options"][0]["excluded"] == {"priority-not-covered": 857 - n}
    assert "priority" in found["excluded_words"]["priority-not-covered"]


def test_a_file_needs_neither_an_installation_nor_a_database(texts):
    home = texts / "home"
    code = (
        "import sys; from tricorn.cli import tricorn; "
        "tricorn.main(sys.argv[1:], standalone_mode=False); "
        "sys.exit('tricorn.config.settings' in sys.modules)"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            "replay",
            SAMPLE,
            *ZONE,
            "--agreement",
            texts / "now.toml",
            "--html",
            texts / "report.html",
        ],
        check=False,
        capture_output=True,
        env={**os.environ, "TRICORN_HOME": str(home)},
    )

    assert done.returncode == 0, done.stderr
    assert not home.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--agreement", "now.toml"), "zone"),
        ((*ZONE, "--agreement", "now.toml", "--option", "franc.toml"), "two currencies"),
        ((*ZONE, "--agreement", "now.toml", "--option", "now.toml"), "called 'now'"),
        ((*ZONE, "--agreement", "now.toml", "--window", "whenever"), "is not a window of the week"),
        ((*ZONE, "--agreement", "now.toml", "--priority", "P1"), "P1=critical"),
        ((*ZONE, "--agreement", "now.toml", "--priority", "P1=red"), "cannot be 'red'"),
        ((*ZONE, "--agreement", "now.toml", "--ticket", "INC9"), "no ticket 'INC9'"),
        ((*ZONE, "--agreement", "now.toml", "--from", "2020-01-01"), "No ticket was reported"),
        ((*ZONE, "--agreement", "now.toml", "--service", "Mail"), "a file has --group"),
        (("--zone", "Mars/North", "--agreement", "now.toml"), "no time zone 'Mars/North'"),
        ((*ZONE, "--agreement", "gone.toml"), "Cannot read"),
        ((*ZONE, "--agreement", "now.toml", "--rates", "gone.toml"), "Cannot read"),
        ((*ZONE, "--agreement", "now.toml", "--goal", "95 %"), "--rates"),
        ((*ZONE, "--agreement", "now.toml", "--group", "Printers"), "no group 'Printers'"),
        (("--learn", "rule.toml"), "zone"),
        ((*ZONE, "--agreement", "now.toml", "--format", "excel"), "There is no format 'excel'"),
    ],
)
def test_what_cannot_be_tried_is_refused_in_one_sentence(texts, arguments, said):
    given = [str(texts / each) if each.endswith(".toml") else each for each in arguments]
    answer = run(SAMPLE, *given)

    assert answer.exit_code == 1
    assert said in str(answer.exception)


def test_the_rule_of_a_log_is_learned_and_read_back(texts):
    rule = texts / "rule.toml"
    first = json.loads(run(SAMPLE, *ZONE, "--learn", rule, "--check-flag", "--json").stdout)
    again = json.loads(run(SAMPLE, *ZONE, "--agreement", rule, "--check-flag", "--json").stdout)

    (moderate,) = (each for each in first["rules"] if each["priority"] == "3 - Moderate")
    assert (moderate["start"], moderate["stop"]) == ("reported", "closed")
    assert moderate["agreement_train"] >= 0.99
    assert moderate["agreement_test"] >= 0.99
    assert moderate["hours"]
    assert moderate["target"]
    assert again["flag_check"] == first["flag_check"]
    assert again["options"] == first["options"]
    assert any("2 - High" in sentence for sentence in first["unidentified"])


def test_a_search_finds_options_that_become_files(texts):
    (texts / "rates.toml").write_text('currency = "EUR"\nhour = 42\n', encoding="utf-8")
    found = texts / "new" / "found"
    asked = (SAMPLE, *ZONE, "--agreement", texts / "now.toml", "--rates", texts / "rates.toml")
    goal = json.loads(run(*asked, "--goal", "90 %", "--save", found, "--json").stdout)
    (text,) = found.iterdir()
    saved = json.loads(run(*asked, "--option", text, "--json").stdout)
    dear = run(*asked, "--budget", "2000")
    file = run(*asked, "--budget", "2000", "--save", text)

    best = goal["options"][1]
    assert best["promises"][0]["attainment"] >= 0.9
    assert best["promises"][0]["is_kept"]
    assert saved["options"][1]["clauses"] == best["clauses"]
    assert "is a file. Name a folder" in str(file.exception)
    assert any("The cheapest combination that fits" in sentence for sentence in goal["searched"])
    assert "What the search found" in dear.stdout
    assert "it pays for certain once an hour" in " ".join(dear.stdout.split())


def test_rates_price_an_option_that_names_no_price(texts):
    (texts / "rates.toml").write_text('currency = "EUR"\nhour = 42\n', encoding="utf-8")
    plain = texts / "plain.toml"
    plain.write_text(agreement({**WEEK, "sat": ["09:00-13:00"]}).to_toml(), encoding="utf-8")
    answer = run(
        SAMPLE, *ZONE, "--agreement", texts / "now.toml", "--option", plain,
        "--rates", texts / "rates.toml", "--json",
    )  # fmt: skip
    option = json.loads(answer.stdout)["options"][1]

    # Four hours a Saturday, 4.35 Saturdays a month, no public holidays in these hours.
    assert option["price"] == pytest.approx(400 + 4 * 4.348 * 42, abs=1)
    assert option["cost"]["by"] == "rates"
    assert option["cost"]["even_low"] < option["cost"]["even_high"]


def test_without_any_agreement_it_says_what_to_give():
    answer = run(SAMPLE, *ZONE)

    assert answer.exit_code == 2
    assert "--learn RULE.toml" in answer.output


def test_a_file_that_is_not_there_is_named():
    answer = run("nowhere.csv", *ZONE, "--agreement", "now.toml")

    assert answer.exit_code == 1


def test_priorities_stand_sign_by_sign_as_the_source_writes_them(texts):
    names = ["  odd", "[/b]x[bold]", ":smile:", "\N{UNICORN FACE}", ""]
    rows = [f"{n},2016-03-01 10:00,2016-03-01 12:00,{names[n % 5]},yes\n" for n in range(60)]
    path = texts / "odd[bold].csv"
    path.write_text("id,reported,resolved,priority,met\n" + "".join(rows), encoding="utf-8")
    asked = (path, *ZONE, "--agreement", texts / "now.toml", "--check-flag")

    found = json.loads(run(*asked, "--json").stdout)
    in_words = run(*asked)

    assert sorted(c["priority"] for c in found["options"][0]["clauses"]) == sorted(names)
    assert in_words.exit_code == 0
    assert all(name in in_words.stdout for name in names)
    assert "[bold]What" not in in_words.stdout


def test_why_rows_were_left_out_is_said_in_words(texts):
    path = texts / "bad.csv"
    path.write_text("id,reported,resolved\n1,soon,\n2\n,2016-03-01 10:00,\n", encoding="utf-8")
    refused = run(path, *ZONE, "--agreement", texts / "now.toml").exception

    for said in ("A moment in it cannot be read", "too few cells", "which ticket it is about"):
        assert said in str(refused)


def test_the_period_is_said_in_the_days_of_the_desk(texts):
    path = texts / "night.csv"
    path.write_text("id,reported,resolved\n1,2016-03-02 23:30,2016-03-03 12:00\n", encoding="utf-8")

    assert "2 March 2016 to 2 March" in run(path, *ZONE, "--agreement", texts / "now.toml").stdout
