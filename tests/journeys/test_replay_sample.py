"""The README's example: its report, and the picture of it that the README shows."""

import os
from pathlib import Path

from click.testing import CliRunner
from playwright.sync_api import expect

from tests.journeys.conftest import keep_part
from tricorn.cli import tricorn

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "src/tricorn/demo/data/incidents_sample.csv.gz"


def test_the_readmes_example_is_a_report_that_can_be_read(browser, tmp_path, assert_accessible):
    report = tmp_path / "report.html"
    texts = {name: ROOT / "docs/examples" / f"{name}.toml" for name in NAMES}
    asked = [f"--{option}={texts[name]}" for name, option in NAMES.items()]
    answer = CliRunner().invoke(
        tricorn,
        ["replay", str(SAMPLE), "--zone=America/Sao_Paulo", f"--html={report}", *asked],
    )
    assert answer.exit_code == 0, answer.output

    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(report.as_uri())
    assert_accessible(page)
    expect(page.get_by_role("heading", name="What saturday would have meant")).to_be_visible()
    expect(page.get_by_text("it pays for certain once an hour is worth")).to_be_visible()
    if folder := os.environ.get("TRICORN_PICTURES"):
        keep_part(page.locator("section[aria-labelledby=waited]"), Path(folder, "replay.png"))
    page.close()


NAMES = {"desk": "agreement", "saturday": "option", "rates": "rates", "team": "team"}
