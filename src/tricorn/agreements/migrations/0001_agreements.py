import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("agreements", "0002_everyone")]

    initial = True

    dependencies = [
        ("catalogue", "0001_catalogue"),
        ("parties", "0001_parties"),
        ("standing", "0002_authority"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ref", models.CharField(max_length=40, unique=True)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="agreements",
                        to="parties.organisation",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="provided_agreements",
                        to="parties.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["ref"],
            },
        ),
        migrations.CreateModel(
            name="Version",
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
                        related_name="versions",
                        to="agreements.agreement",
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField()),
                ("hash", models.CharField(max_length=64)),
                ("zone", models.CharField(max_length=64)),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(blank=True, null=True)),
                ("activated_at", models.DateTimeField()),
                (
                    "services",
                    models.ManyToManyField(related_name="versions", to="catalogue.service"),
                ),
            ],
            options={
                "ordering": ["agreement", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "number"), name="version_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_at__isnull", True),
                            ("to_at__gt", models.F("from_at")),
                            _connector="OR",
                        ),
                        name="version_ends_after_start",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clauses",
                        to="agreements.version",
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("kinds", models.JSONField(default=list)),
                ("priorities", models.JSONField(default=list)),
                ("start", models.CharField(max_length=10)),
                ("stop", models.CharField(max_length=20)),
                ("hours", models.CharField(max_length=80)),
                ("spec", models.JSONField()),
                ("within", models.CharField(max_length=20)),
                ("share", models.DecimalField(decimal_places=5, max_digits=6, null=True)),
                ("per", models.CharField(max_length=10)),
                ("stopped_by", models.JSONField(default=list)),
            ],
            options={
                "ordering": ["version", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "name"), name="clause_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Entitlement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entitlements",
                        to="agreements.version",
                    ),
                ),
                ("scope", models.CharField(max_length=12)),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entitlements",
                        to="parties.organisation",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.place",
                    ),
                ),
                ("includes_below", models.BooleanField(default=True)),
                (
                    "funder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.organisation",
                    ),
                ),
                (
                    "services",
                    models.ManyToManyField(related_name="entitlements", to="catalogue.service"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("scope", "everyone")),
                        fields=["version"],
                        name="entitlement_everyone",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("scope__in", ["everyone", "group", "organisation", "person", "place"])
                        ),
                        name="entitlement_scope",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="agreements.version",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "acting_for",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="standing.authority",
                    ),
                ),
                ("method", models.CharField(blank=True, default="", max_length=10)),
                ("capacity", models.CharField(blank=True, default="", max_length=120)),
                ("on", models.DateField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["on", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "person"), name="signature_once")
                ],
            },
        ),
    ]
