"""What people do wrong: each is told in a sentence what is wrong and what to do, and no row of the database moves."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from applications.actions.rounds import close_round
from applications.enums import ApplicationState as State
from applications.models import CityOpinion, TableFigure, TableRow
from applications.selectors.recommending import get_ranking
from county_portal.accounts.models import Region
from county_portal.common import clock
from county_portal.documents.importer import import_registers
from county_portal.documents.models import Register
from reports.actions.opening import open_reports
from tests.factories.people import signed_in
from tests.factories.pilots import apply_to, begin, make_pilot, rank, write_everything

# Sessions keep what a page means to say next, and jobs their heartbeat; neither is anybody's work.
BESIDE = ("django_session",)


def everything():
    """A digest of every row of every table."""
    tables = sorted(set(connection.introspection.table_names()) - set(BESIDE))
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {name} t")
            found[table] = cursor.fetchone()[0]
    return found


@pytest.fixture
def refused():
    """A function that posts and expects a refusal: status, words on the page, and nothing changed."""

    def post(person, address, data, status, *words):
        browser = signed_in(person)
        before = everything()
        answer = browser.post(address, data)
        text = answer.content.decode()
        assert answer.status_code == status
        assert [sentence for sentence in words if sentence not in text] == []
        assert everything() == before
        return answer

    return post


def url(name, row):
    return reverse(f"applications:{name}", args=[row.public_id])


def seen(application):
    application.refresh_from_db()
    return {"revision": application.revision}


def test_ten_stars_with_a_designated_one_among_them(people, call, refused):
    application = begin(people.filler, call)
    address = url("table_edit", application)
    form = signed_in(people.filler).get(address).context["form"]
    typed = {f"b-{line.order}": line.base for line in form.lines}
    stars = {"revision": form.revision, "star": [1, 2, 3, 5, 6, 7, 8, 9, 10, 11]}

    refused(
        people.filler,
        address,
        {**typed, **stars},
        422,
        "是指定考核指标（*），本来就要考核，不能再选为自选考核指标（★），请取消并在其他指标中选择。",
    )


def test_a_target_worse_than_the_baseline(people, call, refused):
    application = begin(people.filler, call)
    write_everything(application, people.filler)
    row = TableRow.objects.get(application=application, order=11)
    TableFigure.objects.filter(row=row, year__gt=call.last_year).update(number=Decimal(1))

    refused(
        people.filler,
        url("finish", application),
        seen(application),
        422,
        "还有",
        "处未填完，不能定稿",
        "目标不如现状",
    )
    application.refresh_from_db()
    assert application.state == State.DRAFT


def test_an_application_after_the_round_closed(people, call, refused):
    close_round(actor=people.manager, round_id=call.public_id)

    refused(people.filler, url("begin", call), {}, 409, f"“{call.title}”现为“", "不能开始申报。")


def test_handing_in_after_the_round_closed(people, call, province, refused):
    application = apply_to(call, province.bureaus["bazhou"], State.READY)
    close_round(actor=people.manager, round_id=call.public_id)

    refused(
        people.lead,
        url("submit", application),
        seen(application),
        409,
        "本批次申报已经截止，不能再修改或报送。",
        "如有特殊情况请联系省科技厅。",
    )


def test_handing_in_after_the_countys_day(people, call, province, refused):
    application = apply_to(call, province.bureaus["bazhou"], State.READY)
    due = call.county_due_on + timedelta(days=1)
    with clock.playing(datetime(due.year, due.month, due.day, 9, tzinfo=clock.BEIJING)):
        refused(
            people.lead,
            url("submit", application),
            seen(application),
            409,
            "已过，不能再修改或报送。确需延期请联系",
        )


def test_a_county_abolished_meanwhile(people, call, province, refused):
    application = apply_to(call, province.bureaus["bazhou"], State.READY)
    Region.objects.filter(pk=application.region_id).update(
        valid_to=clock.today(), successor=province.counties["changan"]
    )

    refused(
        people.lead,
        url("submit", application),
        seen(application),
        409,
        "霸州市已于",
        "撤销，不能再办理申报。由承继其行政区域的县（市、区）另行申报。",
    )


def test_a_city_ranks_a_county_that_is_not_its_own(people, call, province):
    apply_to(call, province.bureaus["changan"], State.REVIEWED)
    bazhou = apply_to(call, province.bureaus["bazhou"], State.REVIEWED)
    browser = signed_in(people.shijiazhuang_reviewer)
    assert str(bazhou.public_id) not in browser.get(url("recommending", call)).content.decode()
    typed = {
        "seen": get_ranking(people.shijiazhuang_reviewer, call.public_id).mark,
        "opinion": "同意推荐。",
        f"place-{bazhou.public_id}": "1",
        f"reasons-{bazhou.public_id}": "创新平台较多，高新技术企业集聚，带动作用强。",
    }
    before = everything()

    browser.post(url("ranking_save", call), typed)

    # Its own opinion is kept, and not a word on what it does not review.
    changed = {table for table, digest in everything().items() if digest != before[table]}
    assert changed <= {"applications_roundopinion", "audit_event"}
    assert not CityOpinion.objects.filter(application=bazhou).exists()


def test_a_city_letter_for_a_county_that_is_not_its_own(people, call, province, refused):
    import_registers("hebei")
    rank(apply_to(call, province.bureaus["bazhou"], State.REVIEWED), 1)
    register = Register.objects.get(office=people.shijiazhuang_reviewer.office, layout="letter")
    address = reverse("documents:start", args=["recommendation_letter"])

    refused(
        people.shijiazhuang_reviewer,
        f"{address}?subject={call.public_id}",
        {"register": str(register.public_id)},
        422,
        "不能起草推荐函",
    )


def test_31_march_passed(people, call, province):
    """A report that comes late is taken, and everybody sees that it is late; none may pretend otherwise."""
    year = call.year
    pilot = make_pilot(
        people.manager,
        province.bureaus["bazhou"],
        call=call,
        starts_on=date(year, 1, 1),
        ends_on=date(year + 3, 1, 1),
    )
    open_reports(date(year + 1, 1, 1))
    report = pilot.reports.get(year=year)
    address = reverse("reports:progress_report", args=[report.public_id])
    with clock.playing(datetime(year + 1, 3, 31, 23, tzinfo=clock.BEIJING)):
        assert "逾期" not in signed_in(people.lead).get(address).content.decode()
    with clock.playing(datetime(year + 1, 4, 1, 0, 1, tzinfo=clock.BEIJING)):
        for person in (people.lead, people.reviewer, people.manager):
            page = signed_in(person).get(address).content.decode()
            assert "逾期未报" in page
            assert f"{year + 1}年3月31日" in page


def test_acceptance_before_the_window(people, call, province, refused):
    today = clock.today()
    pilot = make_pilot(
        people.manager,
        province.bureaus["bazhou"],
        call=call,
        starts_on=today - timedelta(days=700),
        ends_on=today + timedelta(days=395),
    )

    refused(
        people.filler,
        url("acceptance_begin", pilot),
        {},
        409,
        "总结验收在建设期结束前半年内开展",
        "起可以开始，请届时再办理",
    )
