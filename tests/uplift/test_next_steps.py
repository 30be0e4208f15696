"""The adviser's nearest steps on the county's page of a plan: one's own county's alone."""

from django.urls import reverse

from county_portal.accounts.models import Region
from county_portal.accounts.roles import Role
from scoring.selectors.advice import own_next_steps
from tests.factories.people import make_person, signed_in


def page_of(person, version, region):
    answer = signed_in(person).get(reverse("uplift:county", args=[version.public_id, region]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_steps_that_bring_most_stand_on_one_s_own_page(published, city, province):
    version, own = city.settled(), Region.objects.get(code="130102")
    filler = make_person("changan.filler", Role.COUNTY_FILLER, own.offices.get())
    ahead = own_next_steps(filler)
    gains = [row.next_step.gain for row in ahead.positions]

    assert gains == sorted(gains, reverse=True)
    assert 0 < len(gains) <= 5
    best = max(row.next_step.gain for row in ahead.standing.positions if row.next_step)
    assert gains[0] == best
    page = page_of(filler, version, own.public_id)
    assert "怎样补分" in page
    assert ahead.positions[0].next_step.text in page
    assert reverse("scoring:ahead_result", args=[ahead.basis.published.public_id]) in page
    # A city thinks ahead for nobody.
    assert "ahead-title" not in page_of(city.drafter, version, own.public_id)


def test_without_a_list_there_is_nothing_to_start_from(city, province):
    version, own = city.settled(), Region.objects.get(code="130102")
    filler = make_person("changan.filler", Role.COUNTY_FILLER, own.offices.get())

    assert own_next_steps(filler) is None
    assert "ahead-title" not in page_of(filler, version, own.public_id)
