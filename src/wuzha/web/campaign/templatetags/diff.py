"""Tags of two plans side by side: what became of a duty, in which facets, and why two are taken for one."""

from collections.abc import Iterator
from typing import Any

from django import template

from wuzha.adapters.wording import diff as diff_wording
from wuzha.core.plan.diff.compare import Diff, Entry, Fate
from wuzha.core.plan.diff.coverage import Carried, Cover, Coverage, Reach
from wuzha.web.campaign import wording
from wuzha.web.campaign.kinds import load_kinds

register = template.Library()

# What a reader has to see first: what is new work, then what is gone, then what is otherwise.
FATES = (
    *(Fate.ADDED, Fate.GONE, Fate.TIGHTENED, Fate.LOOSENED, Fate.MIXED, Fate.MOVED, Fate.CHANGED),
    Fate.SAME,
)
REACHES = (Reach.NONE, Reach.LESS, Reach.OTHER, Reach.MORE, Reach.SAME, Reach.ELSEWHERE)


@register.filter
def diff_answer(diff: Diff) -> str:
    """多 4 条、少 2 条、加严 3 条，27 条没变."""
    return diff_wording.say_diff(diff, wording.language())


@register.filter
def by_fate(diff: Diff) -> Iterator[dict[str, Any]]:
    """The entries in groups, the unchanged last; groups without any are left out."""
    for fate in FATES:
        entries = diff.list_by(fate)
        if entries:
            yield {"fate": fate.value, "word": diff_wording.say_fate(fate, wording.language()), "entries": entries}


@register.filter
def match_reason(entry: Entry) -> str:
    return diff_wording.say_reason(entry, wording.language())


@register.filter
def entry_changes(entry: Entry) -> list[str]:
    return diff_wording.say_entry_changes(entry, load_kinds(), wording.language())


@register.filter
def coverage_answer(coverage: Coverage) -> str:
    return diff_wording.say_coverage(coverage, wording.language())


@register.filter
def coverage_verdict(coverage: Coverage) -> str:
    return diff_wording.say_verdict(coverage, wording.language())


@register.filter
def by_reach(coverage: Coverage) -> Iterator[dict[str, Any]]:
    """The higher duties in groups, what is wanting first."""
    for reach in REACHES:
        covers = coverage.list_by(reach)
        if covers:
            yield {"reach": reach.value, "word": diff_wording.say_reach(reach, wording.language()), "covers": covers}


@register.simple_tag
def carried_changes(cover: Cover, carried: Carried) -> list[str]:
    return diff_wording.say_carried_changes(cover, carried, load_kinds(), wording.language())


@register.filter
def left_out(cover: Cover) -> str:
    return diff_wording.say_left_out(cover, wording.language())
