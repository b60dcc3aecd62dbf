"""The table of who may what as rows for ``docs/access.md``, in the words of an official."""

import re
from collections.abc import Iterator

from django.urls import get_resolver

from tests.web.access_ask import PERSONS, STRANGER
from tests.web.access_model import SAID, Held
from tests.web.access_table import ROOMS, Gate, Line
from tests.web.access_world import COMING
from tests.web.cast import UNITS

HEAD = """# 谁能看什么、改什么

> 本页由 `scripts/access.py` 从 `tests/web/access_table.py` 生成，请不要手改。每次检查都会让下列人员逐个访问全部地址，
> 答复与本表不一致就通不过；新增地址而没有写进本表，也通不过。

## 怎么读

- “看”是打开页面、下载文件；“改”是提交表单。空着表示这个地址没有这种办法，任何人都得到 405。
- 单位按上下级排成一棵树。“某单位及其上级的专干”，是职务在该单位或它上面任何一级单位的专干。
- 看不到的东西答复 404，与不存在一样；看得到而职务不允许的，答复 403。没有登录的人一律转到登录页，手机和程序得到 401。
- 一个页面只认能看它的职务：分析员只看任务数字和方案，发布员只看公文和简报，
  系统管理员只管人员、单位，其余页面一律答复 403。
- 只管一条线的职务，只看得到这条线的单位，看不到整片地方合计的内容。
- 带导出的页面，导出的表（.xlsx、.csv）与页面同权限：看得到页面的人才能导出，导出的内容不比页面多。
- 下列人员之外，每次检查还随机生成单位、职务（各种角色、条线、起止日、代理、选定的职务）和材料，逐一核对：
  职务当天不管的，谁也看不到、改不了；职务当天管的，都看得到（`tests/web/test_access_laws.py`）。
- 检查所用的人：

| 登录名 | 职务 |
|---|---|
"""
COLUMNS = "| 内容 | 地址 | 谁能看 | 谁能改 | 导出的表 |\n|---|---|---|---|---|\n"
NAMES = {code: name for code, name, *_ in UNITS}
LINES_SAID = {"education": "教育", "police": "公安", "finance": "金融"}
TOLD = {
    COMING: "明天起的青石镇专干",
    "nobody": "有账号、没有职务",
    STRANGER: "没有登录",
}


def write_page() -> str:
    return "".join(_write())


def _write() -> Iterator[str]:
    yield HEAD
    yield from (f"| {name} | {post} |\n" for name, post in list_members())
    for room in ROOMS:
        yield f"\n## {room.title}\n\n{COLUMNS}"
        yield from (f"| {' | '.join(write_row(line))} |\n" for line in room.lines)


def list_members() -> Iterator[tuple[str, str]]:
    for name, person in PERSONS.items():
        posts = "；".join(f"{NAMES[post.unit]} {SAID[post.role]}{say_line(post)}" for post in person.posts)
        yield f"`{name}`" if name != STRANGER else "（无）", posts or TOLD[name]


def say_line(post: Held) -> str:
    return f"（只管{LINES_SAID.get(post.line, post.line)}条线）" if post.line else ""


def write_row(line: Line) -> tuple[str, ...]:
    exports = "、".join(f"`{table}`" for table in line.tables)
    return line.what, f"`{find_route(line)}`", say_gate(line.look, line), say_gate(line.change, line), exports


def find_route(line: Line) -> str:
    """The address as the URL configuration writes it, with what is asked: ``/records/<pk>/?unit=…``."""
    found = get_resolver()
    for part in line.name.split(":")[:-1]:
        prefix, found = found.namespace_dict[part]
        if prefix:
            break
    else:
        prefix = ""
    for possibilities, *_ in found.reverse_dict.getlist(line.name.split(":")[-1]):
        for route, names in possibilities:
            if set(names) == set(line.at):
                return _fill(f"/{prefix}{route}", line)
    raise LookupError(line.name)


def _fill(route: str, line: Line) -> str:
    """Without the braces' format signs; fixed words such as an act stand in the address as they are."""
    shown = re.sub(r"%\((\w+)\)s", lambda name: _choose(name[1], line), route)
    asked = re.sub(r"=(SQ\d+|\{\w+\}|\d+)", "=…", line.ask)
    return shown + (f"?{asked}" if asked else "")


def _choose(name: str, line: Line) -> str:
    return line.at[name] if name in ("act", "what", "sort") else f"<{name}>"


def say_gate(gate: Gate | None, line: Line) -> str:
    if gate is None:
        return ""
    said = gate.may.said + ("（用钥匙）" if line.by_key else "")
    if gate.sees is None:
        return said
    return f"{said}；其余{gate.sees.said}得到 403"
