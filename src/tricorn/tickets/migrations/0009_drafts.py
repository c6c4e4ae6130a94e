import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("knowledge", "0001_articles"),
        ("tickets", "0008_undone"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="draft",
            name="draft_kind",
        ),
        migrations.AddField(
            model_name="bulk",
            name="via",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="article",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="knowledge.article",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="boxes",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="draft",
            name="problem",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="tickets.problem",
            ),
        ),
        migrations.AlterField(
            model_name="draft",
            name="text",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="draft",
            name="ticket",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="drafts",
                to="tickets.ticket",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind__in", ["answer", "note"]),
                        ("ticket__isnull", False),
                        ("article__isnull", True),
                        ("problem__isnull", True),
                    ),
                    models.Q(
                        ("article__isnull", True),
                        ("kind", "report"),
                        ("problem__isnull", True),
                        ("ticket__isnull", True),
                    ),
                    models.Q(
                        ("kind", "article"),
                        ("problem__isnull", True),
                        models.Q(
                            ("ticket__isnull", True), ("article__isnull", True), _connector="OR"
                        ),
                    ),
                    models.Q(
                        ("article__isnull", True),
                        ("kind", "problem"),
                        models.Q(
                            ("ticket__isnull", True), ("problem__isnull", True), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="draft_of_what",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("article", "person"), name="draft_of_article_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                fields=("problem", "person"), name="draft_of_problem_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("article__isnull", True), ("problem__isnull", True), ("ticket__isnull", True)
                ),
                fields=("person", "kind"),
                name="draft_of_new_once",
            ),
        ),
    ]
