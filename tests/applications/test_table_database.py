"""What the database itself refuses of the 31-row table, whoever writes and by whatever path."""

import pytest
from django.db import IntegrityError, transaction

from applications.enums import ApplicationState, Material
from applications.models import Application, RowEvidence, TableFigure, TableRow
from tests.factories.pilots import a_scan, apply_to, begin, open_a_round, write_everything

S = ApplicationState


@pytest.fixture
def application(call, people):
    made = begin(people.filler, call)
    write_everything(made, people.filler)
    return made


def star(order, *, is_on=True):
    TableRow.objects.filter(order=order).update(is_starred=is_on)


def finish_by_hand(application):
    with transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state=S.GOVERNMENT)


def test_ten_stars_pass(application):
    finish_by_hand(application)

    application.refresh_from_db()
    assert application.state == S.GOVERNMENT


@pytest.mark.parametrize(
    "off, on",
    [
        ([], [7]),  # an eleventh
        ([1], []),  # nine
        ([1], [2]),  # ten with a designated one among them
        ([1, 3], [2, 4]),
    ],
)
def test_other_stars_do_not_reach_the_government(application, off, on):
    for order in off:
        star(order, is_on=False)
    for order in on:
        star(order)

    with pytest.raises(IntegrityError, match="finished_with_stars"):
        finish_by_hand(application)
    application.refresh_from_db()
    assert application.state == S.DRAFT


def test_a_round_that_asks_for_no_table_asks_for_no_stars(people):
    call = open_a_round(people.manager, materials=[Material.DOCUMENT, Material.PLAN])
    application = begin(people.filler, call)

    finish_by_hand(application)


def test_later_states_are_not_asked_again(call, province):
    application = apply_to(call, province.bureaus["bazhou"], S.READY)

    Application.objects.filter(pk=application.pk).update(state_since=application.begun_at)


CHANGES = {
    "row changed": lambda row: TableRow.objects.filter(pk=row.pk).update(is_starred=False),
    "row removed": lambda row: row.delete(),
    "row added": lambda row: TableRow.objects.create(
        application=row.application, order=40, own_name="另一项"
    ),
    "figure changed": lambda row: TableFigure.objects.filter(row=row).update(number=99),
    "figure removed": lambda row: TableFigure.objects.filter(row=row).delete(),
    "figure added": lambda row: TableFigure.objects.create(row=row, year=2099, number=1),
    "file removed": lambda row: RowEvidence.objects.all().delete(),
    "file changed": lambda row: RowEvidence.objects.update(file=a_scan("别的.pdf")),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", [S.GOVERNMENT, S.READY, S.SUBMITTED, S.REVIEWED])
def test_a_closed_table_does_not_change(call, province, state, change):
    application = apply_to(call, province.bureaus["bazhou"], state)
    row = application.rows.get(order=19)

    with (
        pytest.raises(IntegrityError, match="closed_while_considered"),
        transaction.atomic(),
    ):
        CHANGES[change](row)


@pytest.mark.parametrize("change", CHANGES)
def test_an_open_one_does(application, change):
    CHANGES[change](application.rows.get(order=19))


def test_no_row_is_moved_out_of_a_closed_table(call, province, people):
    closed = apply_to(call, province.bureaus["bazhou"], S.GOVERNMENT)
    row = closed.rows.get(order=19)
    other = apply_to(call, province.bureaus["xinji"], S.DRAFT)

    with (
        pytest.raises(IntegrityError, match="closed_while_considered"),
        transaction.atomic(),
    ):
        TableRow.objects.filter(pk=row.pk).update(application=other)


def test_two_rows_never_share_a_place(application):
    with pytest.raises(IntegrityError, match="table_row_order_unique"), transaction.atomic():
        TableRow.objects.create(application=application, order=30, own_name="另一项")
