import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("agreements", "0003_reviews")]

    dependencies = [
        ("agreements", "0001_agreements"),
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="agreements.version",
                    ),
                ),
                ("per", models.CharField(max_length=10)),
                ("period_from", models.DateField()),
                ("period_to", models.DateField()),
                ("due_on", models.DateField()),
                ("figures", models.JSONField()),
                ("evidence", models.JSONField(default=dict)),
                ("prepared_at", models.DateTimeField()),
                ("overdue_told_at", models.DateTimeField(blank=True, null=True)),
                ("verdict", models.CharField(blank=True, default="", max_length=10)),
                ("remarks", models.TextField(blank=True, default="")),
                (
                    "verdict_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("capacity", models.CharField(blank=True, default="", max_length=120)),
                ("verdict_at", models.DateTimeField(blank=True, null=True)),
                ("key", models.BinaryField()),
            ],
            options={
                "ordering": ["-period_to", "agreement"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("verdict", "")),
                        fields=["due_on"],
                        name="review_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "period_from", "period_to"), name="review_period_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("period_to__gte", models.F("period_from"))),
                        name="review_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["", "met", "not_met", "partly"])),
                        name="review_verdict",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("verdict", ""),
                                ("verdict_at__isnull", True),
                                ("verdict_by__isnull", True),
                            ),
                            models.Q(
                                models.Q(("verdict", ""), _negated=True),
                                ("verdict_at__isnull", False),
                                ("verdict_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="review_verdict_has_person_and_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewAction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="actions",
                        to="agreements.review",
                    ),
                ),
                ("words", models.CharField(max_length=500)),
                ("side", models.CharField(max_length=10)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_actions",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True)),
                ("state", models.CharField(default="open", max_length=10)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("key", models.BinaryField()),
            ],
            options={
                "ordering": ["review", "id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["due_on"],
                        name="review_action_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("side__in", ["client", "provider"])),
                        name="review_action_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state", "open")),
                            models.Q(
                                ("ended_at__isnull", False), ("state__in", ["done", "dropped"])
                            ),
                            _connector="OR",
                        ),
                        name="review_action_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrialOffer",
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
                        related_name="trial_offers",
                        to="catalogue.service",
                    ),
                ),
                ("days", models.PositiveSmallIntegerField()),
                ("words", models.CharField(blank=True, default="", max_length=300)),
                ("announced_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-announced_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 366)),
                        name="trial_offer_days",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("service",),
                        name="trial_offer_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Trial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to="agreements.trialoffer",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to="catalogue.service",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="trials",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("began_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(blank=True, null=True)),
                ("answer", models.CharField(blank=True, default="", max_length=10)),
                ("comment", models.TextField(blank=True, default="")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "wants_offer_for",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
                ("offer_asked_at", models.DateTimeField(blank=True, null=True)),
                ("key", models.BinaryField()),
            ],
            options={
                "ordering": ["-began_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("asked_at", None)),
                        fields=["ends_at"],
                        name="trial_to_ask",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "service"), name="trial_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("began_at"))),
                        name="trial_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["", "no", "not_sure", "yes"])),
                        name="trial_answer",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Work",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivered",
                        to="parties.organisation",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delivered",
                        to="catalogue.service",
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True, default="")),
                ("tickets", models.JSONField(blank=True, default=list)),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                (
                    "presented_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="presented",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("presented_at", models.DateTimeField()),
                ("key", models.BinaryField()),
            ],
            options={
                "verbose_name_plural": "work",
                "ordering": ["-presented_at", "-id"],
                "indexes": [models.Index(fields=["client", "-presented_at"], name="work_client")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__isnull", True), ("currency", "")),
                            models.Q(
                                ("amount__gte", 0),
                                ("amount__isnull", False),
                                models.Q(("currency", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="work_amount_has_currency",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkOutcome",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "work",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outcome",
                        to="agreements.work",
                    ),
                ),
                ("outcome", models.CharField(max_length=10)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accepted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("capacity", models.CharField(blank=True, default="", max_length=120)),
                ("reason", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                ("key", models.BinaryField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["accepted", "refused", "taken_back"])),
                        name="work_outcome_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("outcome", "refused"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="work_refused_with_a_reason",
                    ),
                ],
            },
        ),
    ]
