"""How often a demand is owed: what the words say, else once, else continuously, else nothing."""

from wuzha.core.plan.phrases.amount import Hit
from wuzha.core.plan.phrases.cadence import is_continuous
from wuzha.core.plan.phrases.deadline import DateHit
from wuzha.core.plan.phrases.group import Finding
from wuzha.core.plan.phrases.quick import quick
from wuzha.core.plan.phrases.sense import gives_out

_EVENT_UNITS = ("次", "场", "期", "轮", "场次", "遍", "堂", "节", "回")
_FOUNDS = quick(
    r"成立|组建|建(?=[一-龥]{1,5}[队组团][一两二三\d]?支?)|建立|安排|确定|指定|明确|任命|[设选配聘](?=[^,]{0,10}?[一二两三\d]{1,2}[名位])|[推选][选派举出配]|配备|聘请|聘任|招[募聘收录]|征[召募]|遴选|选聘|吸纳|吸收|发展"
)
_GIVEN_ONCE = ("信", "码", "份", "册", "本", "张", "封", "卡", "课", "堂", "节")
_GIVES = quick(r"完成|画|写|发|送|签|寄|带|领|派|递|致|讲|上|印|教|给|交")
_NEVER_FOUNDED = (
    "分钟",
    "小时",
    "课时",
    "学时",
    "天",
    "年",
    "平方米",
    "字",
    "种",
    "处",
    "块",
    "条",
    "份",
    "张",
    "套",
    "台",
)
_EACH_HEAD = quick(r"每(?:[户人家生]|[名个位家所][一-龥]{1,8}?)|一[人户家机生店车]一|人手一")
_SAME_DAY = ("relative: 当日", "relative: 当天", "relative: 当日内", "relative: 当天内")
"""Owed on the day of each event, and nobody knows how often that is."""

_A_TIME = quick(r"(?:一|1)(?:次|遍|轮|场)")
_HOLDS = quick(r"召开|举行|举办|(?<![召展])开(?!展)[^,]{0,8}会|人手一")
_ATTENDS = quick(r"参加[^,]{0,16}(?:测试|考试|培训|讲座|答题|大会|轮训)")
_STANDING = quick(r"管控|稳控|监管|看护")


def find_cadence(finding: Finding, date_: DateHit | None) -> str | None:
    if finding.cadence:
        return finding.cadence.cadence
    hit = finding.hit
    if date_ and (date_.kind == "recurrent" or date_.deadline in _SAME_DAY):
        return (date_.deadline or "").split()[0] if date_.kind == "recurrent" else None
    if date_ and (hit is None or not (finding.when_it_happens and finding.date is None)):
        return "once"
    if hit is None:
        return None
    bans = hit.marker == "一律不得" or (hit.sense in ("zero", "share-out") and _STANDING.search(finding.words))
    if is_continuous(finding.words) or bans:
        return "continuous"
    return "once" if _is_one_off(finding, hit) else None


def _is_one_off(finding: Finding, hit: Hit) -> bool:
    """举行一次, 成立一支, 每人生成: done once and then done. What must stand or be reached, what is owed whenever
    something happens, and a total of several (不少于3轮) have no frequency."""
    if finding.step or finding.when_it_happens or finding.qualifies:
        return False
    if hit.sense == "count" and hit.unit in _EVENT_UNITS:
        return hit.value == 1 or hit.marker == "bare"
    if hit.value == 1 and hit.unit in _GIVEN_ONCE and _EACH_HEAD.search(finding.words):
        return bool(_GIVES.search(finding.words))
    if hit.sense == "share-out":
        return hit.unit in _GIVEN_ONCE and gives_out(finding.words)
    founds = bool(_FOUNDS.search(finding.words)) and hit.per is None and hit.unit not in _NEVER_FOUNDED
    if hit.sense == "totality":
        return _is_total_once(finding, hit)
    single = hit.comparator == "==" or (hit.value == 1 and hit.marker != "bare")
    return hit.sense == "count" and founds and (single or hit.unit not in ("名", "位"))


def _is_total_once(finding: Finding, hit: Hit) -> bool:
    """每人生成, 全体开会, 逐一明确 and 逐一谈话一次; 逐户走访 has no frequency."""
    if hit.unit == "个" and hit.comparator == "==":
        return True
    attends = not hit.marker.startswith("全部") and _ATTENDS.search(finding.words)
    if attends or _HOLDS.search(finding.local) or _A_TIME.search(finding.local):
        return True
    each_case = hit.marker.startswith(("逐案", "逐起", "逐笔"))
    return hit.marker.startswith("逐") and not each_case and bool(_FOUNDS.match(finding.words, hit.end))
