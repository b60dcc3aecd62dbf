"""The columns of the monthly table are data; one that names what is not there is refused when it is read."""

import pytest

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.monthly_columns import load_columns, parse_columns

GOOD = """
people:
  title: [常住人口, Residents]
  group: [基本情况, Base]
  source: computed
  measure: [人, persons]
  counts: {attribute: population}
  says: [花名册里的常住人口, Residents by the roster]
"""
NEXT = """
next:
  title: [某栏, Some]
  group: [某组, Some]
  source: computed
  measure: [个, some]
  says: [某数, Some number]
  counts: """
TYPED = """
typed{}:
  title: [某栏, Some]
  group: [某组, Some]
  source: typed
  says: [单位填, Typed]
"""


def test_the_columns_that_come_with_wuzha_are_whole() -> None:
    columns = load_columns()

    assert [code for code, column in columns.items() if column.source == "typed"] == [
        "online_reach",
        "problems",
        "highlights",
    ]
    assert {code for code, column in columns.items() if column.source == "imported"} >= {
        "warnings_in",
        "stopped_yuan",
        "returned_yuan",
    }
    assert all(column.says and column.says_en and column.title_en for column in columns.values())
    groups = [column.group for column in columns.values()]
    runs = [group for place, group in enumerate(groups) if place == 0 or groups[place - 1] != group]
    assert len(runs) == len(set(runs))


@pytest.mark.parametrize(
    "counts",
    [
        "{attribute: dragons}",
        "{records: [dragons], window: month}",
        "{records: [talk], window: fortnight}",
        "{records: [talk], window: month, field: loss_yuan}",
        "{records: [talk], window: last_month}",
        "{records: [talk, cases], window: month}",
        "{records: [], window: month}",
        "{records: [talk]}",
        "{records: [talk], window: month, colour: red}",
        "{sites: [talk]}",
        "{covers: dragons}",
        "{register: talk, tells: wanted}",
        "{register: followup, tells: tales}",
        "{standing: late}",
        "{share: people, of: dragons, per: 100}",
        "{change: people, against: people}",
        "{dragons: 3}",
        "[people]",
    ],
)
def test_a_column_that_names_what_is_not_there_is_refused(counts: str) -> None:
    with pytest.raises(ValueError, match=r"monthly\.yaml: next"):
        parse_columns(f"{GOOD}{NEXT}{counts}\n", load_kinds())


def test_a_column_after_what_it_is_made_of_is_read() -> None:
    columns = parse_columns(f"{GOOD}{NEXT}{{share: people, of: people, per: 100}}\n", load_kinds())

    assert list(columns) == ["people", "next"]
    assert columns["next"].is_derived


@pytest.mark.parametrize(
    "text", ["- a", "a: 3", "a: {title: [x, y]}", GOOD + "  colour: red\n", GOOD.replace("counts", "longest")]
)
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"monthly\.yaml"):
        parse_columns(text, load_kinds())


def test_a_fourth_typed_column_is_refused() -> None:
    three = GOOD + "".join(TYPED.format(number) for number in range(3))

    assert len(parse_columns(three, load_kinds())) == 4
    with pytest.raises(ValueError, match="at most"):
        parse_columns(three + TYPED.format(3), load_kinds())
