"""The index of words, in each database's own way; a table for each kind of thing found."""

from django.db import migrations

KINDS = ("ticket", "person", "article")
FTS = """
CREATE VIRTUAL TABLE search_{kind} USING fts5(
    title, body, aside, marks, tokenize = 'ascii', prefix = '2 3'
)
"""
TSVECTOR = (
    "CREATE TABLE search_{kind} (id bigint PRIMARY KEY, vector tsvector NOT NULL)",
    # What holds these words?
    "CREATE INDEX search_{kind}_words ON search_{kind} USING gin (vector)",
)


def make(apps, schema_editor):
    texts = (FTS,) if schema_editor.connection.vendor == "sqlite" else TSVECTOR
    for kind in KINDS:
        for text in texts:
            schema_editor.execute(text.format(kind=kind))


def remove(apps, schema_editor):
    for kind in KINDS:
        schema_editor.execute(f"DROP TABLE search_{kind}")


class Migration(migrations.Migration):
    dependencies = []

    operations = [migrations.RunPython(make, remove)]
