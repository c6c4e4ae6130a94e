"""Pictures of data: honest scales, words beside them, nothing unsafe inside."""

import re
from xml.etree import ElementTree

import pytest

from tricorn.web import charts, shapes
from tricorn.web.charts import Bar, Bars, Month, Months, Share, WeekWindow

SVG = "{http://www.w3.org/2000/svg}"


def drawing(markup):
    """The SVG inside a figure, parsed; a picture that is not well formed fails here."""
    text = re.search(r"<svg.*?</svg>", markup, re.DOTALL).group(0)
    return ElementTree.fromstring(text)


def rects(markup, kind):
    return [r for r in drawing(markup).iter("rect") if r.get("class") == kind]


def test_a_week_shows_every_window_on_its_day():
    picture = charts.week_picture([WeekWindow(0, 480, 1200), WeekWindow(5, 540, 780)])

    monday, saturday = rects(picture, "p-fill")
    assert float(monday.get("width")) == pytest.approx(360 * 720 / 1440)
    assert float(saturday.get("y")) > float(monday.get("y"))
    assert '<th scope="row">Monday</th><td class="num">08:00–20:00</td>' in picture
    assert '<th scope="row">Sunday</th><td class="num">closed</td>' in picture


def test_a_window_past_midnight_goes_on_into_the_next_day_and_sundays_into_monday():
    days = charts.split_by_day([WeekWindow(6, 22 * 60, 30 * 60)])

    assert days[6] == [(1320, 1440)]
    assert days[0] == [(0, 360)]


def test_windows_that_touch_or_overlap_are_one_and_all_day_is_said():
    days = charts.split_by_day([WeekWindow(2, 0, 700), WeekWindow(2, 600, 1440)])

    assert days[2] == [(0, 1440)]
    assert charts.said_spans(days[2]) == "all day"


def test_always_open_fills_every_day_once():
    days = charts.split_by_day([WeekWindow(3, 0, 7 * 1440)])

    assert set(map(tuple, days.values())) == {((0, 1440),)}


@pytest.mark.parametrize("window", [WeekWindow(7, 0, 60), WeekWindow(0, 60, 60)])
def test_a_window_that_is_none_is_refused(window):
    with pytest.raises(ValueError, match="no window of a week"):
        charts.week_picture([window])


def test_a_share_is_drawn_with_its_interval_and_its_target():
    picture = charts.draw(Share("On time", 0.962, 0.93, 0.98, 0.95, 312))

    circle = next(drawing(picture).iter("circle"))
    band = rects(picture, "p-band")[0]
    left, width = float(band.get("x")), float(band.get("width"))
    target = next(e for e in drawing(picture).iter("line") if e.get("class") == "p-target")
    assert left < float(target.get("x1")) < float(circle.get("cx")) < left + width
    assert "96.2 % (n 312, 93–98 %), promised 95 %" in picture


@pytest.mark.parametrize("share", [Share("On time", None), Share("On time", 1.0, n=0)])
def test_what_was_not_measured_is_said_and_not_drawn(share):
    picture = charts.draw(share)

    assert "<svg" not in picture
    assert "Cannot tell yet" in picture


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_a_share_at_either_end_stays_inside_the_picture(value):
    picture = charts.draw(Share("On time", value, value, value, value, 5))

    circle = next(drawing(picture).iter("circle"))
    assert 0 <= float(circle.get("cx")) <= 400


def test_bars_start_at_zero_and_a_hidden_count_has_none():
    picture = charts.draw(
        Bars("Waited", (Bar("A", 40), Bar("B", 10), Bar("C", None, note="fewer than five")))
    )

    long, short = rects(picture, "p-fill")
    assert float(long.get("width")) == 4 * float(short.get("width"))
    assert "fewer than five" in picture


def test_no_bars_still_make_a_picture_that_says_so():
    assert "Nothing to show yet." in charts.draw(Bars("Waited", ()))
    assert rects(charts.draw(Bars("Waited", (Bar("A", 0),))), "p-fill") == []


def test_months_keep_the_place_of_one_without_value():
    points = (Month("Jan", 0.9, 0.8, 0.95, 40), Month("Feb", None, n=0), Month("Mar", 1.0, n=3))

    picture = charts.draw(Months("On time", points, target=0.95))

    first, last = drawing(picture).iter("circle")
    axis = next(e for e in drawing(picture).iter("line") if e.get("class") == "p-axis")
    assert float(last.get("cx")) - float(first.get("cx")) == pytest.approx(
        float(axis.get("x2")) * 2 / 3, abs=0.2
    )
    assert '<th scope="row">Feb</th><td class="num">cannot tell yet</td>' in picture
    assert "promised 95 %" in picture


def test_counts_are_columns_from_zero():
    picture = charts.draw(Months("Reports", (Month("Jan", 10), Month("Feb", 5)), unit="count"))

    high, low = rects(picture, "p-fill")
    assert float(high.get("height")) == pytest.approx(2 * float(low.get("height")), abs=0.2)


def test_every_month_is_labelled_where_there_is_room_for_it():
    def said(values):
        months = tuple(Month(f"M{i}", value) for i, value in enumerate(values))
        texts = drawing(charts.draw(Months("Reports", months, unit="count"))).iter("text")
        return {each.text: float(each.get("y")) for each in texts if each.get("class") == "p-ink"}

    few = said([154, 410, 260])

    assert list(few) == ["154", "410", "260"]
    assert few["410"] < few["260"] < few["154"]
    assert list(said([12345] * 11 + [54321])) == ["54321"]


def test_a_picture_alone_leaves_its_title_and_its_table_to_the_page():
    picture = charts.draw(Months("Reports", (Month("Jan", 10),), unit="count"))

    alone = shapes.alone(picture)

    assert "<svg" in alone
    assert "figcaption" not in alone
    assert "<table" not in alone
    unmeasured = charts.draw(Share("On time", None))
    assert shapes.alone(unmeasured) == unmeasured


@pytest.mark.parametrize("unit", ["share", "count"])
def test_no_months_at_all_are_no_error(unit):
    assert "<svg" in charts.draw(Months("Reports", (), unit=unit))
    assert "<svg" in charts.draw(Months("Reports", (Month("Jan", None),), unit=unit))


def test_labels_are_text_whatever_they_hold():
    nasty = "<script>\"&'\x00</script>"

    picture = charts.draw(Bars(nasty, (Bar(nasty, 1.0),)))

    assert "<script" not in picture
    assert drawing(picture.replace("\x00", "")) is not None


def test_every_picture_has_title_description_and_table():
    for picture in (
        charts.week_picture([WeekWindow(0, 0, 60)]),
        charts.draw(Share("On time", 0.9, n=20)),
        charts.draw(Bars("Waited", (Bar("A", 1),))),
        charts.draw(Months("Reports", (Month("Jan", 1),), unit="count")),
    ):
        names = [child.tag for child in drawing(picture)][:2]
        assert names == ["title", "desc"]
        assert "<details>" in picture
        assert "style=" not in picture


def test_what_is_no_picture_is_refused_by_name():
    with pytest.raises(TypeError, match="dict is no picture"):
        charts.draw({})
