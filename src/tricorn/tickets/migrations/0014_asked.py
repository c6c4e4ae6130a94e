import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalogue", "0001_initial"),
        ("parties", "0001_initial"),
        ("tickets", "0013_private"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaceRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, default="", max_length=15)),
                ("once", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
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
    ]
