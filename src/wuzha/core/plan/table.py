"""What a cell of a table is: the heads of its column say it, else what stands in the column; its row says for whom.

One cell is one record. A cell 每月1次 under 频次 goes on with the act of its row, and 3月底前 under 完成时限 dates the
acts of its row; an empty cell repeats the one above it, as merged cells do, until a row that is only a heading.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Literal

from wuzha.core.plan.layout import read_words
from wuzha.core.plan.outline import Outline
from wuzha.core.plan.phrases.actor import find_bodies, find_label, is_place
from wuzha.core.plan.phrases.amount import find_amounts
from wuzha.core.plan.phrases.cadence import find_cadences
from wuzha.core.plan.phrases.deadline import Calendar, find_dates
from wuzha.core.plan.phrases.group import find_findings, split_pieces
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import has_act

Kind = Literal[
    "head", "number", "lead", "body", "helper", "told", "score", "proof", "time", "amount", "topic", "act", "other"
]

_HEADS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("number", re.compile(r"(?:序号|编号|项次|号|No\.?|NO\.?)$")),
    (
        "helper",
        re.compile(
            r"配合|协助|协办|参与|参加|参会|范围|联系人|联系方式|电话|监督|督办|领导$|审核|验收人|包联|姓名|签字"
        ),
    ),
    ("lead", re.compile(r"牵头|主办|主责")),
    ("proof", re.compile(r"佐证|依据|来源|证明|印证")),
    ("act", re.compile(r"(?:评分|考核|计分|评价|打分|扣分)(?:标准|办法|细则|方法)|责任(?:内容|要求|清单|事项)")),
    ("score", re.compile(r"分值|得分|自评|考评分|考核分|权重|评分|满分|标准分|赋分|分数")),
    (
        "body",
        re.compile(
            r"责任|承办|落实人|(?:落实|实施|执行|负责)(?:单位|部门|主体|人|科室)|(?:单位|部门|主体|科室|岗位|处室|人员|负责人|小组|支行|站所)(?:名称)?$|"
            r"^(?:乡镇|镇街|镇\(街道\)|村|村名|村\(社区\)|社区|村居|学校|网点|机构|医院|企业|班级|院系)$"
        ),
    ),
    ("amount", re.compile(r"目标(?!任务)|任务[数量]|计划数|频次|频率|周期|次数|数量|控制数|最低")),
    (
        "told",
        re.compile(
            r"(?:完成|落实|进展|执行|开展|实际|存在)(?:情况|数|问题)|上年|去年|上月|上季|已|现有|实有|实际|发案|损失|立案|警情|总户|总人|人口|基数|总数|户籍|常住|"
            r"合计|类型|话术|手法|地址"
        ),
    ),
    ("time", re.compile(r"时限|时间|节点|期限|日期|月份|时段|阶段|周次|进度|截止")),
    ("topic", re.compile(r"项目|类别|主题|分类|对象|等级|专题|板块|行动|名称|方面|领域")),
    (
        "act",
        re.compile(
            r"任务|内容|措施|要求|举措|职责|事项|活动|做法|标准|工作|细则|安排|指标|方式|载体|条件|步骤|目的|备注|说明|要点"
        ),
    ),
)
_CRITERIA = re.compile(r"(?:创建|达标|评定|命名|认定|验收|评选|申报)(?:的)?(?:标准|条件|要求|指标|内容)")
_COUNTED = re.compile(r"(?:数|数量|户数|次数|条数|场次|份数|人数|块数)$")
_MEASURED = re.compile(r"[率度面比数量额案损]$")
_NO_YEAR = Calendar("XXXX")
_EACH = re.compile(r"逐.$|每[笔户人件单位名](?!.*\d)")
_NAMED = quick(r"任务|名称|事项|工作$")
_PERSON = quick(r"人$|人员|领导")
_OPEN = quick(r"一次性|长期(?:坚持)?|常年|不定期|适时|常态化|全年|-|/|—")
"""What leaves a time or a number open, in a cell of its own."""

_FINISHED = re.compile(r"(?:完成|办结|到位|结束|之前完成)$")


@dataclass(frozen=True, slots=True)
class CellContext:
    """What a line of a cell is (``kind``) and what its row adds to it.

    It goes on with the folded words ``before``, and ``after`` goes on with it (逐笔 of an act). ``actor`` is the body
    of the row, ``criteria`` whether the column holds the conditions of a title. ``dated`` holds the words of the row's
    day for an act without a measure: it is one demand as it stands.
    """

    kind: Kind
    before: str = ""
    after: str = ""
    actor: str | None = None
    criteria: bool = False
    dated: str = ""


@dataclass(slots=True)
class _Row:
    """The words of each column that is filled (folded), the blocks of its lines, and the bodies as written."""

    words: dict[int, str]
    blocks: dict[int, list[int]]
    written: dict[int, str]


def read_tables(text: str, outline: Outline) -> dict[int, CellContext]:
    """The context of every block that is a line of a cell."""
    rows: dict[int, dict[int, _Row]] = defaultdict(dict)
    for at, block in enumerate(outline.blocks):
        if block.cell:
            row = rows[block.cell.table].setdefault(block.cell.row, _Row({}, {}, {}))
            column = block.cell.column
            row.blocks.setdefault(column, []).append(at)
            row.words[column] = row.words.get(column, "") + read_words(text, (block.body, block.span[1]))
            written = re.sub(r"\s", "", text[block.body : block.span[1]]).strip("、，,；;。")
            parts = (row.written.get(column), written)
            row.written[column] = "、".join(dict.fromkeys(part for part in parts if part))
    contexts: dict[int, CellContext] = {}
    for table in rows.values():
        contexts.update(_Table([table[at] for at in sorted(table)]).read())
    return contexts


class _Table:
    """One table while it is read from its first row to its last."""

    def __init__(self, rows: list[_Row]) -> None:
        self.rows = rows
        self.heads: dict[int, str] = {}
        self.kinds: dict[int, Kind] = {}
        self.above: dict[int, str] = {}
        self.section: str | None = None
        self.asking: dict[str, bool] = {}

    def read(self) -> dict[int, CellContext]:
        contexts: dict[int, CellContext] = {}
        at = 0
        while at < len(self.rows):
            height = self._find_head(at)
            for row in self.rows[at : at + height]:
                contexts.update({block: CellContext("head") for blocks in row.blocks.values() for block in blocks})
            if height:
                self._take_head(at, height)
            elif not self.kinds:
                self._take_head(at, 0)
            at += height
            if at < len(self.rows) and (not height or not self._find_head(at)):
                contexts.update(self._read_row(self.rows[at]))
                at += 1
        return contexts

    def _asks(self, words: str) -> bool:
        """Whether the words of a cell hold a measure; a table repeats its cells."""
        if words not in self.asking:
            self.asking[words] = _asks(words)
        return self.asking[words]

    def _find_head(self, at: int) -> int:
        """How many rows from here are heads: one, or two where the first has merged cells; 0 if none."""
        if not self._is_head(self.rows[at], first=at == 0 or not self.heads):
            return 0
        following = self.rows[at + 1] if at + 1 < len(self.rows) else None
        partly = following is not None and 0 not in following.words and all(map(_name_kind, following.words.values()))
        return 2 if partly else 1

    def _is_head(self, row: _Row, *, first: bool) -> bool:
        cells = list(row.words.values())
        if len(cells) < 2 or any(len(cell) > 16 for cell in cells):
            return False
        known = sum(_name_kind(cell) is not None for cell in cells)
        if first:
            return known * 2 >= len(cells) and not any(self._asks(cell) for cell in cells)
        return known == len(cells) and len(set(cells) & set(self.heads.values())) > 1

    def _take_head(self, at: int, height: int) -> None:
        """The heads of the columns; a merged head (责任分工) speaks for the columns to its right as well."""
        self.heads, self.above, self.section = {}, {}, None
        columns = sorted({column for row in self.rows[at:] for column in row.words})
        for row in self.rows[at : at + height]:
            last = ""
            for column in columns:
                last = row.words.get(column, last if column not in self.heads else "")
                self.heads[column] = row.words.get(column) or self.heads.get(column) or last
        body = self.rows[at + height :]
        self.kinds = {column: self._choose_kind(column, body) for column in columns}
        acts = [column for column in columns if self.kinds[column] == "act"]
        if len(acts) > 1 and _NAMED.search(self.heads.get(acts[0], "")):
            self.kinds[acts[0]] = "topic"  # 重点任务 | 具体措施: the first only names what the second asks

    def _choose_kind(self, column: int, rows: list[_Row]) -> Kind:
        head = self.heads.get(column, "")
        named = _name_kind(head) if head else None
        cells = [row.words[column] for row in rows if column in row.words]
        if (named == "amount" and "目标" in head) or (named == "act" and "指标" in head):
            return "amount" if sum(self._asks(cell) for cell in cells) * 2 > len(cells) else "act"
        if named:
            return named
        if cells and sum(find_bodies(cell) is not None for cell in cells) * 10 >= len(cells) * 6:
            return "body"
        if _COUNTED.search(head):
            return "amount"
        short = [cell for cell in cells if len(cell) <= 12 and re.match(r"[约近]?\d", cell)]
        return "told" if len(short) * 2 > len(cells) else "other"

    def _read_row(self, row: _Row) -> dict[int, CellContext]:
        if self._is_section(row):
            self.above, self.section = {}, _name_section(row)
            return {block: CellContext("head") for blocks in row.blocks.values() for block in blocks}
        known = {**self.above, **row.words}
        actor = self._find_actor(row)
        self.above = {**known, **{-1 - column: words for column, words in row.written.items()}}
        contexts: dict[int, CellContext] = {}
        for column, blocks in row.blocks.items():
            context = self._read_cell(column, row, known, actor)
            contexts.update(dict.fromkeys(blocks, replace(context, dated="")))
            contexts[blocks[0]] = context
        return contexts

    def _is_section(self, row: _Row) -> bool:
        """A row of one heading (and its number) over the rows that follow."""
        words = [cell for column, cell in row.words.items() if self.kinds.get(column) != "number"]
        wide = len(self.kinds) > 2
        return (
            wide
            and len(words) <= 1
            and not any(len(cell) > 20 or self._asks(cell) for cell in words)
            and 0 in row.words
        )

    def _find_actor(self, row: _Row) -> str | None:
        """Of the row's bodies the leading one; an empty cell repeats the one above."""
        for wanted in ("lead", "body"):
            columns = [column for column, kind in self.kinds.items() if kind == wanted]
            for column in sorted(columns, key=lambda column: bool(_PERSON.search(self.heads.get(column, "")))):
                words = row.written.get(column) or self.above.get(-1 - column)
                if words and not _DASH.fullmatch(words):
                    return words
        return self.section

    def _read_cell(self, column: int, row: _Row, known: dict[int, str], actor: str | None) -> CellContext:
        kind = self.kinds.get(column, "act")
        asks = self._asks(row.words[column])
        if kind in ("body", "lead") and asks and not find_bodies(row.words[column]):
            kind = "act"
        time = next((_say_time(known[at]) for at, sense in self.kinds.items() if sense == "time" and at in known), "")
        criteria = bool(_CRITERIA.search(self.heads.get(column, "")))
        if (kind == "topic" and self._is_measured(row, ("act", "amount"))) or _OPEN.fullmatch(row.words[column]):
            return CellContext("told")
        if kind in ("act", "topic", "other"):
            dated = time if self._find_dated(row) == column else ""
            return CellContext("other" if kind == "other" else "act", time if asks else "", "", actor, criteria, dated)
        if kind == "amount":
            return self._read_amount(row.words[column], time, self._find_act(column, known), actor, criteria)
        if kind == "time":
            act = self._find_act(column, known)
            act = (act if has_act(act) else f"开展{act}") + ("于" if row.words[column][:1].isdigit() else "")
            told = self._is_measured(row) or self._find_dated(row) is not None
            return CellContext("told" if told else kind, act, "", actor)
        return CellContext(kind, "", "", actor)

    @staticmethod
    def _read_amount(words: str, time: str, act: str, actor: str | None, criteria: bool) -> CellContext:
        """每月1次 and 不少于10条 go on with the act, 逐笔 and 每户 stand before it."""
        if _EACH.match(words):
            return CellContext("amount", time, act, actor, criteria)
        bare = re.match(r"[约近]?[\d一二两三四五六七八九十]", words) and not _MEASURED.search(act) and not has_act(act)
        return CellContext("amount", f"{time}完成{act}" if bare else time + act, "", actor, criteria)

    def _find_act(self, column: int, known: dict[int, str]) -> str:
        """The act of the row: of the act columns the nearest before this one, else any; else what the head names."""
        for wanted in ("act", "topic", "other"):
            acts = [at for at, kind in self.kinds.items() if kind == wanted and at in known and at != column]
            near = [at for at in acts if at < column] or acts[:1]
            if near and self.kinds.get(column) == "time":
                near = near if wanted == "act" else near[:1]
            if near and (len(known[near[-1]]) <= 40 and not _is_counted_head(self.heads.get(column, ""))):
                return re.sub(r"[。;,、:]+$", "", known[near[-1]])
        return re.sub(r"(?:数量|[户条人场块份次]?数|目标值?|频次)$", "", self.heads.get(column, ""))

    def _find_dated(self, row: _Row) -> int | None:
        """The column of the act that the row's day (no stretch of days) dates, where the row holds no measure."""
        times = [column for column, kind in self.kinds.items() if kind == "time" and column in row.words]
        if not times or self._is_measured(row) or not _is_day(row.words[times[0]]):
            return None
        for wanted in ("act", "topic", "other"):
            acts = [column for column, kind in self.kinds.items() if kind == wanted and column in row.words]
            acts = [column for column in acts if not _DASH.fullmatch(row.words[column])]
            if acts:
                before = [column for column in acts if column < times[0]]
                return before[-1] if before else acts[0]
        return None

    def _is_measured(self, row: _Row, kinds: tuple[str, ...] = ("act", "amount", "topic", "other")) -> bool:
        """Whether an act or amount of the row asks by itself, so that its time cell only dates it."""
        return any(self._asks(words) for column, words in row.words.items() if self.kinds.get(column) in kinds)


_DASH = re.compile(r"[-—–/、.·]{1,4}|无|略")
"""A cell that is left empty."""


def _name_section(row: _Row) -> str | None:
    """The body that a heading between rows names, if it is one and no mere place."""
    named = [label for words in row.written.values() if (label := find_label(words)) and not is_place(label)]
    return named[0] if named else None


def _is_counted_head(head: str) -> bool:
    """横幅数量, 入户户数: the head itself names what is counted."""
    return len(head) > 3 and bool(_COUNTED.search(head)) and not re.search(r"任务|目标|计划|要求", head)


def _name_kind(head: str) -> Kind | None:
    return next((kind for kind, pattern in _HEADS if pattern.search(head)), None)


def _asks(words: str) -> bool:
    """Whether the words hold a measure."""
    if not re.search(r"[\d一二两三四五六七八九十每逐全零%各周月季年]", words):
        return False
    return bool(find_findings(split_pieces(words, _NO_YEAR), False) or find_amounts(words))


def _is_day(words: str) -> bool:
    """Whether a time cell names one day or month, and neither a stretch of days nor a cadence."""
    dates = find_dates(_FINISHED.sub("", words.strip("。;,")), _NO_YEAR)
    return len(words) <= 30 and len(dates) == 1 and dates[0].kind in ("by", "on")


def _say_time(words: str) -> str:
    """The words of a time cell if they say a time at all, so that they can stand before the act."""
    plain = _FINISHED.sub("", words.strip("。;,"))
    usable = len(plain) <= 30 and (find_dates(plain, _NO_YEAR) or find_cadences(plain))
    return plain if usable else ""
