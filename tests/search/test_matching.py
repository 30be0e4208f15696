"""Names found by their characters, their pinyin and their initials, and in which order."""

import pytest

from county_portal.search.matching import Query, Rank, rank_of


@pytest.mark.parametrize(
    "typed, name, rank",
    [
        ("石家庄市", "石家庄市", Rank.EXACT),
        ("石家庄", "石家庄市", Rank.PREFIX),
        ("shijiazhuangshi", "石家庄市", Rank.EXACT),
        ("shijiazhuang", "石家庄市", Rank.PREFIX),
        ("ShiJiaZhuang", "石家庄市", Rank.PREFIX),
        ("shi jia zhuang", "石家庄市", Rank.PREFIX),
        ("shijiaz", "石家庄市", Rank.PREFIX),
        ("ｓｊｚ", "石家庄市", Rank.INITIALS),
        ("sjz", "石家庄市", Rank.INITIALS),
        ("sjzs", "石家庄市", Rank.INITIALS),
        ("家庄", "石家庄市", Rank.INSIDE),
        ("zhuang", "石家庄市", Rank.INSIDE),
        ("sjzsx", "石家庄市", None),
        ("szj", "石家庄市", None),
        ("石家莊", "石家庄市", None),
        ("井陘", "井陉县", Rank.PREFIX),
        ("井陉", "井陘縣", Rank.PREFIX),
        ("chongqing", "重庆市", Rank.PREFIX),
        ("cq", "重庆市", Rank.INITIALS),
        # Whoever knows only the characters finds it too.
        ("zhongqing", "重庆市", Rank.PREFIX),
        ("zhongdian", "重点任务", Rank.PREFIX),
        # A character by itself is read in each of its ways.
        ("laoting", "乐亭县", Rank.PREFIX),
        ("leting", "乐亭县", Rank.PREFIX),
        ("yuxian", "蔚县", Rank.EXACT),
        ("lvse", "绿色发展", Rank.PREFIX),
        ("luse", "绿色发展", Rank.PREFIX),
        ("xiongan", "雄安新区", Rank.PREFIX),
        ("xiong'an", "雄安新区", Rank.PREFIX),
        # Where a syllable ends is open: xian is 西安 and 县.
        ("xian", "西安市", Rank.PREFIX),
        ("xian", "献县", Rank.PREFIX),
        ("r&d", "R&D经费支出", Rank.PREFIX),
        ("rd", "R&D经费支出", None),
        ("131081", "霸州市", None),
        ("", "霸州市", None),
        ("   ", "霸州市", None),
        ("%", "霸州市", None),
        ("a" * 60, "霸州市", None),
    ],
)
def test_rank(typed, name, rank):
    assert rank_of(Query.of(typed), name) == rank


def test_long_names_with_many_readings_are_matched_at_once():
    """Readings multiply; following them side by side does not."""
    name = "积石山保安族东乡族撒拉族自治县" * 12

    assert rank_of(Query.of("jishishanbaoanzu"), name) == Rank.PREFIX
    assert rank_of(Query.of("jishishanbaoanzudongxiangzusalazuzizhixianx"), name) is None
