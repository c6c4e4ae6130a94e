from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0007_changed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="withdrawn",
            field=models.CharField(blank=True, default="", max_length=6),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn", ""),
                    models.Q(("is_public", False), ("withdrawn__in", ["answer", "note"])),
                    _connector="OR",
                ),
                name="message_withdrawn_is_not_public",
            ),
        ),
    ]
