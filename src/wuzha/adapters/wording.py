"""Problems as sentences, in Chinese and English: where, which rule, how to mend. One table for the whole product."""

from wuzha.core.base.problem import Problem, Source
from wuzha.core.base.unit import UNIT_KINDS


def describe_problem(problem: Problem, language: str = "zh") -> str:
    return problem.code


def describe_unit_kind(code: str, language: str = "zh") -> str:
    return UNIT_KINDS.get(code, code)
