"""Coverage goals, reckoned by hand."""

from decimal import Decimal

from county_portal.coverage.rules import Goal, GoalKind, Place, share_of, stand

CITIES = ["西宁市", "玉树州"]
PARK = frozenset({"park"})


def goal(kind, **rest):
    return Goal("goal", kind, "目标", "原文", 2020, **rest)


def holding(*names, city="西宁市"):
    return [Place(name, city, items=PARK) for name in names]


def test_seven_of_ten_are_seventy_per_cent():
    has = holding("甲", "乙", "丙", "丁", "戊", "己", "庚")
    lacks = [Place(name, "玉树州", items=frozenset()) for name in "辛壬癸"]

    found = stand(goal(GoalKind.ITEM, items=PARK, share=Decimal(70)), has + lacks, CITIES)

    assert (found.held, found.of, found.share, found.is_met, found.short) == (
        7,
        10,
        Decimal("70.0"),
        True,
        0,
    )
    assert [(line.city, line.held, line.of, line.missing) for line in found.lines] == [
        ("西宁市", 7, 7, ()),
        ("玉树州", 0, 3, ("辛", "壬", "癸")),
    ]


def test_thirty_of_forty_four_fall_one_short_of_seventy_per_cent():
    """70 % of 44 are 30.8: it takes 31."""
    places = holding(*map(str, range(30))) + [
        Place(str(n), "玉树州", items=frozenset()) for n in range(14)
    ]

    found = stand(goal(GoalKind.ITEM, items=PARK, share=Decimal(70)), places, CITIES)

    assert (found.is_met, found.short, found.share) == (False, 1, Decimal("68.2"))


def test_a_share_that_only_rounds_up_to_the_goal_is_not_enough():
    places = holding(*map(str, range(1399))) + [
        Place(str(n), "玉树州", items=frozenset()) for n in range(601)
    ]

    found = stand(goal(GoalKind.ITEM, items=PARK, share=Decimal(70)), places, CITIES)

    assert found.share == Decimal("70.0")
    assert not found.is_met
    assert found.short == 1


def test_a_blank_is_no_nought():
    reaching = goal(GoalKind.REACHING, figure=Decimal("4.5"), share=Decimal(100))
    places = [
        Place("甲", "西宁市", Decimal("4.5")),
        Place("乙", "西宁市", Decimal("4.499999")),
        Place("丙", "玉树州"),
    ]

    found = stand(reaching, places, CITIES)

    assert (found.held, found.of, found.unknown, found.is_met) == (1, 3, 1, False)
    assert found.share == Decimal("33.3")
    assert [(line.missing, line.unknown) for line in found.lines] == [(("乙",), ()), ((), ("丙",))]


def test_what_is_known_is_summed():
    envoys = goal(GoalKind.SUM, sum=Decimal(300))
    places = [
        Place("甲", "西宁市", Decimal(180)),
        Place("乙", "西宁市", Decimal(90)),
        Place("丙", "玉树州"),
    ]

    found = stand(envoys, places, CITIES, "人")

    assert (found.amount, found.short, found.unit, found.is_met) == (270, 30, "人", False)
    assert [line.amount for line in found.lines] == [270, None]


def test_one_or_two_pilots_a_city():
    pilots = goal(GoalKind.PILOTS, least=1, most=2)
    cities = ["西宁市", "海东市", "玉树州"]
    places = [
        Place("甲", "西宁市"),
        Place("乙", "西宁市"),
        Place("丙", "西宁市"),
        Place("丁", "海东市"),
    ]

    found = stand(pilots, places, cities)

    assert [(line.held, line.missing) for line in found.lines] == [
        (0, ("现有3个",)),
        (1, ()),
        (0, ("现有0个",)),
    ]
    assert (found.held, found.of, found.short, found.amount) == (1, 3, 2, 4)


def test_one_to_three_townships_a_pilot():
    townships = goal(GoalKind.TOWNSHIPS, least=1, most=3)
    places = [
        Place("甲", "西宁市", count=3),
        Place("乙", "西宁市", count=4),
        Place("丙", "玉树州", count=0),
    ]

    found = stand(townships, places, CITIES)

    assert (found.held, found.of, found.short, found.is_met) == (1, 3, 2, False)
    assert [line.missing for line in found.lines] == [("乙",), ("丙",)]


def test_nothing_counted_is_no_share_and_no_goal_reached():
    found = stand(goal(GoalKind.ITEM, items=PARK, share=Decimal(70)), [], CITIES)

    assert (found.share, found.is_met) == (None, False)
    assert share_of(1, 3) == Decimal("33.3")
    assert share_of(0, 0) is None
