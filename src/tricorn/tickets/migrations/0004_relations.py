import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("tickets", "0010_articles")]

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("knowledge", "0001_articles"),
        ("parties", "0001_parties"),
        ("tickets", "0003_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_out",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_in",
                        to="tickets.ticket",
                    ),
                ),
                ("kind", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "target", "kind"), name="link_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["blocks", "caused_by", "duplicate_of", "related"])
                        ),
                        name="link_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="link_of_two",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=80, unique=True)),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.tag",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="TicketTag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tagged",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tagged",
                        to="tickets.tag",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "tag"), name="ticket_tag_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Problem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("state", models.CharField(default="found", max_length=10)),
                ("cause", models.TextField(blank=True, default="")),
                ("workaround", models.TextField(blank=True, default="")),
                ("solution", models.TextField(blank=True, default="")),
                ("is_known_error", models.BooleanField(default=False)),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                (
                    "services",
                    models.ManyToManyField(related_name="problems", to="catalogue.service"),
                ),
                (
                    "tickets",
                    models.ManyToManyField(
                        blank=True, related_name="problems", to="tickets.ticket"
                    ),
                ),
            ],
            options={
                "ordering": ["-noted_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "solved"), _negated=True),
                        fields=["id"],
                        name="problem_unsolved",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["found", "solved", "understood"])),
                        name="problem_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_known_error", False),
                            models.Q(("workaround", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="problem_known_error_has_workaround",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("solved_at__isnull", False), ("state", "solved")),
                            models.Q(
                                models.Q(("state", "solved"), _negated=True),
                                ("solved_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="problem_solved_has_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Outage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("found_by", models.CharField(default="provider", max_length=10)),
                ("is_planned", models.BooleanField(default=False)),
                ("summary", models.CharField(blank=True, default="", max_length=200)),
                (
                    "noted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("noted_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                (
                    "services",
                    models.ManyToManyField(related_name="outages", to="catalogue.service"),
                ),
                (
                    "places",
                    models.ManyToManyField(blank=True, related_name="outages", to="parties.place"),
                ),
                (
                    "tickets",
                    models.ManyToManyField(blank=True, related_name="outages", to="tickets.ticket"),
                ),
            ],
            options={
                "ordering": ["-began_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("taken_back_at__isnull", True)),
                        fields=["ended_at"],
                        name="outage_unended",
                    ),
                    models.Index(fields=["-began_at", "-id"], name="outage_began"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gt", models.F("began_at")),
                            _connector="OR",
                        ),
                        name="outage_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("found_by__in", ["monitoring", "provider", "reporter"])
                        ),
                        name="outage_found_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_planned", False), ("ended_at__isnull", False), _connector="OR"
                        ),
                        name="outage_planned_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Bulk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("deed", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("undo_until", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["id"],
                        name="bulk_unended",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "bulk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="tickets.bulk",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                ("state", models.CharField(default="waiting", max_length=10)),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("was", models.JSONField(blank=True, default=dict)),
                ("lines", models.JSONField(blank=True, default=list)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["bulk", "state", "id"], name="bulk_row_next")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["done", "kept", "refused", "undone", "waiting"])
                        ),
                        name="bulk_row_state",
                    ),
                    models.UniqueConstraint(fields=("bulk", "ticket"), name="bulk_row_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketArticle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="article_links",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ticket_links",
                        to="knowledge.article",
                    ),
                ),
                (
                    "linked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("linked_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "article"), name="ticketarticle_once")
                ],
            },
        ),
    ]
