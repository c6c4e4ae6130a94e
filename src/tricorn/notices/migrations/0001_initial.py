import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("journal", "0001_initial"),
        ("tickets", "0006_private"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="journal.line",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to="tickets.ticket",
                    ),
                ),
                ("capacity", models.CharField(max_length=9)),
                ("about", models.CharField(max_length=10)),
                ("how", models.CharField(max_length=7)),
                ("made_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)),
                        fields=["person", "-id"],
                        name="notice_unread",
                    ),
                    models.Index(
                        condition=models.Q(("read_at__isnull", False)),
                        fields=["person", "-id"],
                        name="notice_read",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("how", "digest"),
                            ("mailed_at__isnull", True),
                            ("read_at__isnull", True),
                        ),
                        fields=["person", "made_at"],
                        name="notice_digest",
                    ),
                    models.Index(
                        condition=models.Q(("read_at__isnull", False)),
                        fields=["read_at"],
                        name="notice_old",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "line"), name="notice_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "about__in",
                                (
                                    "answer",
                                    "answered",
                                    "assigned",
                                    "escalated",
                                    "followed",
                                    "mentioned",
                                    "rating",
                                    "reminded",
                                    "reported",
                                    "rule",
                                ),
                            )
                        ),
                        name="notice_about",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ("at once", "digest", "page"))),
                        name="notice_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ("agent", "requester"))),
                        name="notice_capacity",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preferences",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("capacity", models.CharField(max_length=9)),
                ("about", models.CharField(max_length=10)),
                ("how", models.CharField(max_length=7)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("about", "reported")),
                        fields=["person"],
                        name="preference_reported",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "capacity", "about"), name="preference_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "about__in",
                                (
                                    "answer",
                                    "answered",
                                    "assigned",
                                    "escalated",
                                    "followed",
                                    "mentioned",
                                    "rating",
                                    "reminded",
                                    "reported",
                                    "rule",
                                ),
                            )
                        ),
                        name="preference_about",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["at once", "digest", "page", "off"])),
                        name="preference_how",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capacity__in", ("agent", "requester"))),
                        name="preference_capacity",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Silence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=64, unique=True)),
                ("since", models.DateTimeField()),
            ],
        ),
    ]
