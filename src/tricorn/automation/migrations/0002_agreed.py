import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agreements", "0004_escalation"),
        ("automation", "0001_rules"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="escalated",
            name="escalated_once",
        ),
        migrations.AddField(
            model_name="escalated",
            name="agreed",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="agreements.agreedstep",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(fields=["at"], name="run_at"),
        ),
        migrations.AddConstraint(
            model_name="escalated",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed__isnull", True)),
                fields=("clock", "number"),
                name="escalated_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="escalated",
            constraint=models.UniqueConstraint(
                condition=models.Q(("agreed__isnull", False)),
                fields=("clock", "agreed"),
                name="escalated_once_agreed",
            ),
        ),
    ]
