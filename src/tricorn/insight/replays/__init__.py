"""The replay on the program's own tickets and on uploads: histories, and runs that are kept.

own.py      the program's own tickets as a history of the engine
promised.py what holds where nothing is agreed
columns.py  a history as a file of columns, and back
loaded.py   columns that were loaded once, kept beside the program's files
small.py    which figures of a run a client may read
verbs/      runs: begun, uploaded, changed, kept, discarded, made an offer of
jobs.py     what the worker does: reading uploads, simulating, putting away
answer.py   what a run answers
reads.py    runs as pages show them
"""
