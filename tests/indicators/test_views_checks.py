"""Findings with their reasons, and the province's table of rules, as a browser sees them."""

import pytest
from django.urls import reverse

from indicators.rules import CellInput
from tests.factories.people import signed_in
from tests.factories.sheets import explain_warnings, fill_whole, fresh, submit
from tests.indicators.browsing import code, text, url


@pytest.fixture
def filler(people):
    return signed_in(people.filler)


@pytest.fixture
def manager(people):
    return signed_in(people.manager)


def test_a_county_gives_its_reasons_and_then_submits(submission, people, filler):
    fill_whole(people.filler, submission)
    lead = signed_in(people.lead)

    page = lead.get(url("submit", submission))
    assert "还不能提交：2处提示须说明原因" in text(page)
    assert "确认提交" not in text(page)

    for rule in ("share_below_one", "rate_without_parts"):
        data = {"indicator": "03", "rule": rule, "reason": "统计局只提供比率。"}
        answer = filler.post(url("finding_explain", submission), data)
        assert answer.url == url("findings", submission) + "#line-03"

    page = lead.get(url("submit", submission))
    assert "2处提示均已说明原因" in text(page)
    data = {"revision": fresh(submission).revision}
    assert lead.post(url("submit", submission), data).status_code == 302
    assert fresh(submission).state == "submitted"


def test_a_blank_reason_is_refused_at_its_field(submission, people, filler):
    fill_whole(people.filler, submission)

    data = {"indicator": "03", "rule": "share_below_one", "reason": " "}
    page = filler.post(url("finding_explain", submission), data)

    assert page.status_code == 422
    assert 'id="reason-03-share_below_one" name="reason" rows="2" aria-invalid="true"' in (
        page.content.decode()
    )
    assert "请填写原因" in text(page)


def test_a_finding_that_is_gone_is_said_so(submission, people, filler):
    fill_whole(people.filler, submission)

    data = {"indicator": "02", "rule": "share_below_one", "reason": "属实"}
    page = filler.post(url("finding_explain", submission), data)

    assert (page.status_code, code(page)) == (409, "finding_gone")


def test_a_reason_is_withdrawn(submission, people, filler):
    fill_whole(people.filler, submission)
    explain_warnings(submission)
    assert "待说明原因 0" in text(filler.get(url("findings", submission)))

    data = {"indicator": "03", "rule": "share_below_one"}
    page = filler.post(url("finding_withdraw", submission), data, follow=True)

    assert "待说明原因 1" in text(page)


def test_reviewers_see_reasons_and_no_forms(submission, people):
    submit(people.lead, submission)
    reviewer = signed_in(people.reviewer)

    page = reviewer.get(url("findings", submission))
    assert "已核对，数值属实。" in text(page)
    assert "textarea" not in page.content.decode()
    assert "原因：已核对，数值属实。" in text(reviewer.get(url("review", submission)))
    assert "原因：已核对，数值属实。" in text(reviewer.get(url("submission", submission)))


def test_a_block_is_named_as_such(submission, people, filler):
    fill_whole(people.filler, submission, i11=CellInput("", "404", "403"))

    page = text(filler.get(url("findings", submission)))

    assert "必须改正 1" in page
    assert "“规上工业企业建立研发机构比例”超过100%" in page


def test_the_newest_rules_are_one_click_away(manager, version):
    assert manager.get(reverse("indicators:checks_newest")).url == url("checks", version)


def test_the_table_of_rules_and_its_trial(manager, version, submission, people):
    fill_whole(people.filler, submission)

    plain = text(manager.get(url("checks", version)))
    trial = text(manager.get(url("checks", version) + "?trial=1"))

    assert "百分数疑似按小数填写" in plain
    assert "偏离倍数：5" in plain
    assert "左边：13分母" in plain
    assert "涉及县数" not in plain
    assert "4个县（市、区）现有数值" in trial


def test_every_rule_has_its_form_and_saves_unchanged(manager, version):
    for rule in version.checks.all():
        page = manager.get(url("check_rule", rule))
        assert page.status_code == 200
        form = page.context["form"]
        data = {name: form[name].value() for name in form.fields}
        data = {name: value for name, value in data.items() if value not in (None, False)}

        answer = manager.post(url("check_rule", rule), data)

        assert answer.status_code == 302, rule.code
        kept = (rule.severity, rule.indicators, rule.params)
        rule.refresh_from_db()
        assert (rule.severity, rule.indicators, rule.params) == kept


def test_a_faulty_parameter_is_named_at_its_field(manager, version):
    rule = version.checks.get(code="jump_against_last_year")
    data = {
        "severity": "warn",
        "p-distance": "五",
        "p-sample": "20",
        "p-percent": "50",
        "p-factor": "10",
    }

    page = manager.post(url("check_rule", rule), data)

    assert page.status_code == 422
    assert "参数“偏离倍数”填写的“五”不是数字，请改正。" in text(page)


@pytest.mark.parametrize("who", ["lead", "reviewer", "checker", "auditor"])
def test_rules_are_the_managers(people, version, who):
    client = signed_in(getattr(people, who))

    assert client.get(url("checks", version)).status_code == 403
    assert client.get(url("check_rule", version.checks.first())).status_code == 403
