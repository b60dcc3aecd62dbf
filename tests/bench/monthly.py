"""The monthly table of a county of 1,000 units over 100,000 records, from the columns that the site keeps."""

from time import process_time

import numpy as np

from tests.bench.county import AS_OF, YEAR, make_columns, make_plan, make_tree
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.monthly_columns import load_columns
from wuzha.core.paper.month import MonthlyQuestion, find_month
from wuzha.core.paper.month_cells import list_fed_kinds
from wuzha.core.paper.monthly import compute_table

UNITS, RECORDS, PROMISE_S, RUNS = 1_000, 100_000, 2.0, 3


def measure() -> float:
    """Seconds of the processor from the columns to the table, the least of some runs; told with the rows it has."""
    tree = make_tree(UNITS)
    columns, plan = make_columns(RECORDS, tree), make_plan()
    month = find_month("2027-11", 20)
    took, lines = [], 0
    for _ in range(RUNS):
        start = process_time()
        question = MonthlyQuestion(tree, "C", month, YEAR.opens, AS_OF, load_kinds(), plan, None, 20)
        wanted = [columns.texts.index(kind) for kind in list_fed_kinds(load_columns(), question) & {*columns.texts}]
        facts = columns.list_rows(np.flatnonzero(np.isin(columns.codes["kind"], wanted)).tolist())
        table = compute_table(load_columns(), question, facts)
        took.append(process_time() - start)
        lines = len(table.rows)
    print(f"monthly table: {lines} lines, {len(load_columns())} columns, {RECORDS} records in {min(took):.2f} s")
    return min(took)
