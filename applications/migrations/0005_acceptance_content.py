"""A handing in of an acceptance keeps what was handed in."""

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("applications", "0004_postponements")]

    operations = [
        migrations.AddField(
            model_name="acceptancestep",
            name="content",
            field=models.TextField(blank=True, default="", verbose_name="报送内容"),
        ),
        # Steps taken before have no text to keep, and no step may be rewritten: it binds those to come.
        AddConstraintNotValid(
            model_name="acceptancestep",
            constraint=models.CheckConstraint(
                condition=~Q(action="submit") | ~Q(content=""),
                name="acceptance_step_keeps_what_was_handed_in",
            ),
        ),
    ]
