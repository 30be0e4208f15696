"""The pages of layout, list and notice: the whole way in the browser, and what anybody may see of it."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.actions.layout import save_trial
from applications.actions.rounds import close_round
from applications.enums import ListState
from applications.models import Decision, LayoutTrial, Objection, PilotList
from applications.rules.layout import Bound, layout_of
from county_portal.common import clock
from county_portal.common.errors import Invalid, NotAllowed
from tests.factories.people import signed_in
from tests.factories.pilots import admitted, after_notice, draft_pilots, open_a_round, rank
from tests.factories.programme import publish_pilots

WORDS = {"raised_by": "某企业", "contact": "0316-0000000", "text": "数量有误。"}


def test_flags_of_a_selection():
    cities = ["石家庄市", "廊坊市", "唐山市", "保定市"]
    candidates = [(1, "石家庄市"), (2, "石家庄市"), (3, "石家庄市"), (4, "廊坊市")]

    counts = layout_of(cities, candidates, {1, 2, 3}, ["唐山市"], Bound(2))

    assert [[words for words, _ in each.flags] for each in counts] == [
        ["本批拟选超过2个"],
        ["有候选未选", "无试点"],
        [],
        ["无试点"],
    ]


@pytest.mark.parametrize(
    "is_whole, flags",
    [
        pytest.param(False, [["本批拟选超过1个"], [], ["有候选未选"]], id="chosen"),
        pytest.param(True, [["连同现有试点超过1个"], ["连同现有试点超过1个"], ["有候选未选"]], id="whole"),
    ],
)  # fmt: skip
def test_a_flag_counts_what_it_says(is_whole, flags):
    """石家庄 gets two new ones, 廊坊 one beside the one it has; 唐山 has three, gets none."""
    cities = ["石家庄市", "廊坊市", "唐山市"]
    candidates = [(1, "石家庄市"), (2, "石家庄市"), (3, "廊坊市"), (4, "唐山市")]
    present = ["廊坊市", "唐山市", "唐山市", "唐山市"]

    counts = layout_of(cities, candidates, {1, 2, 3}, present, Bound(1, is_whole))

    assert [[words for words, _ in each.flags] for each in counts] == flags
    assert [each.whole for each in counts] == [2, 2, 3]


def test_the_bound_stays_in_the_address(people, call, bazhou, changan):
    client = signed_in(people.manager)
    url = reverse("applications:layout", args=[call.public_id])
    typed = {
        "chosen": [str(bazhou.public_id), str(changan.public_id)],
        "counted": "whole",
        "bound": "4",
        "name": "各市一个",
        "act": "save",
    }

    saved = client.post(url, typed, follow=True)

    assert "counted=whole&bound=4" in saved.request["QUERY_STRING"]
    assert saved.context["cities"][0][0].bound == Bound(4, is_whole=True)
    (trial,) = LayoutTrial.objects.all()
    sides = {"a": trial.public_id, "b": trial.public_id, "counted": "whole", "bound": "x"}
    compare = reverse("applications:layout_compare", args=[call.public_id])
    compared = client.get(compare, sides)
    assert compared.context["cities"][0][0].bound == Bound(2, is_whole=True)


def test_what_was_ticked_stays_when_the_bound_is_refused(people, call, bazhou):
    client = signed_in(people.manager)
    url = reverse("applications:layout", args=[call.public_id])

    page = client.post(url, {"chosen": [str(bazhou.public_id)], "bound": "0", "act": "preview"})

    assert page.status_code == 422
    assert page.context["picked"] == 1


def test_present_pilots_stand_beside_the_candidates_of_their_city(people, province, call, bazhou):
    earlier = open_a_round(people.manager, title="上一批", year=call.year - 1)
    publish_pilots(people.manager, people.publisher, earlier, province.bureaus["jingxing"])
    url = reverse("applications:layout", args=[call.public_id])

    page = signed_in(people.manager).get(url)

    lines = {city.name: (city, choices, pilots) for city, choices, pilots in page.context["cities"]}
    city, choices, pilots = lines["石家庄市"]
    assert (city.present, city.whole, choices, pilots) == (1, 1, [], ["井陉县"])
    city, choices, pilots = lines["廊坊市"]
    assert (city.candidates, [each["name"] for each in choices], pilots) == (1, ["霸州市"], [])


def test_without_a_trial_the_list_is_drawn(people, call, bazhou, changan):
    draft_pilots(call, [bazhou], [changan])
    url = reverse("applications:layout", args=[call.public_id])

    page = signed_in(people.manager).get(url)

    ticked = [each for _, choices, _ in page.context["cities"] for each in choices]
    assert {each["name"]: each["is_chosen"] for each in ticked} == {"霸州市": True, "长安区": False}


def test_trying_out_saving_and_comparing(people, call, bazhou, changan):
    client = signed_in(people.manager)
    url = reverse("applications:layout", args=[call.public_id])
    both = [str(bazhou.public_id), str(changan.public_id)]

    preview = client.post(url, {"chosen": both, "bound": "1", "act": "preview"})
    unnamed = client.post(url, {"chosen": both, "bound": "1", "act": "save"})
    foreign = client.post(url, {"chosen": [str(call.public_id)], "bound": "1", "act": "save"})

    assert (preview.status_code, unnamed.status_code, foreign.status_code) == (200, 422, 422)
    assert preview.context["picked"] == 2
    assert not LayoutTrial.objects.exists()
    for name, chosen in (("方案一", both), ("方案二", both[:1])):
        typed = {"chosen": chosen, "bound": "2", "act": "save", "name": name}
        assert client.post(url, typed, follow=True).status_code == 200
    first, second = LayoutTrial.objects.order_by("pk")
    page = client.get(
        reverse("applications:layout_compare", args=[call.public_id]),
        {"a": first.public_id, "b": second.public_id},
    )
    assert [(picks, differs) for _, picks, differs in page.context["rows"]] == [
        ([True, False], True),
        ([True, True], False),
    ]
    drawn = client.get(url, {"trial": second.public_id})
    tiles = [tile for group in drawn.context["tiles"] for tile in group.tiles]
    assert {tile.name: tile.letter for tile in tiles} == {
        "霸州市": "选",
        "长安区": "候",
        "井陉县": "",
        "辛集市": "",
    }
    discard = reverse("applications:layout_discard", args=[call.public_id])
    client.post(discard, {"trial": str(first.public_id)})
    assert LayoutTrial.objects.get() == second


def test_a_colleagues_trial_is_not_written_over(people, call, bazhou, changan):
    act = {"actor": people.manager, "round_id": call.public_id, "name": "方案一"}
    first = save_trial(**act, chosen={bazhou.public_id})

    with pytest.raises(Invalid, match="name_used"):
        save_trial(**act, chosen={changan.public_id})

    assert list(first.chosen.all()) == [bazhou]
    assert save_trial(**act, chosen={changan.public_id}, over=first.public_id) == first


def test_who_may_save_a_trial(people, call, bazhou):
    act = {"round_id": call.public_id, "name": "方案", "chosen": {bazhou.public_id}}
    with pytest.raises(NotAllowed):
        save_trial(actor=people.publisher, **act)
    with pytest.raises(Invalid):
        save_trial(actor=people.manager, **{**act, "name": " "})


def test_the_whole_way_in_the_browser(people, call, bazhou, changan):
    client = signed_in(people.manager)
    page = reverse("applications:pilot_list", args=[call.public_id])
    assert "还没有拟定名单" in client.get(page).content.decode()
    close_round(actor=people.manager, round_id=call.public_id)
    trial = save_trial(
        actor=people.manager, round_id=call.public_id, name="一", chosen={bazhou.public_id}
    )
    url = reverse("applications:list_draft", args=[call.public_id])
    drawn = client.get(url, {"trial": trial.public_id}).context["form"]
    assert [field.initial for _, field, _ in drawn.lines] == ["no", "yes"]

    typed = {"starts_on": clock.today().isoformat()}
    for row, word in ((bazhou, "yes"), (changan, "no")):
        typed |= {f"selected-{row.public_id}": word, f"reasons-{row.public_id}": "综合考虑。"}
    assert client.post(url, {**typed, f"reasons-{changan.public_id}": " "}).status_code == 422
    assert client.post(url, typed).status_code == 302
    pilots = PilotList.objects.get()
    assert "综合考虑。" in client.get(page).content.decode()

    url = reverse("applications:list_notice", args=[pilots.public_id])
    until = clock.today() + timedelta(days=6)
    typed = {
        "consent_on": clock.today().isoformat(),
        "consent_number": "厅纪[2026]3号",
        "notice_from": clock.today().isoformat(),
        "notice_until": until.isoformat(),
    }
    assert client.post(url, {**typed, "notice_until": typed["notice_from"]}).status_code == 422
    assert client.post(url, typed).status_code == 302
    assert "公示中" in client.get(page).content.decode()
    publisher = signed_in(people.publisher)
    url = reverse("applications:list_publish", args=[pilots.public_id])
    assert client.get(url).status_code == 403
    assert publisher.get(url).status_code == 409
    assert publisher.post(url).status_code == 409
    pilots.refresh_from_db()
    assert pilots.consent_number == "厅纪〔2026〕3号"


def test_common_reasons_stand_for_those_without_their_own(people, call, bazhou, changan):
    client = signed_in(people.manager)
    close_round(actor=people.manager, round_id=call.public_id)
    url = reverse("applications:list_draft", args=[call.public_id])
    typed = {
        "starts_on": clock.today().isoformat(),
        f"selected-{bazhou.public_id}": "yes",
        f"reasons-{bazhou.public_id}": "",
        f"selected-{changan.public_id}": "no",
        f"reasons-{changan.public_id}": "本市已有入选的。",
        "common_yes": "基础较好，带动作用强。",
    }

    lacking = client.post(url, {**typed, f"reasons-{changan.public_id}": ""})
    saved = client.post(url, typed)

    assert lacking.status_code == 422
    assert list(lacking.context["form"].errors) == [f"reasons-{changan.public_id}"]
    assert saved.status_code == 302
    assert {each.application: each.reasons for each in Decision.objects.all()} == {
        bazhou: "基础较好，带动作用强。",
        changan: "本市已有入选的。",
    }


def test_what_was_said_for_several_is_changed_once(people, province, call, bazhou, changan):
    xinji = admitted(call, province.bureaus["xinji"])
    former = draft_pilots(call, [bazhou, changan], [xinji])
    url = reverse("applications:list_draft", args=[call.public_id])

    form = signed_in(people.manager).get(url).context["form"]

    (shared,) = {each.reasons for each in former.decisions.all()}
    assert form["common_yes"].initial == shared
    assert form["common_no"].initial == ""
    assert {line[0].application: line[2].initial for line in form.lines} == {
        bazhou: "",
        changan: "",
        xinji: shared,
    }


def test_candidates_of_a_draft_in_another_order(people, call, bazhou, changan):
    client = signed_in(people.manager)
    close_round(actor=people.manager, round_id=call.public_id)
    rank(changan, 1)
    url = reverse("applications:list_draft", args=[call.public_id])

    drawn = client.get(url, {"order": "place", "trial": "x"})

    assert [line[0].application for line in drawn.context["lines"]] == [changan, bazhou]
    current = [
        (label, address) for label, address, is_current in drawn.context["orders"] if is_current
    ]
    assert current == [("按设区市推荐次序", "?trial=x&order=place")]


def test_the_last_look_names_who_is_chosen(people, call, bazhou, changan):
    pilots = draft_pilots(call, [bazhou], [changan])
    url = reverse("applications:list_notice", args=[pilots.public_id])

    page = signed_in(people.manager).get(url)

    assert page.context["counts"] == [("入选", 1), ("不入选", 1)]
    assert page.context["consequences"][0] == "入选：廊坊市霸州市。"


def test_withdrawing_in_the_browser(people, on_notice):
    url = reverse("applications:list_withdraw", args=[on_notice.public_id])
    client = signed_in(people.manager)

    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "重新审议。"}).status_code == 302
    public = Client().get(reverse("applications:public_notice", args=[on_notice.public_id]))
    assert "本公示已撤回" in public.content.decode()
    assert "霸州市" not in public.content.decode()


def test_what_everybody_sees_of_a_notice(on_notice):
    page = Client().get(reverse("applications:public_notice", args=[on_notice.public_id]))

    text = page.content.decode()
    assert "廊坊市霸州市" in text
    assert "长安区" not in text  # what was not chosen is nobody's business yet
    assert "统筹区域布局" not in text  # nor are the reasons
    assert "提出异议" in text


def test_a_draft_is_not_public(call, bazhou):
    draft = draft_pilots(call, [bazhou])
    url = reverse("applications:public_notice", args=[draft.public_id])

    assert Client().get(url).status_code == 404


def test_anybody_objects_and_staff_answer(people, on_notice, bazhou):
    url = reverse("applications:public_notice", args=[on_notice.public_id])
    anybody = Client(enforce_csrf_checks=True)
    assert anybody.post(url, WORDS).status_code == 403

    anybody = Client()
    wrong = SimpleUploadedFile("证明.exe", b"MZ")
    for typed in ({**WORDS, "text": " "}, {**WORDS, "region_code": "x"}, {**WORDS, "file": wrong}):
        assert anybody.post(url, typed).status_code == 422
    proof = SimpleUploadedFile("证明.pdf", b"%PDF-1.4\n%%EOF")
    typed = {**WORDS, "region_code": "131081", "file": proof}
    assert anybody.post(url, typed).status_code == 302
    row = Objection.objects.get()
    assert (row.application, row.file.created_by) == (bazhou, None)
    assert "数量有误" not in anybody.get(url).content.decode()

    client = signed_in(people.manager)
    page = reverse("applications:objection", args=[row.public_id])
    assert "数量有误" in client.get(page).content.decode()
    assert (
        client.get(reverse("applications:objection_file", args=[row.public_id])).status_code == 200
    )
    assert client.post(page, {"answer": " "}).status_code == 422
    assert client.post(page, {"answer": "经核查不成立。"}).status_code == 302
    assert client.post(page, {"answer": "再答。"}).status_code == 409
    for who in (people.checker, people.reviewer):
        assert signed_in(who).get(page).status_code == 403


def test_objections_from_one_address_are_limited(on_notice, settings, monkeypatch):
    settings.REDIS_URL = "redis://nowhere"
    settings.CACHES = {
        **settings.CACHES,
        "limits": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "objections",
        },
    }
    caches["limits"].clear()
    url = reverse("applications:public_notice", args=[on_notice.public_id])

    answers = [Client().post(url, WORDS).status_code for _ in range(6)]

    assert answers == [302, 302, 302, 302, 302, 429]
    assert Objection.objects.count() == 5


def test_after_the_notice_nobody_objects(on_notice):
    url = reverse("applications:public_notice", args=[on_notice.public_id])
    with after_notice(on_notice):
        assert "公示期已满" in Client().get(url).content.decode()
        assert Client().post(url, WORDS).status_code == 409


def test_recorded_by_staff(people, on_notice):
    url = reverse("applications:objection_new", args=[on_notice.public_id])
    client = signed_in(people.manager)
    typed = {**WORDS, "region_code": "130102", "received_on": clock.today().isoformat()}

    assert client.get(url).status_code == 200
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert client.post(url, {**typed, "received_on": tomorrow}).status_code == 422
    assert client.post(url, typed).status_code == 302
    assert Objection.objects.get().recorded_by == people.manager
    assert PilotList.objects.get().state == ListState.NOTICE
