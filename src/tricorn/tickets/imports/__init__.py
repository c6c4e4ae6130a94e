"""Bringing real tickets in: an event log of ServiceNow, or any table with a map.

`read` turns a file into records and a list of refused rows, without a database; `store` writes
records set-wise, a thousand at a time, with the same constraints and journal as every verb.
"""

from tricorn.histories.map import load_map
from tricorn.tickets.imports.mapped import read_mapped
from tricorn.tickets.imports.records import Batch, Problem, Record
from tricorn.tickets.imports.servicenow import read_servicenow
from tricorn.tickets.imports.store import ImportReport, store

__all__ = [
    "Batch",
    "ImportReport",
    "Problem",
    "Record",
    "load_map",
    "read_mapped",
    "read_servicenow",
    "store",
]
