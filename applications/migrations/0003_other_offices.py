"""An act of its own gives a pilot to other offices."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("applications", "0002_deputies")]

    operations = [
        migrations.AlterField(
            model_name="pilotevent",
            name="act",
            field=models.CharField(
                choices=[
                    ("begin", "纳入试点"),
                    ("extend", "延期"),
                    ("suspend", "暂停"),
                    ("resume", "恢复"),
                    ("withdraw", "退出"),
                    ("rectify", "限期整改"),
                    ("accept", "通过验收"),
                    ("fail", "未通过验收"),
                    ("hand_over", "调整办理单位"),
                ],
                max_length=10,
                verbose_name="事项",
            ),
        ),
    ]
