"""What makes a password too easy to guess: it is short, or hardly more than pieces that everybody tries first.

No rule of composition: a capital, a digit and a sign make "Wuzha@2026" no harder to guess. What counts is the length,
and how much is left of a password when what can be guessed is taken away: frequent words and numbers, runs of the
keyboard, years, telephone numbers, and what belongs to its person and unit. Source of the thought: NIST SP 800-63B
5.1.1.2; a length of ten is more than GB/T 22239 asks for (eight).
"""

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from unicodedata import normalize

from wuzha.core.base.pinyin import read_text
from wuzha.core.base.problem import NOWHERE, Problem, make_problem

SHORTEST, LONGEST = 10, 128
# So many signs must be left that are no part of anything guessable, and so many different ones in all.
LEAST_OWN = 5
LEAST_DIFFERENT = 5
SHORTEST_RUN = 3
# What people in China choose most, and the words of this office; put together here from habits, not from a leak.
HABITS = """
password passwd pass word admin administrator root user test guest demo temp welcome login letmein hello iloveyou
love master dragon monkey sunshine princess football superman secret system manager woaini woaiwo aini woai wode
mima nihao laopo laogong baobao baobei mama baba jiayou facai zhufu zhongguo china beijing shanghai gongan jingcha
minjing fanzha wuzha pingan zhengfu xuanchuan zhapian bangong renmin dangzheng zhengfawei lianxiban zhuangan wangge
wanggeyuan sheqv shequ xiang zhen cun xian weixin wechat taobao alipay zhifubao huawei xiaomi iphone vivo oppo
tencent baidu 1314 520 521 5201314 1314520 7758521 7758258 147258 147258369 159357 123321 112233 a1b2c3 q1w2e3r4
1q2w3e4r wang zhang liu chen yang zhao huang zhou abc aaa qaz wsx qq asd 110 119 96110 12381 jintian mingtian
"""
FREQUENT = tuple(HABITS.split())
ROWS = (
    *("1234567890-=", "0123456789", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "abcdefghijklmnopqrstuvwxyz"),
    *("!@#$%^&*()_+", "147258369", "741852963", "789456123"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/", "qazwsxedcrfvtgbyhnujm", "1q2w3e4r5t6y7u8i9o0p"),
)
# How letters are written as signs that look like them, which those who guess know too.
LOOKALIKE = MappingProxyType(str.maketrans("@4310$5!7", "aaeiossit"))
# The kinds of unit that end a name: the county is called by what stands before.
ENDINGS = (
    "人民政府",
    "办事处",
    "派出所",
    "公安局",
    "街道",
    "社区",
    "委员会",
    "县",
    "市",
    "区",
    "乡",
    "镇",
    "村",
    "局",
    "办",
)


def fold(text: str) -> str:
    return normalize("NFKC", text).casefold()


def check_password(password: str, about: Iterable[str] = ()) -> tuple[Problem, ...]:
    """Everything that is wrong with it. ``about`` are texts of its person: user name, name, telephone, units."""
    if len(password) > LONGEST:
        return (make_problem("password.long", NOWHERE, most=LONGEST),)
    folded = fold(password)
    problems = []
    if len(password) < SHORTEST:
        problems.append(make_problem("password.short", NOWHERE, least=SHORTEST))
    if len(set(folded)) < LEAST_DIFFERENT:
        problems.append(make_problem("password.same", NOWHERE))
    own = frozenset(list_own_pieces(about))
    if count_own(folded, FREQUENT) < LEAST_OWN:
        problems.append(make_problem("password.frequent", NOWHERE))
    elif count_own(folded, (*FREQUENT, *own)) < LEAST_OWN:
        problems.append(make_problem("password.personal", NOWHERE))
    return tuple(problems)


def list_own_pieces(about: Iterable[str]) -> Iterator[str]:
    """What of a person's texts would be tried: as written, by each unit named in it, in pinyin, by its initials."""
    for text in about:
        for called in {fold(one) for one in (text, *_list_names(text))}:
            readings = read_text(called)
            bare = "".join(sign for sign in called if sign.isalnum())
            pieces = (called, bare, "".join(readings), "".join(reading[0] for reading in readings))
            yield from (piece for piece in pieces if len(piece) >= (SHORTEST_RUN if piece.isascii() else 2))


def _list_names(text: str) -> Iterator[str]:
    """石桥 and 石桥县 of 石桥县青石镇…: what stands before the kind of a unit, and with it."""
    for end in ENDINGS:
        at = text.find(end)
        if at >= 2:
            yield from (text[:at], text[: at + len(end)])


def count_own(folded: str, pieces: Iterable[str]) -> int:
    """How many signs are left at least when all that can be guessed is taken away, however the text is cut."""
    known, plain = tuple(pieces), folded.translate(LOOKALIKE)
    left = [0] * (len(folded) + 1)
    for at in range(len(folded) - 1, -1, -1):
        ends = [at + length for one in (folded, plain) for length in _measure(one, at, known)]
        left[at] = min((1 + left[at + 1], *(left[end] for end in ends)))
    return left[0]


def _measure(text: str, at: int, pieces: tuple[str, ...]) -> list[int]:
    """How long the pieces are that begin here."""
    lengths = [len(piece) for piece in pieces if text.startswith(piece, at)]
    lengths += [length for row in ROWS for length in (_run(text, at, row), _run(text, at, row[::-1])) if length]
    same = next((n for n, sign in enumerate(text[at:]) if sign != text[at]), len(text) - at)
    return [*lengths, *([same] if same >= SHORTEST_RUN else []), *_measure_number(text[at:])]


def _run(text: str, at: int, row: str) -> int:
    """How many signs from here on stand beside each other in the row, if they are enough to be a habit."""
    place, length = row.find(text[at]), 1
    while place >= 0 and at + length < len(text) and row[place + length : place + length + 1] == text[at + length]:
        length += 1
    return length if place >= 0 and length >= SHORTEST_RUN else 0


def _measure_number(rest: str) -> Iterator[int]:
    """Telephone numbers, days of birth, years: whoever guesses knows their shape."""
    digits = next((rest[:n] for n, sign in enumerate(rest) if not ("0" <= sign <= "9")), rest)
    if len(digits) >= 11 and digits[0] == "1" and digits[1] in "3456789":
        yield 11
    if len(digits) >= 4 and digits[:2] in ("19", "20"):
        yield 4
        if len(digits) >= 8 and digits[4:6] <= "12" and digits[6:8] <= "31":
            yield 8
