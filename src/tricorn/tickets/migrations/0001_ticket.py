import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("tickets", "0002_saved_filters"), ("tickets", "0003_outages")]

    initial = True

    dependencies = [
        ("agreements", "0003_offers"),
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Ticket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="catalogue.service",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="parties.place",
                    ),
                ),
                ("kind", models.CharField(default="incident", max_length=10)),
                ("state", models.CharField(default="new", max_length=10)),
                ("summary", models.CharField(max_length=200)),
                (
                    "requester",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requested",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "affected",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="affected_by",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reported",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="parties.organisation",
                    ),
                ),
                ("contact_email", models.EmailField(blank=True, default="", max_length=254)),
                ("affected_count", models.PositiveIntegerField(default=1)),
                ("impact", models.PositiveSmallIntegerField(default=2)),
                ("urgency", models.PositiveSmallIntegerField(default=2)),
                ("computed_priority", models.CharField(default="moderate", max_length=10)),
                ("priority", models.CharField(default="moderate", max_length=10)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assigned",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="team_tickets",
                        to="parties.organisation",
                    ),
                ),
                ("waiting_on", models.CharField(blank=True, default="", max_length=10)),
                ("held_for", models.CharField(blank=True, default="", max_length=20)),
                (
                    "version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tickets",
                        to="agreements.version",
                    ),
                ),
                ("covered_by", models.CharField(blank=True, default="", max_length=300)),
                ("began_at", models.DateTimeField()),
                ("reported_at", models.DateTimeField()),
                ("first_response_at", models.DateTimeField(blank=True, null=True)),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("breach_at", models.DateTimeField(blank=True, null=True)),
                (
                    "queue_at",
                    models.DateTimeField(
                        default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.UTC)
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "survivor",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="all_merged",
                        to="tickets.ticket",
                    ),
                ),
                ("merged_was", models.CharField(blank=True, default="", max_length=10)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="tickets.ticket",
                    ),
                ),
                ("minutes_spent", models.PositiveIntegerField(default=0)),
                ("channel", models.CharField(default="web", max_length=20)),
                ("source", models.CharField(blank=True, default="", max_length=60)),
                ("source_id", models.CharField(blank=True, default="", max_length=120)),
                ("source_mark", models.CharField(blank=True, default="", max_length=64)),
                ("extra", models.JSONField(blank=True, default=dict)),
                ("fields", models.JSONField(blank=True, default=dict)),
                ("fields_key", models.BinaryField(blank=True, default=b"")),
                ("once", models.CharField(blank=True, max_length=64, null=True, unique=True)),
                ("link_key", models.BinaryField()),
                ("link_hash", models.CharField(blank=True, max_length=64, null=True, unique=True)),
            ],
            options={
                "ordering": ["-reported_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("held_for", ""), ("state__in", ["new", "open", "waiting"])
                        ),
                        fields=["queue_at", "id"],
                        name="ticket_queue",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ["new", "open", "waiting"])),
                        fields=["breach_at"],
                        name="ticket_late",
                    ),
                    models.Index(fields=["requester", "-reported_at"], name="ticket_requester"),
                    models.Index(fields=["affected", "-reported_at"], name="ticket_affected"),
                    models.Index(fields=["version", "reported_at"], name="ticket_version"),
                    models.Index(
                        condition=models.Q(("state__in", ["new", "open", "waiting"])),
                        fields=["version", "id"],
                        name="ticket_runs_by",
                    ),
                    models.Index(fields=["service", "reported_at"], name="ticket_service"),
                    models.Index(
                        condition=models.Q(("state__in", ["new", "open", "waiting"])),
                        fields=["assignee", "queue_at"],
                        name="ticket_assignee",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("held_for", ""), ("state__in", ["new", "open", "waiting"])
                        ),
                        fields=["service", "assignee", "state", "team", "held_for", "breach_at"],
                        name="ticket_tabs",
                    ),
                    models.Index(
                        condition=models.Q(("source_id", ""), _negated=True),
                        fields=["source_id"],
                        name="ticket_source_id",
                    ),
                    models.Index(
                        condition=models.Q(("survivor__isnull", False)),
                        fields=["survivor"],
                        name="ticket_survivor",
                    ),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="ticket_merged_into",
                    ),
                    models.Index(
                        condition=models.Q(("parent__isnull", False)),
                        fields=["parent"],
                        name="ticket_parent",
                    ),
                    models.Index(
                        condition=models.Q(("held_for", ""), _negated=True),
                        fields=["id"],
                        name="ticket_held",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("complaint", "incident", "praise", "question", "request", "wish"),
                            )
                        ),
                        name="ticket_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "cancelled",
                                    "closed",
                                    "merged",
                                    "new",
                                    "open",
                                    "resolved",
                                    "waiting",
                                ],
                            )
                        ),
                        name="ticket_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("computed_priority__in", ("critical", "high", "low", "moderate")),
                            ("priority__in", ("critical", "high", "low", "moderate")),
                        ),
                        name="ticket_priority",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("impact__gte", 1),
                            ("impact__lte", 3),
                            ("urgency__gte", 1),
                            ("urgency__lte", 3),
                        ),
                        name="ticket_impact_urgency",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resolved_at__isnull", True),
                            ("state__in", ["cancelled", "closed", "merged", "resolved"]),
                            _connector="OR",
                        ),
                        name="ticket_resolved_only_when_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "waiting"),
                                (
                                    "waiting_on__in",
                                    ["client", "customer", "provider", "supplier", "user"],
                                ),
                            ),
                            models.Q(
                                models.Q(("state", "waiting"), _negated=True), ("waiting_on", "")
                            ),
                            _connector="OR",
                        ),
                        name="ticket_waiting_has_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("began_at__lte", models.F("reported_at"))),
                        name="ticket_began_before_reported",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("merged_into__isnull", False),
                                ("merged_was__in", ["new", "open", "waiting"]),
                                ("state", "merged"),
                                ("survivor__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state", "merged"), _negated=True),
                                ("merged_into__isnull", True),
                                ("merged_was", ""),
                                ("survivor__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="ticket_merged_has_survivor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("merged_into__isnull", True),
                                models.Q(("merged_into", models.F("id")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("parent__isnull", True),
                                models.Q(("parent", models.F("id")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="ticket_not_its_own",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source", ""), _negated=True),
                        fields=("source", "source_id"),
                        name="ticket_source_once",
                    ),
                ],
            },
        ),
    ]
