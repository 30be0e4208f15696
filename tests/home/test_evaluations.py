"""What the pilot programme is told of the yearly evaluation."""

from datetime import timedelta

from django.urls import reverse

from applications.evaluations import latest_classes
from county_portal.accounts.models import Region
from county_portal.common import clock


def test_the_newest_list_speaks_for_a_county(province, published):
    bazhou = province.counties["bazhou"]

    found = latest_classes([bazhou])

    assert (found[bazhou.pk].class_name, found[bazhou.pk].data_year) == (
        "B",
        published.collection.data_year,
    )
    assert found[bazhou.pk].url == reverse("scoring:public_list", args=[published.public_id])


def test_a_county_speaks_for_what_it_continues(province, published, django_assert_num_queries):
    old = province.counties["changan"]
    today = clock.today()
    new = Region.objects.create(
        code="130199",
        name="长安新区",
        full_name="石家庄市长安新区",
        level="county",
        parent=old.parent,
        reviewing_office=old.reviewing_office,
        valid_from=today,
        search_name="长安新区",
        pinyin="changanxinqu",
    )
    Region.objects.filter(pk=old.pk).update(valid_to=today, successor=new)

    with django_assert_num_queries(3):
        found = latest_classes([new, province.counties["xinji"]])

    assert found[new.pk].class_name == "C"


def test_nobody_is_on_a_list_that_was_not_published(province, run):
    assert latest_classes(province.counties.values()) == {}


def test_what_was_published_later_was_not_weighed(province, published):
    """A round decided before is shown with what was known on that day."""
    bazhou = province.counties["bazhou"]

    assert latest_classes([bazhou], published.published_at)
    assert latest_classes([bazhou], published.published_at - timedelta(seconds=1)) == {}
