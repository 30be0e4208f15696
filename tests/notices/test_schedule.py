"""What the scheduler calls exists: a name misspelt would be found in production, by silence."""

from county_portal.celery import app


def test_every_scheduled_task_is_registered():
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert {"notices.send_digests", "indicators.send_reminders"} <= scheduled <= set(app.tasks)
