import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("standing", "0001_initial")]

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        ("standing", "0001_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Authority",
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
                        related_name="authorities",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorities",
                        to="parties.organisation",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorities",
                        to="catalogue.service",
                    ),
                ),
                ("may", models.CharField(max_length=10)),
                (
                    "up_to",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deputises",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "authorities",
                "indexes": [
                    models.Index(fields=["person"], name="authority_person"),
                    models.Index(fields=["organisation", "may"], name="authority_organisation"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("may__in", ("accept", "admit", "approve", "decide", "sign"))
                        ),
                        name="authority_may",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy__isnull", True),
                            models.Q(("deputy", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="authority_deputy_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Absence",
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
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stands_in",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["since", "id"],
                "indexes": [
                    models.Index(fields=["person", "since"], name="absence_person"),
                    models.Index(fields=["until", "since"], name="absence_now"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="absence_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy__isnull", True),
                            models.Q(("deputy", models.F("person")), _negated=True),
                            _connector="OR",
                        ),
                        name="absence_deputy_is_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Quorum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quorums",
                        to="parties.organisation",
                    ),
                ),
                ("may", models.CharField(max_length=10)),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quorums",
                        to="catalogue.service",
                    ),
                ),
                (
                    "above",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("needed", models.PositiveSmallIntegerField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "quorums",
                "indexes": [
                    models.Index(fields=["organisation", "may"], name="quorum_organisation")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("may__in", ("accept", "admit", "approve", "decide", "sign"))
                        ),
                        name="quorum_may",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("needed__gte", 1)), name="quorum_needs_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("above__isnull", True),
                            models.Q(("currency", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="quorum_amount_has_currency",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=30)),
                ("subject_id", models.BigIntegerField()),
                ("deed", models.CharField(max_length=10)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="parties.organisation",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("per", models.CharField(blank=True, default="", max_length=10)),
                ("words", models.CharField(max_length=200)),
                ("key", models.BinaryField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals_asked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("needed", models.PositiveSmallIntegerField()),
                ("state", models.CharField(default="open", max_length=10)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("reminded", models.PositiveSmallIntegerField(default=0)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "services",
                    models.ManyToManyField(related_name="approvals", to="catalogue.service"),
                ),
            ],
            options={
                "ordering": ["asked_at", "id"],
                "indexes": [
                    models.Index(fields=["subject", "subject_id"], name="approval_subject"),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["next_at", "id"],
                        name="approval_waiting",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deed__in", ("accept", "admit", "approve", "decide", "sign"))
                        ),
                        name="approval_deed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ("given", "open", "refused", "withdrawn"))
                        ),
                        name="approval_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("needed__gte", 1)), name="approval_needs_somebody"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("next_at__isnull", True),
                                ("settled_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="approval_settled_has_moment",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("subject", "subject_id", "deed", "organisation"),
                        name="approval_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "approval",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="standing.approval",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "acting_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answered_for",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="standing.authority",
                    ),
                ),
                ("capacity", models.CharField(max_length=20)),
                ("yes", models.BooleanField()),
                ("reason", models.CharField(blank=True, default="", max_length=500)),
                ("key", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at", "id"],
                "indexes": [models.Index(fields=["person", "at"], name="answer_person")],
                "constraints": [
                    models.UniqueConstraint(fields=("approval", "person"), name="answer_once")
                ],
            },
        ),
    ]
