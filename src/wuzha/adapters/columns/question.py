"""What is asked of an engine."""

from dataclasses import dataclass
from datetime import date

from wuzha.core.base.unit import Tree
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Question:
    """Everything but the ledger: how does this plan stand on that day, in this tree, by these kinds of record?"""

    plan: Plan
    tree: Tree
    kinds: Kinds
    as_of: date
