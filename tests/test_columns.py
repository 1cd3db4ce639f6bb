"""The columns of all tables are declared once."""

from partialpool.columns import COLUMNS, FLAG, NUMBER, TEXT, Kind


def test_columns_stand_in_alphabetical_order_so_that_one_is_found():
    assert list(COLUMNS) == sorted(COLUMNS)


def test_every_column_holds_one_kind_but_what_is_covered():
    several = {name: kind for name, kind in COLUMNS.items() if kind not in list(Kind)}
    assert several == {"covered": FLAG | NUMBER}


def test_what_users_name_is_text_wherever_it_stands():
    named = {"cell", "factor", "level", "margin", "model", "name", "parameter", "treatment"}
    assert {COLUMNS[name] for name in named} == {TEXT}
