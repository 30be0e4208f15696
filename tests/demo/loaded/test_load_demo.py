"""The demonstration as a visitor finds it: years published through the same actions as the web."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from county_portal.accounts.models import Office, Region, User
from county_portal.accounts.roles import ROLE_PERMISSIONS, Role
from county_portal.audit.models import Event
from county_portal.audit.selectors import verify_chain
from county_portal.common import clock
from county_portal.demo.accounts import EXPERTS, NEWCOMER, password_of
from county_portal.demo.board import count_board
from county_portal.demo.summary import Batches, summarise
from county_portal.documents.enums import PAPER_FILES_JOB
from county_portal.documents.models import Binding, Draft, Paper
from county_portal.home.acts import ACT_WORDS
from county_portal.jobs.enums import JobState
from county_portal.jobs.models import Job
from indicators.enums import CollectionState, SubmissionState
from indicators.models import Collection, EvidenceItem, ReviewStep, Submission
from scoring.archive import problems_of
from scoring.enums import GRADE_JOB, LIST_FILES_JOB, ROBUSTNESS_JOB, ListState, RunState
from scoring.models import GradingRun, ListRow, PublishedList, ResultLine
from scoring.selectors.lists import list_current

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

BAZHOU = "131081"


def current() -> Collection:
    return Collection.objects.get(state=CollectionState.OPEN)


def valid_list(data_year: int) -> PublishedList:
    return next(each for each in list_current() if each.collection.data_year == data_year)


def printed(*command: str) -> str:
    output = StringIO()
    call_command(*command, stdout=output)
    return output.getvalue()


class TestYears:
    @pytest.mark.parametrize(
        "data_year, counties, classes",
        [
            (2018, 168, {"A": 6, "B": 31, "C": 131}),
            (2019, 168, {"A": 13, "B": 42, "C": 113}),
            (2020, 167, {"A": 32, "B": 66, "C": 69}),
        ],
    )
    def test_each_year_has_a_list_with_the_reported_classes(self, data_year, counties, classes):
        published = valid_list(data_year)
        assert published.state == ListState.PUBLISHED
        assert published.row_count == counties
        assert Counter(published.rows.values_list("class_name", flat=True)) == classes

    @pytest.mark.parametrize(
        "data_year, total", [(2018, "52.64"), (2019, "61.33"), (2020, "73.97")]
    )
    def test_bazhou_reaches_the_totals_its_printed_figures_give(self, data_year, total):
        result = valid_list(data_year).run.results.get(region__code=BAZHOU)
        assert result.total == Decimal(total)

    def test_every_run_verifies_to_the_bit(self):
        runs = GradingRun.objects.all()
        assert {run.state for run in runs} == {RunState.COMPLETE}
        assert [problems_of(run) for run in runs] == [[], [], [], []]

    def test_every_list_was_published_by_a_second_person_with_consent(self):
        for published in PublishedList.objects.all():
            assert published.published_by_id != published.prepared_by_id
            assert published.consent_number
            assert published.consent_on < published.publish_on

    def test_acts_bear_the_dates_of_their_year(self):
        steps = ReviewStep.objects.filter(submission__collection__data_year=2018)
        assert {step.at.astimezone(clock.BEIJING).year for step in steps} == {2019}
        assert valid_list(2018).published_at.astimezone(clock.BEIJING).date() == date(2019, 9, 20)

    def test_the_list_of_2019_is_a_correction_with_its_reason(self):
        versions = PublishedList.objects.filter(collection__data_year=2019).order_by("version")
        first, second = versions
        assert second.supersedes == first
        assert "任丘市" in second.correction_reason
        assert first.digest != second.digest
        assert {first.run.number, second.run.number} == {1, 2}

    def test_some_were_late_some_returned_some_sent_back(self):
        for data_year in (2018, 2019, 2020):
            submissions = Submission.objects.filter(collection__data_year=data_year)
            assert {row.state for row in submissions} == {SubmissionState.ACCEPTED}
            assert submissions.filter(extended_to__isnull=False).exists()
            acts = set(
                ReviewStep.objects.filter(submission__in=submissions).values_list(
                    "action", flat=True
                )
            )
            assert {"submit", "approve", "return", "receive", "send_back"} <= acts

    def test_files_of_the_lists_wait_for_the_worker(self):
        states = Counter(Job.objects.values_list("kind", "state"))
        assert states == {
            (GRADE_JOB, JobState.DONE): 4,
            (ROBUSTNESS_JOB, JobState.DONE): 4,
            (LIST_FILES_JOB, JobState.QUEUED): 4,
            (PAPER_FILES_JOB, JobState.QUEUED): Paper.objects.count(),
        }


class TestPapers:
    def test_lists_are_notices_of_their_year_numbered_without_a_gap(self):
        lists = Paper.objects.filter(kind="published_list").order_by("year", "serial")
        assert [(paper.number, paper.status) for paper in lists] == [
            ("冀科领〔2019〕1号", "valid"),
            ("冀科领〔2020〕1号", "replaced"),
            ("冀科领〔2020〕2号", "valid"),
            ("冀科领〔2021〕1号", "valid"),
        ]
        assert lists[1].replaced_by == lists[2]
        assert "任丘市" in lists[1].status_reason

    def test_every_reviewing_office_reported_by_letter(self):
        letters = Paper.objects.filter(kind="submission_letter")
        assert Counter(letters.values_list("status", flat=True)) == {
            "valid": 14,
            "void": 1,
            "lapsed": 1,
        }
        assert letters.filter(status="valid").values("office").distinct().count() == 14
        assert letters.get(status="lapsed").status_reason.startswith("廊坊市")

    def test_valid_letters_speak_of_the_sheets_as_they_are(self):
        bound = Binding.objects.filter(paper__kind="submission_letter", paper__status="valid")
        digests = dict(
            Submission.objects.filter(collection__data_year=2020).values_list(
                "public_id", "content_digest"
            )
        )
        # All but the latecomer's, which was handed in after the letters.
        assert len(bound) == 166
        assert all(digests[UUID(row.key)] == row.sha256 for row in bound)

    def test_three_people_stand_behind_every_notice_of_the_province(self):
        drafts = Draft.objects.filter(kind="notice")
        assert drafts.count() == 2
        for draft in drafts:
            people = {draft.drafted_by_id, draft.checked_by_id, draft.signed_by_id}
            assert len(people) == 3
            assert draft.paper.deliveries.count() > 167


class TestMerger:
    def test_the_merged_county_is_on_the_lists_of_its_time_only(self):
        lists = ListRow.objects.filter(code="130521").values_list(
            "published_list__collection__data_year", "published_list__version"
        )
        assert set(lists) == {(2018, 1), (2019, 1), (2019, 2)}

    def test_the_successor_continues_the_unit_that_bore_its_code(self):
        rows = {row.published_list.collection.data_year: row for row in self.rows("130503")}
        assert [rows[year].name for year in (2018, 2019, 2020)] == ["桥西区", "桥西区", "信都区"]
        assert rows[2020].previous_rank == rows[2019].rank
        assert rows[2020].best_rank == min(row.rank for row in rows.values())
        assert Region.objects.get(code="130521").successor == rows[2020].region

    @pytest.mark.parametrize("code", ["130502", "130505", "130506"])
    def test_renamed_counties_keep_their_past(self, code):
        assert ListRow.objects.get(published_list=valid_list(2020), code=code).previous_rank

    @staticmethod
    def rows(code):
        valid = [published.pk for published in list_current()]
        return ListRow.objects.filter(published_list__in=valid, code=code)


class TestCurrentCollection:
    def test_its_dates_are_around_today(self):
        collection = current()
        assert collection.opens_on < clock.today() < collection.county_due_on
        assert collection.evaluation_year == clock.today().year
        assert collection.submissions.count() == 167

    def test_submissions_stand_in_every_state(self):
        states = Counter(current().submissions.values_list("state", flat=True))
        assert set(states) == {str(state) for state in SubmissionState}
        assert min(states.values()) >= 10

    def test_no_step_lies_in_the_future_or_before_the_opening(self):
        collection = current()
        for step in ReviewStep.objects.filter(submission__collection=collection):
            assert collection.opened_at < step.at < clock.now()

    def test_what_was_returned_says_why(self):
        returned = current().submissions.filter(state=SubmissionState.RETURNED)
        for submission in returned:
            assert submission.steps.last().comment
            assert submission.steps.last().flagged

    def test_the_county_shown_first_is_half_filled_and_has_papers(self):
        submission = current().submissions.get(region__code=BAZHOU)
        assert submission.state == SubmissionState.DRAFT
        assert 0 < submission.values.count() < 17
        assert EvidenceItem.objects.filter(submission=submission, file__isnull=False).exists()

    def test_every_reviewing_office_of_many_counties_has_something_to_review(self):
        waiting = current().submissions.filter(state=SubmissionState.CITY_REVIEW)
        offices = Office.objects.filter(reviewed_submissions__in=waiting).distinct()
        assert offices.count() >= 8


class TestRecord:
    def test_the_chain_holds(self):
        result = verify_chain()
        assert result.ok
        assert result.events > 10_000

    def test_every_account_is_recorded(self):
        events = Event.objects.filter(act="create_user", actor_login="system")
        assert events.count() == User.objects.count()


class TestAccounts:
    def test_there_is_one_for_every_role(self):
        roles = Counter(User.objects.values_list("role", flat=True))
        assert set(roles) == {str(role) for role in ROLE_PERMISSIONS}
        assert roles[Role.CITY_REVIEWER] == roles[Role.CITY_SIGNER] == 14
        assert roles[Role.PROVINCE_EXPERT] == EXPERTS

    def test_every_county_has_a_filler_and_a_lead_ended_ones_too(self):
        offices = Office.objects.filter(level="county", kind="bureau")
        assert offices.count() == 172
        for role in (Role.COUNTY_FILLER, Role.COUNTY_LEAD):
            assert not offices.exclude(users__role=role).exists()
        assert User.objects.filter(login="130521-to2020-fill").exists()

    def test_the_json_lists_all_and_its_passwords_are_right(self):
        accounts = json.loads(printed("demo_accounts", "--json"))
        assert len(accounts) == User.objects.count()
        by_role = {account["role"]: account for account in accounts}
        for account in by_role.values():
            assert User.objects.get(login=account["login"]).check_password(account["password"])

    @pytest.mark.parametrize(
        "login", [f"{BAZHOU}-fill", "langfang-review", "prov-manager", "auditor"]
    )
    def test_they_log_in(self, client, login):
        account = next(
            each
            for each in json.loads(printed("demo_accounts", "--json"))
            if each["login"] == login
        )
        answer = client.post(
            reverse("accounts:login"), {"login": login, "password": account["password"]}
        )
        assert answer.status_code == 302
        assert client.session["_auth_user_id"]

    def test_one_must_change_the_password(self):
        assert list(
            User.objects.filter(must_change_password=True).values_list("login", flat=True)
        ) == [NEWCOMER]

    def test_the_table_names_each_role(self):
        table = printed("demo_accounts")
        assert all(role.label in table for role in Role)
        assert password_of(Role.COUNTY_FILLER) in table

    def test_a_real_server_has_none(self, settings):
        settings.IS_DEMONSTRATION = False
        for command in (["demo_accounts"], ["load_demo"], ["demo_objects"]):
            with pytest.raises(CommandError, match="演示环境"):
                call_command(*command)


class TestCommands:
    def test_loading_again_does_nothing(self):
        events = Event.objects.count()
        assert "无需重复载入" in printed("load_demo")
        assert Event.objects.count() == events

    def test_the_year_refuses_a_database_that_is_not_empty(self, tmp_path):
        with pytest.raises(CommandError, match="不是空的"):
            call_command("run_demo_year", "--out", str(tmp_path / "out"))
        assert not (tmp_path / "out").exists()

    def test_objects_are_listed_by_public_id(self):
        objects = json.loads(printed("demo_objects", "--json"))
        kinds = Counter(each["kind"] for each in objects)
        assert {"collection", "submission", "evidence", "run", "list", "job", "user"} <= set(kinds)
        assert {"pilot-round", "application", "pilot", "acceptance", "progress-report"} <= set(
            kinds
        )
        assert kinds["submission"] == 168 + 168 + 167 + 167 + 167
        states = {each["state"] for each in objects if each["kind"] == "submission"}
        assert states == {str(state) for state in SubmissionState}
        assert "submission" in printed("demo_objects")


def test_the_summary_says_what_the_database_holds():
    lists = list(PublishedList.objects.order_by("collection__data_year", "version"))
    summary = summarise(lists, {"fill": 1.234}, Batches(167, 50.1, 2.0))

    assert summary["documents"] == {
        # 22 of the evaluation; 23 letters, 2 lists and 9 conclusions of the pilot programme; a month's 专报.
        "issued": 22 + 34 + 1,
        "void": 1,
        "replaced": 1,
        "lapsed": 1 + 1,
        # No worker has made a file yet.
        "verified": 0,
    }
    assert (summary["pdf_seconds_per_100"], summary["rerender_share"]) == (30.0, 0.04)
    assert summary["counties"] == 167
    assert summary["reviewing_offices"] == 14
    assert summary["classes"] == {"A": 32, "B": 66, "C": 69}
    assert summary["bazhou"] == {"2018": "52.64", "2019": "61.33", "2020": "73.97"}
    assert summary["bazhou_cells"]["2018"]["高新技术企业数量"] == "6.80"
    assert [len(cells) for cells in summary["bazhou_cells"].values()] == [17, 17, 17]
    assert summary["verify_run"] is True
    assert summary["robustness"]["boundary"] == summary["robustness"]["reviewed"] > 0
    assert (summary["appeals"], summary["corrections"]) == (3, 1)
    assert summary["explained_lines"] == ResultLine.objects.count() > 0
    assert summary["archive_verified"] is True
    assert summary["audit_ok"] is True
    # Four runs, and the study that follows each.
    assert summary["jobs"] == {"done": 8, "failed": 0}
    assert summary["seconds"] == {"fill": 1.23}


def test_one_announcement_is_on_one_is_over_and_a_text_is_reworded():
    assert count_board() == {
        "announcements": 2,
        "on": 1,
        "texts_reworded": 1,
        "calendar_days": 0,
    }


def test_every_act_of_the_record_has_words():
    acts = set(Event.objects.order_by().values_list("act", flat=True).distinct())

    assert acts - set(ACT_WORDS) == set()
