"""Whatever stands in the cells: every row is a ticket, an update, or counted with its reason."""

import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from tests.histories.given import BERLIN, assert_all_accounted, write
from tricorn.engine.replay import MISSING
from tricorn.histories import FORMATS, open_history

MOMENT = st.sampled_from(
    ["", "2024-03-04 08:00", "2024-03-04 09:00", "3/3/2024 07:00", "soon", "?", "0000-00-00 00:00"]
)
WORDS = {
    "id": st.sampled_from(["1", "2", "3", "4", "5", "6", "7", "", " 8 "]),
    "state": st.sampled_from(["", "Closed", "New", "resolved", "Pending", "4", "cancelled", "odd"]),
    "met": st.sampled_from(["", "yes", "false", "-1:10", "3", "who knows"]),
    "gone": st.sampled_from(["", "", "7"]),
}
ANY = st.sampled_from(["", "x", "Ö", "3 - Moderate", "a,b;c", 'say "no"', "two\nlines"])
LISTS = sorted(set(FORMATS) - {"servicenow-log"})


@st.composite
def tables(draw, columns):
    """A header and rows, some of them too short or too long."""
    rows = []
    for _ in range(draw(st.integers(0, 8))):
        row = [draw(values) for values in columns.values()]
        rows.append(row + draw(st.sampled_from([[], [], [], ["more"]])))
    return [list(columns), *rows]


def columns_of(name):
    def values(field):
        known = {"priority", "priority_opened", "kind", "person", "group"}
        return WORDS.get(field, ANY if field in known else MOMENT)

    return {names[0]: values(field) for field, names in FORMATS[name].columns.items()}


def as_csv(table):
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue()


@given(data=st.data(), name=st.sampled_from(LISTS))
def test_in_a_list(tmp_path_factory, data, name):
    table = data.draw(tables(columns_of(name)))
    path = write(tmp_path_factory.mktemp("list"), as_csv(table))

    found = open_history(path, zone=BERLIN, format=name)

    assert found.rows == len(table) - 1
    assert_all_accounted(found)
    history = found.history
    for column in (history.resolved, history.closed):
        assert ((column == MISSING) | (column >= history.reported)).all()


@given(data=st.data(), name=st.sampled_from(["zendesk", "zammad", "django-helpdesk"]))
def test_in_json(tmp_path_factory, data, name):
    head, *rows = data.draw(tables(columns_of(name)))
    objects = [dict(zip(head, row, strict=False)) for row in rows]
    odd = data.draw(st.lists(st.sampled_from(["", "7", "[]", "{", "null", '"x"']), max_size=3))
    lines = [json.dumps(dict.fromkeys(head)), *map(json.dumps, objects), *odd]
    path = write(tmp_path_factory.mktemp("json"), "\n".join(lines) + "\n")

    found = open_history(path, zone=BERLIN, format=name)

    assert found.rows == 1 + len(objects) + sum(line != "" for line in odd)
    assert_all_accounted(found)


LOG = {
    "number": st.sampled_from(["I1", "I2", "I3", "I4", "", "?"]),
    "incident_state": st.sampled_from(
        ["New", "Active", "Awaiting Vendor", "Resolved", "Closed", "Canceled", "-100", "?"]
    ),
    "sys_mod_count": st.sampled_from(["0", "1", "x", "", "9" * 30]),
    "opened_at": MOMENT,
    "sys_updated_at": MOMENT,
    "resolved_at": MOMENT,
    "closed_at": MOMENT,
    "made_sla": st.sampled_from(["true", "false", "?"]),
    "caller_id": ANY,
}


@given(table=tables(LOG))
def test_in_a_log(tmp_path_factory, table):
    path = write(tmp_path_factory.mktemp("log"), as_csv(table))

    found = open_history(path, zone=BERLIN)

    assert found.rows == len(table) - 1
    assert_all_accounted(found)
    named = {row[0] for row in table[1:] if len(row) == len(LOG) and row[0] not in ("", "?")}
    assert named >= set(found.history.refs)
    assert len(named) == len(found.history) + sum(found.history.excluded.values())
