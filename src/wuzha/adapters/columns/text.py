"""The one SQL text of the engines, in DuckDB's dialect, and its carrying over to other databases by sqlglot.

It asks the tables of :mod:`wuzha.adapters.columns.tables` and knows no calendar, no tree and no plan. It joins by equal
keys, sums whole numbers, and never names an output like a column that comes in, since databases differ in which of the
two a later clause then means.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from wuzha.adapters.columns.tables import AUDIENCE, MEASURES, PLACE, VERB_NAMES

# Verbs whose amount is a sum over a window, of which `cover` counts a subject once.
SUMMED = ("do", "file", "cover")

COLUMN_OF: Mapping[str, str] = MappingProxyType({"area_m2": "area", "loss_yuan": "loss"})

# Records that count: no other replaces them, and they do not take one back.
EFFECT = """
WITH voided AS (SELECT DISTINCT record.replaces AS gone FROM record WHERE record.replaces >= 0),
effect AS (
    SELECT record.* FROM record LEFT JOIN voided ON voided.gone = record.number
    WHERE voided.gone IS NULL AND record.withdrawn = 0
),
fits AS (
    SELECT DISTINCT word.duty AS wanting, word.field AS wanted_in, text.number AS said
    FROM word JOIN text ON STRPOS(text.text, word.word) > 0
),
"""


def _write_amount() -> str:
    """What one record adds; a document handed in counts as one, whatever was typed with it."""
    cases = " ".join(f"WHEN {n} THEN r.{COLUMN_OF.get(name, name)}" for n, name in enumerate(MEASURES))
    return f"CASE WHEN d.verb = {VERB_NAMES.index('file')} THEN 1 ELSE CASE d.measure {cases} END END"


# Each record with each window of each duty that it counts for.
HIT = f"""
hit AS (
    SELECT d.number AS hit_duty, c.bearer AS hit_unit, k.win AS hit_win, k.in_time AS hit_in_time,
        r.unit AS hit_own, r.subject AS hit_subject,
        CASE WHEN d.verb = {VERB_NAMES.index("cover")} AND r.subject > 0 THEN 1 ELSE 0 END AS hit_named,
        {_write_amount()} AS hit_amount
    FROM duty AS d
    JOIN feed AS f ON f.duty = d.number
    JOIN effect AS r ON r.kind = f.kind
    JOIN credit AS c ON c.bearers = d.bearers AND c.unit = r.unit
    JOIN day AS k ON k.calendar = d.calendar AND k.day = r.day
    LEFT JOIN fits AS p ON p.wanting = d.number AND p.wanted_in = {PLACE} AND p.said = r.place
    LEFT JOIN fits AS a ON a.wanting = d.number AND a.wanted_in = {AUDIENCE} AND a.said = r.audience
    WHERE d.verb IN ({", ".join(str(VERB_NAMES.index(verb)) for verb in SUMMED)})
        AND c.opens <= r.day AND r.day < c.closes
        AND (d.place = 0 OR p.said IS NOT NULL)
        AND (d.audience = 0 OR a.said IS NOT NULL)
        AND (d.grade = -1 OR d.grade = r.grade)
),
"""

SUMS = f"""
{EFFECT} {HIT}
named AS (
    SELECT hit_duty AS named_duty, hit_unit AS named_unit, hit_win AS named_win, MAX(hit_in_time) AS named_in_time
    FROM hit WHERE hit_named = 1 GROUP BY hit_duty, hit_unit, hit_win, hit_own, hit_subject
),
part AS (
    SELECT hit_duty AS part_duty, hit_unit AS part_unit, hit_win AS part_win,
        SUM(hit_amount) AS part_now, SUM(hit_amount * hit_in_time) AS part_due
    FROM hit WHERE hit_named = 0 GROUP BY hit_duty, hit_unit, hit_win
    UNION ALL
    SELECT named_duty, named_unit, named_win, COUNT(*), SUM(named_in_time)
    FROM named GROUP BY named_duty, named_unit, named_win
)
SELECT part_duty AS sum_duty, part_unit AS sum_unit, part_win AS sum_win,
    CAST(SUM(part_now) AS BIGINT) AS sum_now, CAST(SUM(part_due) AS BIGINT) AS sum_due
FROM part GROUP BY part_duty, part_unit, part_win
"""


@cache
def carry_over(text: str, dialect: str) -> str:
    """The same text as that database takes it. Needs sqlglot."""
    glot: Any = import_module("sqlglot")
    carried: list[str] = glot.transpile(text, read="duckdb", write=dialect)
    return carried[0]
