"""A letter on its way to the mail server is in one hand at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_mail")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="held_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
