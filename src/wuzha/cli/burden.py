"""The burden of a plan as ``wuzha check`` says it: minutes a week for each kind of unit, and each duty's part."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from wuzha.adapters.burden_wording import (
    list_heaviest,
    say_known,
    say_minutes,
    say_reason,
    say_share,
    say_terms,
    say_weekly,
)
from wuzha.adapters.duty_wording import render_duty
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.wording import Language
from wuzha.cli.files import Command, say
from wuzha.cli.plans import find_plan, make_costing, read_minutes, read_tree
from wuzha.core.base.unit import Tree
from wuzha.core.plan.burden.load import Costing
from wuzha.core.plan.burden.repeat import list_known_filings
from wuzha.core.plan.burden.weigh import Bound, Burden, KindBurden, Load, weigh_plan
from wuzha.core.plan.model import Plan


def burden_options(command: Command) -> Command:
    """``--units`` and ``--minutes``: what the burden is reckoned with."""
    units = click.option(
        "--units", multiple=True, metavar="ROSTER.xlsx", help="花名册：按各单位的户数、路长等算负担。可以写几次。"
    )
    minutes = click.option(
        "--minutes", default="", metavar="MINUTES.yaml", help="本县自己定的分钟数，一行一种记录，如 rally: 180。"
    )
    return units(minutes(command))


def tell_burdens(files: Sequence[str], units: Sequence[str], minutes: str, language: Language) -> None:
    """What each plan without mistakes costs, on stderr: stdout holds what is wrong, and nothing else."""
    tree, figures = read_tree(units, language), read_minutes(minutes, language)
    for file in files:
        plan = find_plan(file, language)
        if plan is not None and plan.duties:
            _tell_burden(Path(file).name, plan, tree, make_costing(figures, plan.valid.opens), language)


def _tell_burden(name: str, plan: Plan, tree: Tree | None, costing: Costing, language: Language) -> None:
    title = say(language, f"《{name}》负担，每个单位每周平均：", f"{name}, burden for each unit, a week on average:")
    lines = [title, *_list_lines(weigh_plan(plan, costing, tree), language)]
    for filing in list_known_filings((Bound(plan),), costing):
        lines.append(f"  {filing.filing.duty.clause} {say_known(filing, load_kinds(), language)}")
    click.echo("\n".join(lines), err=True)


def _list_lines(burden: Burden, language: Language) -> Iterator[str]:
    for kind in burden.kinds:
        yield f"  {say_weekly(kind, language)}{_say_peak(kind, language)}"
        for load in (*list_heaviest(kind), *kind.unknown):
            yield f"    {_say_load(kind, load, language)}"
        if kind.saved:
            saved = say_minutes(kind.per_week(kind.saved), language)
            yield say(
                language,
                f"    一次记录算给几条任务，省去 {saved}",
                f"    one record serves several duties: less {saved}",
            )
    for load in burden.homeless:
        yield f"  {_say_unknown(load, language)}"


def _say_peak(kind: KindBurden, language: Language) -> str:
    if kind.peak is None:
        return ""
    minutes = say_minutes(kind.peak.minutes, language)
    return say(
        language,
        f"，最忙的一周 {minutes}（{kind.peak.opens} 起）",
        f"; heaviest week {minutes} (from {kind.peak.opens})",
    )


def _say_load(kind: KindBurden, load: Load, language: Language) -> str:
    if load.reason:
        return _say_unknown(load, language)
    terms = say_terms(load, load_kinds(), language)
    weekly = say_minutes(kind.per_week(load.average), language)
    return "  ".join(part for part in (weekly, load.duty.id, terms, say_share(load, language)) if part)


def _say_unknown(load: Load, language: Language) -> str:
    """What is not known is listed as such and never as nothing."""
    sentence, reason = render_duty(load.duty, load_kinds(), language), say_reason(load.reason, language)
    return say(
        language,
        f"算不出来  {load.duty.id}  {sentence}：{reason}",
        f"not known  {load.duty.id}  {sentence}: {reason}",
    )
