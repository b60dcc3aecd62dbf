"""A county's own days from a file::

    days:
      - {day: 2027-03-18, works: false, reason: 县庆, by: 县联席办, dated: 2027-02-20}
      - {day: 2027-03-20, works: true, reason: 补 18 日的班}
    semesters:
      - {semester: 2027-S1, opens: 2027-02-22, reason: 县教育局校历}
    years: […]        # as in core/base/holidays.yaml, for a list published after this release

The file is YAML of the plain kind that plan files are.
"""

from wuzha.adapters.calendar import load_calendar, read_days
from wuzha.adapters.plan_yaml import parse_plan_file
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.workdays import Calendar, amend_calendar


def read_calendar_yaml(text: str, name: str = "") -> tuple[Calendar, tuple[Problem, ...]]:
    """The published calendar with the file's days upon it, and what is wrong with the file, by lines.

    With a mistake in it the file changes nothing.
    """
    file = parse_plan_file(text, name)
    if has_errors(file.problems):
        return load_calendar(), tuple(file.problems)
    said, problems = read_days(file.data, file.locate)
    return amend_calendar(load_calendar(), said), problems
