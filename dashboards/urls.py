"""URLs of dashboards."""

from django.urls import path

from dashboards.views import board, counties, months, spread, standings

app_name = "dashboards"
urlpatterns = [
    path("", board.board, name="board"),
    path("board.csv", board.board_csv, name="board_csv"),
    path("board.xlsx", board.board_xlsx, name="board_xlsx"),
    path("board.svg", board.board_svg, name="board_svg"),
    path("ranking/", standings.ranking, name="ranking"),
    path("ranking.csv", standings.ranking_csv, name="ranking_csv"),
    path("ranking.xlsx", standings.ranking_xlsx, name="ranking_xlsx"),
    path("moves/", standings.moves, name="moves"),
    path("moves.csv", standings.moves_csv, name="moves_csv"),
    path("moves.xlsx", standings.moves_xlsx, name="moves_xlsx"),
    path("counties/", counties.counties, name="counties"),
    path("counties/<uuid:public_id>/", counties.county, name="county"),
    path("counties/<uuid:public_id>/indicators.csv", counties.county_csv, name="county_csv"),
    path("counties/<uuid:public_id>/indicators.xlsx", counties.county_xlsx, name="county_xlsx"),
    path("indicators/", spread.spread, name="spread"),
    path("indicators.csv", spread.spread_csv, name="spread_csv"),
    path("indicators.xlsx", spread.spread_xlsx, name="spread_xlsx"),
    path("months/", months.months, name="months"),
    path("months.csv", months.months_csv, name="months_csv"),
    path("months.xlsx", months.months_xlsx, name="months_xlsx"),
    path("history.csv", spread.history_csv, name="history_csv"),
    path("history.xlsx", spread.history_xlsx, name="history_xlsx"),
    path("public/", board.public_board, name="public_board"),
    path("public/board.csv", board.public_csv, name="public_csv"),
    path("public/board.xlsx", board.public_xlsx, name="public_xlsx"),
    path("public/board.svg", board.public_svg, name="public_svg"),
]
