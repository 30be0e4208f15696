from django.db import migrations, models

# The rows that the program itself let exceed 100 % before their table said so.
CODES = ("03", "06", "12", "13")


def mark(apps, schema_editor):
    """Versions that are loaded keep what held for them: a round goes by the version it was opened on."""
    apps.get_model("indicators", "Indicator").objects.filter(
        version__system__purpose="pilot", code__in=CODES, unit="%"
    ).update(may_exceed_hundred=True)


class Migration(migrations.Migration):

    dependencies = [
        ("indicators", "0008_postponements"),
    ]

    operations = [
        migrations.AddField(
            model_name="indicator",
            name="may_exceed_hundred",
            field=models.BooleanField(default=False, verbose_name="可超过100%"),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop, elidable=True),
    ]
