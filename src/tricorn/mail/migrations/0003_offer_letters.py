from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0002_approval_letters")]

    operations = [
        migrations.RemoveConstraint(model_name="letter", name="letter_kind"),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        (
                            "answer",
                            "asked",
                            "code",
                            "escalated",
                            "offer",
                            "outcome",
                            "receipt",
                            "reminded",
                        ),
                    )
                ),
                name="letter_kind",
            ),
        ),
    ]
