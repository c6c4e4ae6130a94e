"""Pictures read back: the SVG as XML, its texts, its table."""

import re
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"


def root(picture):
    """The drawing as XML; one that is not well formed fails here."""
    return ElementTree.fromstring(picture.svg)


def texts(picture):
    return ["".join(each.itertext()) for each in root(picture).iter("text")]


def sound(picture):
    """What holds for every picture, whatever it is drawn from."""
    svg = root(picture)
    ids = [each.get("id") for each in svg.iter() if each.get("id")]
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby") == f"{picture.name}-title" == ids[0]
    assert svg.get("aria-describedby") == f"{picture.name}-desc" == ids[1]
    assert len(ids) == len(set(ids))
    assert all(each.startswith(f"{picture.name}-") for each in ids)
    assert (svg.find("title").text or "") == picture.title
    assert svg.find("desc").text == picture.sentence
    assert picture.sentence.endswith(".")
    assert not re.search(r'style=|<script|\son\w+=|="[^"]*\bnan\b|="[^"]*\binf\b', picture.svg)
    for each in svg.iter("text"):
        assert -0.1 <= float(each.get("x")) <= 400.1, "".join(each.itertext())
    for each in svg.iter("rect"):
        assert float(each.get("width")) >= 0
        assert float(each.get("height")) >= 0
    for row in picture.table.rows:
        assert len(row) == len(picture.table.head)
    return picture


def row_of(picture, name):
    return next(row for row in picture.table.rows if row[0] == name)


def plain(words):
    """Without the spaces that keep a figure and its unit on one line."""
    return words.replace("\u00a0", " ")
