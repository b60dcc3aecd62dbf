"""A password is judged by what is left of it when everything that can be guessed is taken away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.password import FREQUENT, LEAST_OWN, LONGEST, SHORTEST, check_password, count_own, fold
from wuzha.core.base.pinyin import READINGS, read_text

ABOUT = ("east-grid", "柳湾村网格员", "石桥县", "青石镇中心小学", "SQ0101", "13912345678")


def list_codes(password: str, *about: str) -> list[str]:
    return [problem.code for problem in check_password(password, about)]


@pytest.mark.parametrize(
    "password",
    [
        *(
            "quiet-river-77",
            "a-long-enough-password",
            "sunny-bridge-42",
            "竹竿上晾着三条旧毛巾呀",
            "correct horse battery",
        ),
        *("gudaoxifengshouma", "8fK2-pqLm-77", "水稻 电线杆 蓝墨水 九"),
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_good(password: str) -> None:
    assert list_codes(password, *ABOUT) == []


@pytest.mark.parametrize(
    "password",
    [
        *("1234567890", "123456789a", "a123456789", "5201314520", "woaini1314520", "qq123456789", "iloveyou1314"),
        *("password123", "Password@2026", "P@ssw0rd123", "Admin@123456", "admin888888", "root123456", "test@20261122"),
        *("qwertyuiop", "asdfghjkl1", "1qaz2wsx3edc", "zxcvbnm123", "1q2w3e4r5t", "qazwsxedc123", "0987654321"),
        *("13912345678", "mima13912345678", "19900101aa", "abc20001231", "zhang19850612", "147258369a", "abcd123456"),
        *("Fanzha@2026", "wuzha123456", "gongan110110", "zhengfu2026!", "laopo520520", "Woaini5201314", "aini7758521"),
        *("１２３４５６７８９０", "ＡＤＭＩＮ１２３４５６", "Zhongguo1949", "beijing2008!!", "iloveyou520!"),
    ],
)
def test_what_everybody_tries_first_is_refused(password: str) -> None:
    assert "password.frequent" in list_codes(password)


@pytest.mark.parametrize(
    "password",
    [
        *("east-grid2026", "eastgrid-east-grid1", "shiqiao@2026", "Shiqiaoxian123", "石桥县123456", "liuwancun888"),
        *("sqx_123456789", "qingshizhen1!", "sq0101sq0101", "13912345678abc", "石桥石桥石桥石桥石桥石"),
    ],
)
def test_what_belongs_to_the_person_and_the_unit_is_refused(password: str) -> None:
    assert set(list_codes(password, *ABOUT)) & {"password.personal", "password.frequent"}


def test_the_same_password_is_good_for_whom_it_tells_nothing_about() -> None:
    assert list_codes("shiqiao-liuwan", *ABOUT) == ["password.personal"]
    assert list_codes("shiqiao-liuwan", "河口镇") == []


@pytest.mark.parametrize(("length", "codes"), [(SHORTEST - 1, ["password.short"]), (SHORTEST, [])])
def test_ten_signs_are_enough_and_nine_are_not(length: int, codes: list[str]) -> None:
    assert list_codes("gk7-pwzmtr"[:length]) == codes


def test_a_password_may_be_long_and_no_longer_than_is_looked_at() -> None:
    assert list_codes("gk7-pwzmtr" * 12) == []
    assert list_codes("x" * (LONGEST + 1)) == ["password.long"]
    assert list_codes("x" * 1_000_000) == ["password.long"]


def test_a_few_signs_again_and_again_are_few() -> None:
    assert "password.same" in list_codes("xkxkxkxkxkxk")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert list_codes("1111") == ["password.short", "password.same", "password.frequent"]


@given(st.text(max_size=LONGEST), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_is_judged_and_more_known_pieces_never_leave_more(password: str, about: list[str]) -> None:
    folded = fold(password)
    alone, known = count_own(folded, FREQUENT), count_own(folded, (*FREQUENT, *filter(None, map(fold, about))))
    assert 0 <= known <= alone <= len(folded)
    check_password(password, about)


@given(st.sampled_from(FREQUENT), st.sampled_from(FREQUENT), st.integers(0, 999999))
def test_frequent_pieces_put_together_stay_frequent(first: str, second: str, number: int) -> None:
    folded = first + second + str(number)
    assert count_own(folded, FREQUENT) <= len(str(number))
    assert count_own(folded + "8888", FREQUENT) <= len(str(number))


def test_places_are_read_as_they_are_called() -> None:
    assert "".join(read_text("石桥县青石镇柳湾村东社区")) == "shiqiaoxianqingshizhenliuwancundongshequ"
    assert "".join(read_text("河口镇渡头村农商行派出所")) == "hekouzhendutoucunnongshangxing" + "paichusuo"
    assert "".join(read_text("省市县声生南开干部责任租走戳聪")) == "shengshixianshengshengnankaiganbuzerenzuzouchuocong"


def test_what_is_no_common_character_has_no_reading() -> None:
    assert read_text("abc 123 亍 ，🙂") == ()
    assert len(READINGS) == 396


def test_least_own_signs_are_counted_past_every_piece() -> None:
    assert count_own("admin" + "gkvzp", FREQUENT) == LEAST_OWN
    assert list_codes("admingkvzp") == []
    assert list_codes("adminadmingkvz") == ["password.frequent"]
