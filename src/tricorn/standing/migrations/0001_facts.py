import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("standing", "0002_approvals")]

    initial = True

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Fact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="parties.organisation",
                    ),
                ),
                ("includes_below", models.BooleanField(default=True)),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="parties.place",
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="facts",
                        to="catalogue.service",
                    ),
                ),
                (
                    "funder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funded",
                        to="parties.organisation",
                    ),
                ),
                ("evidence", models.CharField(max_length=60)),
                ("evidence_id", models.BigIntegerField(blank=True, null=True)),
                ("words", models.CharField(blank=True, default="", max_length=200)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("noted_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "kind"], name="fact_person"),
                    models.Index(fields=["organisation", "kind"], name="fact_organisation"),
                    models.Index(fields=["place", "kind"], name="fact_place"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                (
                                    "accept",
                                    "alternative",
                                    "aware",
                                    "budget",
                                    "entitled",
                                    "invoice",
                                    "linemgr",
                                    "mutual",
                                    "orders",
                                    "oversees",
                                    "paid",
                                    "recognised",
                                    "signed",
                                    "voice",
                                ),
                            )
                        ),
                        name="fact_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("organisation__isnull", True),
                                ("person__isnull", False),
                                ("place__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", False),
                                ("person__isnull", True),
                                ("place__isnull", True),
                            ),
                            models.Q(
                                ("organisation__isnull", True),
                                ("person__isnull", True),
                                ("place__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="fact_about_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until__isnull", True),
                            ("until__gte", models.F("since")),
                            _connector="OR",
                        ),
                        name="fact_ends_after_start",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("evidence_id__isnull", False), ("person__isnull", False)
                        ),
                        fields=("person", "kind", "evidence", "evidence_id", "service"),
                        name="fact_person_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Use",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "service",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="catalogue.service",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="parties.place",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hosted",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("count", models.PositiveIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                ("source", models.CharField(max_length=10)),
                ("source_id", models.BigIntegerField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["person", "service", "on"], name="use_person"),
                    models.Index(fields=["service", "at"], name="use_service"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["tally", "ticket", "usage"])),
                        name="use_source",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("source_id__isnull", False)),
                        fields=("source", "source_id"),
                        name="use_source_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Duty",
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
                        related_name="duties",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("duty", models.CharField(max_length=10)),
                (
                    "service",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="catalogue.service",
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name_plural": "duties",
                "indexes": [models.Index(fields=["person"], name="duty_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("duty__in", ("desk", "manage"))), name="duty_known"
                    )
                ],
            },
        ),
    ]
