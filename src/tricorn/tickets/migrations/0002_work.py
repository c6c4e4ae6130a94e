import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("tickets", "0004_moves"), ("tickets", "0005_relations")]

    dependencies = [
        ("agreements", "0003_offers"),
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        ("tickets", "0001_ticket"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Clock",
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
                        related_name="clocks",
                        to="tickets.ticket",
                    ),
                ),
                ("measure", models.CharField(max_length=20)),
                (
                    "clause",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="agreements.clause",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="catalogue.target",
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("stopped_at", models.DateTimeField(blank=True, null=True)),
                ("paused_by", models.CharField(blank=True, default="", max_length=10)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("breach_at", models.DateTimeField(blank=True, null=True)),
                ("elapsed_seconds", models.BigIntegerField(default=0)),
                ("closed_seconds", models.BigIntegerField(default=0)),
                ("is_met", models.BooleanField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["clause", "started_at"], name="clock_clause")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("measure__in", ("closing", "first_response", "resolution"))
                        ),
                        name="clock_measure",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clause__isnull", False), ("target__isnull", True)),
                            models.Q(("clause__isnull", True), ("target__isnull", False)),
                            _connector="OR",
                        ),
                        name="clock_one_promise",
                    ),
                    models.UniqueConstraint(
                        fields=("ticket", "measure"), name="clock_measure_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wait",
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
                        related_name="waits",
                        to="tickets.ticket",
                    ),
                ),
                ("holder", models.CharField(blank=True, default="", max_length=10)),
                ("started_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["started_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "holder__in",
                                ["", "client", "customer", "provider", "supplier", "user"],
                            )
                        ),
                        name="wait_holder",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="wait_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("ticket",),
                        name="wait_one_open",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
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
                        related_name="messages",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("by_kind", models.CharField(max_length=10)),
                ("is_from_desk", models.BooleanField(default=False)),
                ("is_public", models.BooleanField(default=True)),
                ("text", models.TextField()),
                ("key", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("channel", models.CharField(default="web", max_length=20)),
                ("html", models.TextField(blank=True, default="")),
                ("quoted", models.TextField(blank=True, default="")),
                ("sender", models.CharField(blank=True, default="", max_length=360)),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["ticket", "at"], name="message_ticket")],
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rating",
                        to="tickets.ticket",
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, default="", max_length=15)),
                ("text", models.TextField(blank=True, default="")),
                ("key", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 1), ("score__lte", 5)),
                        name="rating_one_to_five",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason__in", ["", "functionality", "reliability", "support"])
                        ),
                        name="rating_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="parties.place",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalogue.service",
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, default="", max_length=15)),
                ("once", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="place_rating_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__in", [1, 3, 5])), name="place_rating_score"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reason", ""),
                            models.Q(
                                ("reason__in", ["functionality", "reliability", "support"]),
                                ("score__lt", 5),
                            ),
                            _connector="OR",
                        ),
                        name="place_rating_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TimeSpent",
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
                        related_name="time_spent",
                        to="tickets.ticket",
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
                ("minutes", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "time spent",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)),
                        name="time_spent_in_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Move",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="move",
                        to="agreements.version",
                    ),
                ),
                ("at", models.DateTimeField()),
                ("last_ticket", models.BigIntegerField(default=0)),
                ("done_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["at"],
                        name="move_due",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
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
                        related_name="present",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "verbose_name_plural": "presence",
                "constraints": [
                    models.UniqueConstraint(fields=("ticket", "person"), name="presence_once")
                ],
            },
        ),
    ]
