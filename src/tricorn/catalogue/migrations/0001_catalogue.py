import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("catalogue", "0001_initial"),
        ("catalogue", "0002_questions"),
        ("catalogue", "0003_private"),
    ]

    initial = True

    dependencies = [
        ("parties", "0001_parties"),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("spec", models.JSONField()),
            ],
            options={
                "verbose_name_plural": "service hours",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Service",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True)),
                ("slug", models.SlugField(max_length=60, unique=True)),
                ("description", models.CharField(blank=True, default="", max_length=500)),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="parties.organisation",
                    ),
                ),
                (
                    "hours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="services",
                        to="catalogue.servicehours",
                    ),
                ),
                ("is_open_to_reports", models.BooleanField(default=True)),
                ("is_retired", models.BooleanField(default=False)),
                ("questions", models.JSONField(blank=True, default=list)),
                ("is_private", models.BooleanField(default=False)),
                ("intake", models.CharField(default="everybody", max_length=10)),
                (
                    "places",
                    models.ManyToManyField(blank=True, related_name="services", to="parties.place"),
                ),
            ],
            options={
                "ordering": ["name"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_private", True)),
                        fields=["is_private"],
                        name="service_private",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("intake__in", ["everybody", "signed_in", "entitled", "desk"])
                        ),
                        name="service_intake",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Level",
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
                        related_name="levels",
                        to="catalogue.service",
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "hours",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="levels",
                        to="catalogue.servicehours",
                    ),
                ),
                ("is_default", models.BooleanField(default=False)),
                (
                    "price",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True),
                ),
                ("currency", models.CharField(blank=True, default="", max_length=3)),
                ("per", models.CharField(default="month", max_length=10)),
            ],
            options={
                "ordering": ["service", "-is_default", "name"],
                "constraints": [
                    models.UniqueConstraint(fields=("service", "name"), name="level_name_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("service",),
                        name="level_one_default",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Target",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="targets",
                        to="catalogue.level",
                    ),
                ),
                ("measure", models.CharField(max_length=20)),
                ("kinds", models.JSONField(blank=True, default=list)),
                ("priorities", models.JSONField(blank=True, default=list)),
                ("within", models.CharField(max_length=20)),
                ("stopped_by", models.JSONField(blank=True, default=list)),
                ("spec", models.JSONField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["level", "measure", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("measure__in", ("closing", "first_response", "resolution"))
                        ),
                        name="target_measure",
                    )
                ],
            },
        ),
    ]
