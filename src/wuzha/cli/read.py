"""``wuzha read``: a plan as issued to demands, each with its place in the text."""

import json
from collections.abc import Mapping
from datetime import datetime

import click

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.plan_yaml import render_plan_yaml
from wuzha.adapters.wording.duty import render_duty
from wuzha.adapters.wording.problem import describe_problem
from wuzha.adapters.wording.words import Language
from wuzha.cli.files import BEIJING, language_option, read_plan_document, say, tell_problems
from wuzha.core.base.problem import make_problem
from wuzha.core.plan.build import sketch_plan
from wuzha.core.plan.place import Draft, draft_with_questions
from wuzha.core.plan.reading import Reading, reading_to_json


@click.command(short_help="读一份方案，列出其中的任务。 Read a plan as issued.")
@click.argument("file", metavar="FILE")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "yaml"]),
    default="table",
    show_default=True,
    help="table 给人看；json 给程序用，含每一句的去向；yaml 是可以改、可以检查的方案文件。",
)
@click.option("--year", type=click.IntRange(1949, 2999), help="方案里没写年份时按哪一年算，不写按今年。")
@language_option
def read(file: str, format_: str, year: int | None, lang: Language) -> None:
    """读一份写好的方案（.docx、.pdf、.html 或 .txt），列出其中每一条可以考核的任务和它的原文。

    旧的 .doc 要装有 LibreOffice 或 antiword 才能读；扫描的 PDF 读不了，会说明怎么办。

    \b
    例：
      wuzha read 方案.docx
      wuzha read 方案.docx --format yaml > 方案.yaml    草稿，改好后用 wuzha check 检查
      wuzha read 方案.txt --format json > 方案.json

    \b
    JSON 里有：title、issuer、valid、phases、duties、vague、problems、coverage。
    span 是任务原文在文字里的起止位置；coverage 说明每一句话成了任务、目标、背景还是标题。
    原文没有写明数量或时间的，标 vague，不替你猜。

    Reads a plan as written and lists every demand in it with the sentence it comes from.
    """
    reading, problems = read_plan_document(file, lang)
    if format_ == "json":
        click.echo(json.dumps(reading_to_json(reading), ensure_ascii=False, indent=1))
        return
    draft = draft_with_questions(reading, year or datetime.now(BEIJING).year)
    tell_problems(problems, lang)
    click.echo(render_plan_yaml(draft.mapping) if format_ == "yaml" else render_table(reading, draft, lang), nl=False)
    _tell_questions(draft, lang)


def render_table(reading: Reading, draft: Draft, language: Language) -> str:
    """The draft for a person: each duty in one sentence, with its clause and its source."""
    lines = [say(language, f"《{reading.title}》", reading.title), ""]
    quotes = {demand.id: demand.quote for demand in (*reading.demands, *reading.vague)}
    for duty in sketch_plan(draft.mapping).plan.duties:
        lines.append(f"{duty.clause:<10}\t{duty.id:<20}\t{render_duty(duty, load_kinds(), language)}")
        lines.append(f"\t\t“{' '.join(quotes[draft.demands[duty.id]].split())}”")
    return "\n".join(lines) + "\n"


def _tell_questions(draft: Draft, language: Language) -> None:
    count = sum(len(codes) for codes in draft.questions.values())
    if not count:
        return
    click.echo(say(language, f"有 {count} 处要人来定：", f"{count} questions for a person:"), err=True)
    for duty_id, codes in _sort_questions(draft.questions):
        for code in codes:
            place = duty_id or say(language, "方案", "plan")
            click.echo(f"  {place}  {describe_problem(make_problem(code), language)}", err=True)


def _sort_questions(questions: Mapping[str, tuple[str, ...]]) -> list[tuple[str, tuple[str, ...]]]:
    return sorted(questions.items(), key=lambda item: item[0] != "")
