import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        ("tickets", "0006_private"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Chain",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "service",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalation",
                        to="catalogue.service",
                    ),
                ),
                ("steps", models.JSONField(default=list)),
                ("since", models.DateTimeField()),
            ],
            options={
                "ordering": ["service"],
            },
        ),
        migrations.CreateModel(
            name="Escalated",
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
                        related_name="escalated",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="escalated",
                        to="tickets.clock",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("steps", models.PositiveSmallIntegerField()),
                ("when", models.CharField(max_length=10)),
                ("persons", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("clock", "number"), name="escalated_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Alarm",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("at", models.DateTimeField(blank=True, null=True)),
                ("seen_until", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("at__isnull", False)),
                        fields=["at", "ticket"],
                        name="alarm_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("last_ticket", models.BigIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="sweep_only_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="Recurring",
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
                        related_name="recurring",
                        to="catalogue.service",
                    ),
                ),
                ("text", models.TextField()),
                ("kind", models.CharField(default="request", max_length=10)),
                (
                    "requester",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "affected",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("checklist", models.CharField(blank=True, default="", max_length=120)),
                ("from_on", models.DateField()),
                ("at_time", models.TimeField()),
                ("zone", models.CharField(max_length=64)),
                ("unit", models.CharField(default="week", max_length=5)),
                ("every", models.PositiveSmallIntegerField(default=1)),
                ("weekdays", models.JSONField(blank=True, default=list)),
                ("day", models.PositiveSmallIntegerField(default=0)),
                ("skips_while_open", models.BooleanField(default=True)),
                ("is_on", models.BooleanField(default=True)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ["service", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_on", True), ("next_at__isnull", False)),
                        fields=["next_at"],
                        name="recurring_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ("complaint", "incident", "praise", "question", "request", "wish"),
                            )
                        ),
                        name="recurring_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit__in", ["day", "month", "week"])),
                        name="recurring_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("position", models.PositiveIntegerField()),
                ("when", models.CharField(max_length=20)),
                ("written", models.JSONField()),
                ("edition", models.PositiveIntegerField(default=1)),
                ("key", models.BinaryField()),
                ("is_on", models.BooleanField(default=False)),
                ("most_an_hour", models.PositiveIntegerField(default=1000)),
                ("since", models.DateTimeField()),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["position", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_on", True), ("removed_at__isnull", True)),
                        fields=["when", "position", "id"],
                        name="rule_when",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="automation.rule",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rule_runs",
                        to="tickets.ticket",
                    ),
                ),
                ("cause", models.CharField(max_length=40)),
                ("root", models.CharField(max_length=40)),
                ("depth", models.PositiveSmallIntegerField(default=0)),
                ("edition", models.PositiveIntegerField(default=1)),
                ("outcome", models.CharField(max_length=8)),
                ("because", models.JSONField(default=list)),
                ("done", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["rule", "-at", "-id"], name="run_log")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome__in", ["capped", "done", "refused", "stopped"])
                        ),
                        name="run_outcome",
                    ),
                    models.UniqueConstraint(fields=("rule", "ticket", "cause"), name="run_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Turn",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
                (
                    "last",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("team__isnull", False)),
                        fields=("service", "team"),
                        name="turn_of_team",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("team__isnull", True)),
                        fields=("service",),
                        name="turn_of_service",
                    ),
                ],
            },
        ),
    ]
