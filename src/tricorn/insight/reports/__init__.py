"""Reports of the desk: how much came, how old it is, how it was kept; never by person.

`REPORTS` names them all; each is a function of a Question that returns a Sheet. A report asks a
fixed number of queries, however many months and groups it has.
"""

from tricorn.insight.reports.counts import age, backlog, done, reopened, reported
from tricorn.insight.reports.satisfied import reasons, satisfied
from tricorn.insight.reports.shares import first_contact, on_time
from tricorn.insight.reports.sheet import Cell, Line, Question, Sheet
from tricorn.insight.reports.waits import by_holder

REPORTS = {
    "reported": reported,
    "done": done,
    "backlog": backlog,
    "age": age,
    "on-time": on_time,
    "by-holder": by_holder,
    "reopened": reopened,
    "first-contact": first_contact,
    "satisfied": satisfied,
    "reasons": reasons,
}

__all__ = ["REPORTS", "Cell", "Line", "Question", "Sheet"]
