"""The burden of a plan as ``wuzha check`` says it: minutes a week for each kind of unit, and each duty's part."""

from collections.abc import Iterator, Sequence

import click

from wuzha.adapters.burden_costing import make_costing
from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.wording.burden import (
    list_heaviest,
    say_known,
    say_minutes,
    say_parted,
    say_reason,
    say_repeat,
    say_share,
    say_terms,
    say_weekly,
)
from wuzha.adapters.wording.duty import render_duty
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import Command, say
from wuzha.core.base.unit import Tree
from wuzha.core.plan.burden.load import Costing
from wuzha.core.plan.burden.minutes import Minutes
from wuzha.core.plan.burden.repeat import Asked, list_known_filings, list_repeats
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


Named = tuple[str, Plan]
"""A plan without mistakes and the name of its file."""


def tell_burdens(plans: Sequence[Named], tree: Tree | None, minutes: Minutes, language: Language) -> None:
    """What each plan costs and what several ask twice, on stderr: stdout holds what is wrong, and nothing else."""
    for name, plan in plans:
        if plan.duties:
            _tell_burden(name, plan, tree, make_costing(minutes, plan.valid.opens), language)
    if len(plans) > 1:
        _tell_repeats(plans, tree, make_costing(minutes, min(plan.valid.opens for _, plan in plans)), language)


def _tell_repeats(plans: Sequence[Named], tree: Tree | None, costing: Costing, language: Language) -> None:
    bounds = [Bound(plan, str(number), tree) for number, (_, plan) in enumerate(plans)]
    repeats = list_repeats(bounds, costing)
    if not repeats:
        return
    count = len(repeats)
    lines = [say(language, f"几份方案之间重复的任务，{count} 处：", f"Asked by more than one of the plans: {count}")]
    for repeat in repeats:
        lines.append(f"  {say_repeat(repeat, language)}")
        lines += [f"    {_say_asked(asked, plans, language)}" for asked in (repeat.first, repeat.second)]
    click.echo("\n".join(lines), err=True)


def _say_asked(asked: Asked, plans: Sequence[Named], language: Language) -> str:
    name, duty = plans[int(asked.ref)][0], asked.duty
    title = say(language, f"《{name}》", f"{name}:")
    return " ".join(part for part in (title, duty.clause, render_duty(duty, load_kinds(), language)) if part)


def _tell_burden(name: str, plan: Plan, tree: Tree | None, costing: Costing, language: Language) -> None:
    title = say(language, f"《{name}》负担，每个单位每周平均：", f"{name}, burden for each unit, a week on average:")
    lines = [title, *_list_lines(weigh_plan(plan, costing, tree), language)]
    for filing in list_known_filings((Bound(plan),), costing):
        lines.append(f"  {filing.filing.duty.clause} {say_known(filing, load_kinds(), language)}")
    click.echo("\n".join(lines), err=True)


def _list_lines(burden: Burden, language: Language) -> Iterator[str]:
    for kind in burden.kinds:
        yield f"  {say_weekly(kind, language)}{_say_peak(kind, language)}{say_parted(kind, language)}"
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
