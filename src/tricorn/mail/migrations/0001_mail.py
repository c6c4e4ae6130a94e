import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("mail", "0001_initial"),
        ("mail", "0002_approval_letters"),
        ("mail", "0003_notice"),
        ("mail", "0004_identities_and_words"),
        ("mail", "0005_told"),
    ]

    initial = True

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("journal", "0001_initial"),
        ("tickets", "0006_private"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="journal.line",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letters",
                        to="tickets.ticket",
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("recipient", models.EmailField(max_length=254)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("body", models.TextField(blank=True, default="")),
                ("language", models.CharField(default="en", max_length=5)),
                ("state", models.CharField(default="waiting", max_length=8)),
                ("reason", models.CharField(blank=True, default="", max_length=11)),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                (
                    "retry",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journal.line",
                    ),
                ),
                ("unsubscribe", models.CharField(blank=True, default="", max_length=300)),
                ("made_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["id"],
                "indexes": [
                    models.Index(fields=["ticket", "recipient", "id"], name="letter_thread"),
                    models.Index(
                        condition=models.Q(("state", "failed")), fields=["id"], name="letter_failed"
                    ),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["id"],
                        name="letter_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("kind", "receipt")),
                        fields=["recipient", "made_at"],
                        name="letter_receipts",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "answer",
                                    "asked",
                                    "code",
                                    "digest",
                                    "escalated",
                                    "notice",
                                    "outcome",
                                    "receipt",
                                    "reminded",
                                    "told",
                                ),
                            )
                        ),
                        name="letter_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["dropped", "failed", "sent", "waiting"])),
                        name="letter_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                [
                                    "",
                                    "late",
                                    "refused",
                                    "tries",
                                    "unreachable",
                                    "automatic",
                                    "given_up",
                                    "many",
                                    "own",
                                ],
                            )
                        ),
                        name="letter_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("body", ""), _connector="OR"),
                        name="letter_words_gone_when_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sent_at__isnull", False), ("state", "sent")),
                            models.Q(
                                models.Q(("state", "sent"), _negated=True),
                                ("sent_at__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="letter_sent_has_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LetterText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("language", models.CharField(max_length=5)),
                ("number", models.PositiveIntegerField()),
                ("subject", models.CharField(blank=True, default="", max_length=200)),
                ("text", models.TextField(blank=True, default="")),
                ("is_shipped", models.BooleanField(default=False)),
                (
                    "written_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "language", "number"), name="letter_text_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "answer",
                                    "asked",
                                    "code",
                                    "digest",
                                    "escalated",
                                    "notice",
                                    "outcome",
                                    "receipt",
                                    "reminded",
                                    "told",
                                ),
                            )
                        ),
                        name="letter_text_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("is_shipped", True), ("subject", ""), ("text", "")),
                            models.Q(
                                ("is_shipped", False),
                                models.Q(("subject", ""), _negated=True),
                                models.Q(("text", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="letter_text_own_or_shipped",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Identity",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identity",
                        to="catalogue.service",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("address", models.EmailField(max_length=254)),
                ("signature", models.TextField(blank=True, default="")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Coalesce("service", 0),
                        name="identity_once",
                    )
                ],
            },
        ),
    ]
