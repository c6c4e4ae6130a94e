"""The replay's report: one file, every part or none, nothing of it from elsewhere."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from tests.pictures import given
from tricorn.engine.hours import Schedule
from tricorn.engine.measures import share
from tricorn.engine.replay import coverage, reclock
from tricorn.histories import open_history
from tricorn.pictures import Table, Times, times
from tricorn.pictures.page import Closed, Figure, Page, clauses_of, closed_of, excluded_of
from tricorn.web.replay_report import report_page

SAMPLE = Path(__file__).parents[1] / "data" / "histories" / "servicenow_log.csv"


class Tags(HTMLParser):
    """What a browser would make of the page: ids, links, and what it would fetch."""

    def __init__(self, page):
        super().__init__()
        self.ids, self.links, self.fetched, self.headings, self.styled = [], [], [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        if tag == "a":
            self.links.append(found["href"])
        self.fetched += [found[name] for name in ("src", "srcset", "data") if name in found]
        if tag in ("link", "script", "iframe", "object", "embed"):
            self.fetched.append(found.get("href", tag))
        self.headings += [tag] if re.fullmatch(r"h[1-6]", tag) else []
        self.styled += [tag] if "style" in found else []


@pytest.fixture(scope="module")
def report():
    return report_page(given.page())


def test_the_report_needs_nothing_from_elsewhere(report):
    tags = Tags(report)

    assert tags.fetched == ["data:,"]
    assert not re.search(r"@import|url\((?!#)", report)
    assert tags.styled == []
    assert "<script" not in report


def test_every_part_has_a_place_in_the_contents_and_every_id_is_there_once(report):
    tags = Tags(report)
    inside = [link.removeprefix("#") for link in tags.links]

    assert len(tags.ids) == len(set(tags.ids))
    assert set(inside) <= set(tags.ids)
    assert len(inside) == 10, "nine parts, and the way past the head"


def test_the_title_names_the_thing_first_and_headings_go_down_step_by_step(report):
    tags = Tags(report)
    steps = [int(tag[1]) for tag in tags.headings]

    assert "<title>What Saturday mornings would have meant for mail · " in report
    assert steps[0] == 1
    assert steps.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(steps))
    assert '<html lang="en" dir="ltr"' in report


def test_every_answer_says_how_far_it_can_be_trusted(report):
    for rung in ("Exact", "Bounded from both sides", "Simulated", "By your own rates", "Learned"):
        assert f"<strong>{rung}" in report


def test_a_study_that_answers_nothing_still_says_what_it_cannot_tell():
    tags = Tags(page := report_page(Page("Nothing yet", "There are no tickets.")))

    assert tags.ids == ["main", "cannot", "left-out"]
    assert "Nothing was left out." in page


def test_names_from_a_file_are_never_markup():
    nasty = given.NASTY
    table = Table.of((nasty, nasty), [(nasty, nasty)])
    picture = times("t", [Times(nasty, given.np.array([1.0]), 2.0)], title=nasty)

    page = report_page(
        Page(
            title=nasty,
            lead=nasty,
            facts=((nasty, nasty),),
            options=table,
            closed=Closed(nasty, (Figure(nasty, nasty, nasty),), table, (picture,)),
            caveats=(nasty,),
            excluded=((nasty, 3),),
        )
    )

    assert "<b>" not in page
    assert page.count("&lt;b&gt;") > 10


def test_a_real_export_becomes_a_report():
    read = open_history(SAMPLE, zone=ZoneInfo("Europe/Berlin"))
    found = reclock(read.history, given.agreement())
    closed = coverage(read.history, Schedule(given.DESK), windows=[given.SATURDAY])

    page = Page(
        "The sample",
        "Ten tickets say little.",
        clauses=clauses_of({"Now": found}),
        closed=closed_of(closed, given.DESK, (given.SATURDAY,)),
        excluded=excluded_of(found),
    )

    whole = found.attainment()[0].share
    assert page.clauses.table.rows[0][1].endswith(f"({whole.met} of {whole.n})")
    assert page.closed.figures[0].small.startswith(f"{closed.share.met} of {closed.share.n} ")
    assert "too few to tell" in report_page(page)


def test_clauses_are_told_for_every_option_and_by_priority():
    judged = given.options()

    found = clauses_of(judged)

    assert found.table.head == ("Promise", *judged)
    assert found.table.rows[0][0] == "R1: resolved", "the options differ in the target"
    now = judged["Now"].attainment()[0].share
    assert found.table.rows[0][1].startswith(f"{100 * now.value:.1f} % ({now.met:,} of {now.n:,};")
    assert [picture.name for picture in found.pictures] == ["clauses-1-months", "clauses-1-times"]
    assert "percentage points" in found.gaps[0]


@pytest.mark.parametrize(
    ("met", "n", "words"),
    [
        (0, 0, "no tickets yet"),
        (0, 9, "Every ticket came while the desk was open."),
        (9, 9, "Every ticket came while the desk was closed"),
        (29, 100, "Of every 100 tickets, 29 came"),
        (1, 1000, "fewer than one came"),
        (999, 1000, "more than 99 came"),
    ],
)
def test_how_many_came_while_closed_is_said_of_a_hundred(met, n, words):
    from tricorn.pictures.page import of_a_hundred

    assert words in of_a_hundred(share(met, n))


def test_the_report_is_written_in_the_language_of_its_reader():
    with translation.override("ar"):
        page = report_page(Page("عنوان", "جملة", lang="ar"))

    assert '<html lang="ar" dir="rtl"' in page
