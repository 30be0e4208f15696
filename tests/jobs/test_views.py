import uuid

import pytest
from django.urls import reverse

from county_portal.accounts.roles import Role
from county_portal.files.actions import keep_generated
from county_portal.jobs import runner
from county_portal.jobs.models import Job
from tests.accounts.people import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    manager = make_user(Role.PROVINCE_MANAGER, display_name="王经办")
    client.force_login(manager)
    return manager


def page(client, job, name="detail", **headers):
    return client.get(reverse(f"jobs:{name}", args=[job.public_id]), headers=headers)


def test_an_unfinished_job_asks_again_every_two_seconds(client, manager, start):
    job = start("quick", range(4), actor=manager)
    job.units.filter(key="0").update(state="done")

    html = page(client, job).content.decode()

    assert 'hx-trigger="every 2s"' in html
    assert f'hx-get="{reverse("jobs:detail", args=[job.public_id])}"' in html
    assert '<meta http-equiv="refresh" content="5">' in html  # without JavaScript
    assert "已完成 <strong>1</strong> / 4" in html
    assert "王经办" in html
    assert "排队中" in html


def test_htmx_gets_the_part_alone(client, manager, start):
    job = start("quick", range(4), actor=manager)

    html = page(client, job, **{"HX-Request": "true"}).content.decode()

    assert html.strip().startswith('<div id="job"')
    assert "<html" not in html


def test_a_finished_job_asks_no_more_and_shows_its_digest(client, manager, start):
    job = start("quick", range(4), actor=manager)
    runner.work(job.pk)
    job.refresh_from_db()

    html = page(client, job).content.decode()

    assert "hx-get" not in html
    assert "http-equiv" not in html
    assert job.digest in html


def test_a_failed_job_names_units_and_reasons_and_can_be_retried(client, manager, start):
    job = start("moody", ["refuse-<b>", "fine"], actor=manager)
    runner.work(job.pk)

    html = page(client, job).content.decode()
    assert "霸州市没有已核定的数据" in html
    assert "refuse-&lt;b&gt;" in html

    response = client.post(reverse("jobs:retry", args=[job.public_id]))

    assert response["Location"] == reverse("jobs:detail", args=[job.public_id])
    assert Job.objects.get().state == "queued"


def test_a_job_that_has_not_failed_is_not_retried(client, manager, start):
    job = start("quick", [1], actor=manager)

    response = client.post(reverse("jobs:retry", args=[job.public_id]))

    assert response.status_code == 409
    assert 'content="job_not_failed"' in response.content.decode()


def test_state_as_json(client, manager, start):
    job = start("quick", range(4), actor=manager)
    job.units.filter(key="0").update(state="done")
    job.units.filter(key="1").update(state="failed")

    assert page(client, job, "state").json() == {
        "id": str(job.public_id),
        "kind": "test.quick",
        "state": "queued",
        "expected": 4,
        "done": 1,
        "failed": 1,
        "digest": "",
        "error": "",
    }


def test_progress_costs_the_same_for_any_number_of_units(
    client, manager, start, django_assert_max_num_queries
):
    job = start("quick", range(300), actor=manager)
    client.get("/livez")

    with django_assert_max_num_queries(6):
        page(client, job, "state")


def test_the_result_is_handed_out_once_there_is_one(client, manager, start):
    job = start("quick", [1], actor=manager)
    assert page(client, job, "result")["Location"] == reverse("jobs:detail", args=[job.public_id])

    job.result_file = keep_generated(
        content=b"%PDF-", name="成绩单.pdf", content_type="application/pdf"
    )
    job.save()
    response = page(client, job, "result")

    assert b"".join(response.streaming_content) == b"%PDF-"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("name", ["detail", "state", "result"])
@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROVINCE_MANAGER])
def test_others_do_not_find_it(client, start, role, name):
    job = start("quick", [1])
    client.force_login(make_user(role))

    assert page(client, job, name).status_code == 404
    assert client.post(reverse("jobs:retry", args=[job.public_id])).status_code == 404


def test_a_colleague_who_may_start_such_work_follows_it(client, start):
    job = start("quick", [1])
    client.force_login(make_user(Role.PROVINCE_MANAGER))

    assert page(client, job, "state").json()["state"] == "queued"


def test_unknown_and_foreign_look_alike(client, start):
    client.force_login(make_user(Role.AUDITOR))

    foreign = page(client, start("quick", [1])).content.decode()
    unknown = client.get(reverse("jobs:detail", args=[uuid.uuid4()])).content.decode()

    def essence(html):
        return html.split("<main")[1].split("请求编号")[0]

    assert essence(foreign) == essence(unknown)
