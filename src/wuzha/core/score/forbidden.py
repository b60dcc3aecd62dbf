"""What no scorecard may count, because a rule of the state speaks against it. Each problem cites its rule.

A duty that is counted under another title is still what its sentence says, so the quotes of its duties are read too.
To forbid such a thing, or to deduct for having forced people, is no such item.
"""

import re
from collections.abc import Iterable, Iterator

from wuzha.core.base.numerals import fold
from wuzha.core.base.problem import Problem, make_problem
from wuzha.core.plan.lint.words import is_asked
from wuzha.core.plan.model import Plan
from wuzha.core.score.model import Item, Scorecard, Sort

_PERSONS = r"(?:个人|干部|网格员|民警|辅警|教师|职工|党员|队员|宣传员|工作人员|志愿者|人员)"
FORBIDDEN: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("score.counts-installs", r"(?:安装|注册|下载|装机|激活)(?:注册|使用)?(?:率|量|数|人数|户数)|\binstall"),
        ("score.counts-installs", r"(?:app|小程序|客户端|国家反诈中心).{0,8}(?:率|量|人数|户数|全覆盖)"),
        ("score.counts-forwards", r"转发|群发|接龙|\bforward"),
        ("score.counts-likes", r"点赞|集赞|点击量|阅读量|粉丝|关注(?:量|数|人数|率)|\blikes\b|\bfollowers\b"),
        ("score.counts-photos", r"(?:照片|图片)的?(?:数|张数|数量|份数)|截图|\bphotos\b|\bscreenshots\b"),
        ("score.counts-log-ins", r"登录|登陆|打卡|签到|在线时长|\blog-?ins?\b"),
        ("score.counts-briefings", r"简报的?(?:数|篇数|期数|数量|条数)|信息(?:篇数|条数)|\bbriefings\b"),
        ("score.counts-installs", r"(?:app|小程序|客户端|公众号).{0,8}(?:使用[率量数]|活跃|日活|绑定[率量数])"),
        ("score.counts-photos", r"(?:照片|图片|截屏).{0,6}\d+张|\d+张(?:照片|图片|截屏)|截屏"),
        ("score.counts-log-ins", r"学习时长|使用时长|轨迹"),
        (
            "score.ranks-persons",
            rf"{_PERSONS}.{{0,6}}(?:排名|名次|排序|积分|得分|末位)|\branking of persons\b",
        ),
        ("score.ranks-persons", rf"(?:每|按)(?:名|位|个)?{_PERSONS}(?:得分|计分|记分|排|评分|打分)|个人绩效"),
        ("score.on-relatives", r"(?:前科|涉诈|涉案|嫌疑|重点)人?员?.{0,6}(?:亲属|家属|子女|父母|配偶)"),
    )
)
_FORCED = re.compile(r"强制|强迫|违规|摊派|forced|forcing")


def check_forbidden(card: Scorecard, plan: Plan | None = None) -> Iterator[Problem]:
    """Every item that counts what may not be counted, by its title or by a duty that it sums."""
    for item in card.items:
        yield from _check_words(item, (item.title, item.title_en, item.code.replace("_", "-"), item.owner))
        for duty in plan.duties if plan and item.select else ():
            if item.select and item.select.takes(duty):
                yield from _check_words(item, (duty.quote,))


def _check_words(item: Item, texts: Iterable[str]) -> Iterator[Problem]:
    told: set[str] = set()
    for text in texts:
        for code, words in _list_found(fold(text).lower(), item.sort):
            if code not in told:
                told.add(code)
                yield Problem(code, item.source, (("item", item.title), ("words", words)))


def _list_found(text: str, sort: Sort) -> Iterator[tuple[str, str]]:
    for code, pattern in FORBIDDEN:
        match = pattern.search(text)
        if match and is_asked(text, *match.span()) and not (sort is Sort.DEDUCTION and _FORCED.search(text)):
            yield code, match[0]


def make_change_problem(card: Scorecard, changed: Iterable[str]) -> Problem:
    return make_problem(
        "score.changed-midway",
        card.source,
        opens=card.period.opens,
        last=card.period.last_day,
        items="、".join(changed),
    )
