"""How many plans are read in a second, and in how much memory. Run by ``make bench``; prints one table.

The plans are made of the sentences of ``tests/core/reading`` between prose that asks for nothing: some thirty demands
in 5,000 characters, nearly twice as many as the issued plans at hand hold. Those are read as well, where they lie
beside the checkout. Each figure stands beside its ratio to splitting the same text into its clauses with one
expression in the same run.
"""

import random
import re
import resource
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import yaml

from wuzha.core.plan.place import draft_plan
from wuzha.core.plan.read import read_plan
from wuzha.core.plan.reading import reading_to_json

PLANS = 200
CHARACTERS = 5000
ROUNDS = 3
PROMISED_PLANS_PER_S = 100
PROMISED_MB = 200
ISSUED = Path(__file__).parents[3] / "shared" / "seeds"
SENTENCES = Path(__file__).parents[1] / "core" / "reading"
SECTIONS = ("总体要求", "主要目标", "工作任务", "宣传措施", "时间安排", "职责分工", "工作要求", "保障措施")
PROSE = (
    "近年来，电信网络诈骗手法翻新快、迷惑性强，刷单返利、虚假投资、冒充客服、冒充公检法等类型交替出现，严重侵害群众财产安全，也影响社会稳定。",
    "各级各部门要充分认识这项工作的重要性和长期性，把思想和行动统一到上级的部署上来，切实增强做好宣传防范工作的责任感和紧迫感。",
    "要结合当地实际，把反诈宣传与平安建设、基层治理、文明创建等工作一同谋划、一同部署，形成党委领导、政府主导、部门协同、社会参与的格局。",
    "针对老年人、学生、企业财会人员等易受骗群体，讲清常见骗局的特点和识别办法，做到看得懂、听得进、记得住，让防骗知识走进千家万户。",
    "充分发挥网格员人熟、地熟、情况熟的优势，在日常走访、矛盾调解、服务群众的过程中顺带开展提醒，避免重复登门、增加群众负担。",
    "对宣传中发现的新情况新问题，要认真分析原因，研究解决办法，总结推广好的做法，推动工作不断深入。",
    "要把握正确导向，注意方式方法，不得夸大渲染，不得泄露案件秘密和个人隐私，防止引起群众恐慌。",
    "去年全县共立电信网络诈骗案件三百余起，其中刷单返利类占四成，受害人以中青年为主，反映出宣传的针对性还不够强。",
)
"""What stands between the demands of a plan: situation, purposes, attitudes."""

DEMAND_SHARE = 0.3


def main() -> None:
    texts = make_plans()
    at_rest = peak_mb()
    for text in texts[:5]:
        read_plan(text)
    base = median(clock(lambda: split(texts)) for _ in range(ROUNDS))
    reading = median(clock(lambda: read(texts)) for _ in range(ROUNDS))
    readings = [read_plan(text) for text in texts]
    drafting = median(clock(lambda: [draft_plan(one, 2027) for one in readings]) for _ in range(ROUNDS))
    writing = median(clock(lambda: [reading_to_json(one) for one in readings]) for _ in range(ROUNDS))
    found = sum(len(one.demands) for one in readings) / PLANS
    print(
        f"\n{PLANS} plans of {sum(map(len, texts)) // PLANS:,} characters, {found:.0f} demands each, on one processor"
    )
    print(f"{'':52}{'plans/s':>9}{'ms a plan':>11}{'× split':>9}")
    for name, seconds in (
        ("splitting into clauses with one expression (split)", base),
        ("reading", reading),
        ("drafting the duties", drafting),
        ("writing as JSON", writing),
    ):
        print(f"{name:52}{PLANS / seconds:9.0f}{seconds * 1000 / PLANS:11.2f}{seconds / base:9.1f}")
    print_issued()
    print(f"memory: {at_rest:.0f} MB at rest, {peak_mb():.0f} MB at most, all readings held")
    print(f"promised: {PROMISED_PLANS_PER_S} plans/s, under {PROMISED_MB} MB")


def print_issued() -> None:
    """The issued plans, each as long as it is; a plan counts as one for each 5,000 characters."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(ISSUED.glob("*.txt"))] * 20
    if not texts:
        return
    plans = sum(map(len, texts)) / CHARACTERS
    base = median(clock(lambda: split(texts)) for _ in range(ROUNDS))
    reading = median(clock(lambda: read(texts)) for _ in range(ROUNDS))
    found = sum(len(read_plan(text).demands) for text in texts) / plans
    name = f"reading plans as issued, {found:.0f} demands in {CHARACTERS:,} characters"
    print(f"{name:52}{plans / reading:9.0f}{reading * 1000 / plans:11.2f}{reading / base:9.1f}")


def make_plans() -> list[str]:
    """Plans of about 5,000 characters under numbered headings; the same ones in every run."""
    chance = random.Random(20261122)
    pool = [example["text"] for file in sorted(SENTENCES.glob("*.yaml")) for example in load(file)]
    return [make_plan(chance, pool, number) for number in range(PLANS)]


def load(file: Path) -> list[dict[str, str]]:
    return [example for example in yaml.safe_load(file.read_text(encoding="utf-8")) if not example.get("whole")]


def make_plan(chance: random.Random, pool: list[str], number: int) -> str:
    lines = [f"石桥县第{number + 1}号反诈宣传工作方案", "各村、各单位："]
    for at, section in enumerate(SECTIONS):
        lines.append(f"{'一二三四五六七八'[at]}、{section}")
        while sum(map(len, lines)) < CHARACTERS * (at + 1) / len(SECTIONS):
            lines.append(chance.choice(pool if chance.random() < DEMAND_SHARE else PROSE))
    return "\n".join([*lines, "石桥县反诈联席办", "2027年1月5日", ""])


def split(texts: list[str]) -> int:
    clause = re.compile(r"[^，。；：！？\n]+")
    return sum(len(clause.findall(text)) for text in texts)


def read(texts: list[str]) -> None:
    for text in texts:
        read_plan(text)


def clock(work: Callable[[], object]) -> float:
    """Seconds of the processor that the work takes: others on the machine do not count."""
    start = time.process_time()
    work()
    return time.process_time() - start


def peak_mb() -> float:
    """The most memory that this process ever held; Linux says it in kibibytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
