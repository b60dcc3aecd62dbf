"""Numbers of persons in free text: found however they are written, masked, and had back to the sign."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.base.personal import (
    find_numbers,
    is_identity,
    mask_numbers,
    mask_text,
    passes_luhn,
    tell_number,
    unmask,
)
from wuzha.core.plan.lint.privacy import mask_people

SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
FORMAL = str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖")
FULL = str.maketrans("0123456789", "０１２３４５６７８９")
BETWEEN = st.sampled_from((" ", "-", "－", "　", "\u00a0", "—", " - ", ".", "\u200b", "/", "·", "．", "\u00ad", ")"))
mobiles = st.from_regex(re.compile(r"1[3-9][0-9]{9}", re.ASCII), fullmatch=True)
words = st.text(st.sampled_from("电话联系人王某，。（）Aa：户号共办了\n"), max_size=8)


@st.composite
def written_mobiles(draw: st.DrawFn) -> str:
    digits = draw(mobiles)
    groups = draw(st.sampled_from(((11,), (3, 4, 4), (3, 8), (7, 4), (4, 3, 4), (4, 4, 3), (3, 2, 2, 2, 2), (1,) * 11)))
    at, parts = 0, []
    for size in groups:
        parts.append(digits[at : at + size])
        at += size
    text = draw(BETWEEN).join(parts)
    prefix = draw(st.sampled_from(("", "+86", "+86 ", "86-", "0086", "0")))
    script = draw(st.sampled_from((None, FULL, SPOKEN, FORMAL)))
    return (prefix + text).translate(script) if script else prefix + text


@st.composite
def identities(draw: st.DrawFn) -> str:
    body = draw(
        st.from_regex(
            re.compile(r"[1-6][0-9]{5}(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}", re.ASCII),
            fullmatch=True,
        )
    )
    return next(body + sign for sign in "0123456789X" if is_identity(body + sign))


@st.composite
def cards(draw: st.DrawFn) -> str:
    body = draw(st.from_regex(re.compile(r"62[0-9]{13,16}", re.ASCII), fullmatch=True))
    return next(body + sign for sign in "0123456789" if passes_luhn(body + sign))


def digits_of(text: str) -> str:
    spoken = {**dict(zip("〇一二三四五六七八九", range(10), strict=True)), "零": 0, "幺": 1}
    spoken |= dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True))
    return "".join(
        str(spoken[sign] if sign in spoken else int(sign)) for sign in text if sign.isdecimal() or sign in spoken
    )


@given(words, written_mobiles(), words)
def test_a_mobile_number_is_never_left_readable_however_it_is_written(before: str, number: str, after: str) -> None:
    masked, parts = mask_numbers(before + number + after)
    assert len(digits_of(masked)) <= len(digits_of(number)) - 4
    assert not find_numbers(masked)
    assert unmask(masked, parts) == before + number + after


@given(words, st.one_of(identities(), cards()), words, st.sampled_from((" ", "　", "")))
def test_identity_and_card_numbers_keep_at_most_five_digits(before: str, number: str, after: str, gap: str) -> None:
    number = gap.join((number[:4], number[4:8], number[8:12], number[12:16], number[16:])).strip()
    masked, parts = mask_numbers(f"{before}{number}{after}")
    assert len(digits_of(masked)) <= 5
    assert unmask(masked, parts) == f"{before}{number}{after}"


@given(st.text(st.sampled_from("0123456789１３８ -xX*件，年"), max_size=60))
def test_masking_is_idempotent_exact_and_changes_nothing_outside_of_what_it_found(text: str) -> None:
    masked, parts = mask_numbers(text)
    assert mask_text(masked) == masked
    assert len(masked) == len(text)
    assert unmask(masked, parts) == text
    covered = {at for part in parts for at in range(part.start, part.end)}
    assert all(masked[at] == text[at] for at in range(len(text)) if at not in covered)


@given(st.text(max_size=80))
def test_any_text_at_all_is_masked_to_its_own_length(text: str) -> None:
    masked, parts = mask_numbers(text)
    assert unmask(masked, parts) == text
    assert mask_text(masked) == masked


WRITTEN = (
    *("(138)5550-1234", "（138）55501234", "138-55-50-12-34", "138.5550.1234", "138/5550/1234", "138·5550·1234"),
    *("１３８５５５０１２３４", "138\u00ad5550\u00ad1234", "138\u200e5550\u200e1234", "(86)138-5550-1234"),
    *(
        "+86（138）5550-1234",
        "138 55 50 12 34",
        "138　5550　1234",
        "一三八五五五〇一二三四",
        "一三八 五五五〇 一二三四",
    ),
    *("幺三八五五五零一二三四", "壹叁捌伍伍伍零壹贰叁肆", "一三八55501234", "1３8五5五0１2叁4"),
)


@pytest.mark.parametrize("number", WRITTEN)
def test_every_way_of_writing_a_mobile_number_is_one_mobile_number(number: str) -> None:
    (found,) = find_numbers(f"请联系{number}。")
    assert (found.kind, tell_number(number)) == ("mobile", "13855501234")
    masked, parts = mask_numbers(f"请联系{number}。")
    assert digits_of(masked).removeprefix("86") == "1381234"
    assert unmask(masked, parts) == f"请联系{number}。"


def test_an_identity_number_of_fifteen_digits_is_found_by_its_province_and_its_day() -> None:
    assert mask_text("证号110105491231002。") == "证号110**********02。"
    for text in ("990105491231002", "110105491331002", "文件号WZ110105491231002", "1101054912310021 件"):
        assert mask_text(text) == text


@given(st.lists(st.one_of(mobiles, identities()), min_size=2, max_size=5))
def test_numbers_that_were_joined_are_found_one_by_one(numbers: list[str]) -> None:
    joined = "".join(numbers)
    masked, parts = mask_numbers(f"名单：{joined}。")
    assert unmask(masked, parts) == f"名单：{joined}。"
    assert masked.count("*") >= sum(4 if len(number) == 11 else 12 for number in numbers)


amounts = st.builds("{}{}".format, st.decimals(0, 10**9, places=2), st.sampled_from(("元", "万元")))
FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
days = st.builds(lambda on, form: on.strftime(form), st.dates(date(1900, 1, 1)), st.sampled_from(FORMS))
fixed = ("三（二）1.", "“十五五”规划", "二〇二六年十一月二十二日", "一、二、三、四", "0571-87654321", "12.5%", "96110")
figures = st.one_of(
    amounts,
    days,
    st.times().map(lambda at: f"{at:%H:%M:%S}"),
    st.uuids().map(str),
    st.binary(min_size=32, max_size=32).map(bytes.hex).filter(lambda text: not text.isdecimal()),
    st.integers(0, 999_999_999).map(lambda count: f"{count:,}人次"),
    st.builds(lambda year, number: f"石反诈办〔{year}〕{number}号", st.integers(2000, 2099), st.integers(1, 999)),
    st.builds(lambda first, second: f"第{first}至{second}页", st.integers(1, 999), st.integers(1, 999)),
    st.sampled_from(
        ("三（二）1.", "“十五五”规划", "二〇二六年十一月二十二日", "一、二、三、四", "0571-87654321", "12.5%", "96110")
    ),
)


@given(st.lists(st.tuples(words, figures), min_size=1, max_size=8))
def test_figures_days_sums_and_ids_in_office_text_stay_as_they_are(told: list[tuple[str, str]]) -> None:
    text = "，".join(before + figure for before, figure in told)
    assert mask_text(text) == text


def test_sums_of_money_are_no_numbers_of_a_person() -> None:
    for text in ("13855501234元", "涉案13855501234.50元", "共 13855501234 万元"):
        assert mask_text(text) == text


def test_a_mobile_number_keeps_its_first_three_and_last_four_digits() -> None:
    assert mask_text("请打13900000001") == "请打139****0001"
    assert mask_text("+86 139-0000-0001") == "+86 139-****-0001"
    assert mask_text("１３９００００００１１") == "１３９****００１１"


def test_an_identity_number_with_a_wrong_check_sign_is_no_number_of_a_person() -> None:
    assert mask_text("编号110105194912310020") == "编号110105194912310020"
    assert mask_text("编号11010519491231002x") == "编号110*************2x"


def test_dates_amounts_land_lines_plates_and_ids_stay_as_they_are() -> None:
    for text in (
        "2026-11-22 18:30 到 2026-11-23 09:00",
        "发放1500份，覆盖12000人，金额13812345.60元",
        "96110、0571-87654321、400-810-1234",
        "018f3c1e-0000-7000-8000-000000000001",
        "编号2026113812345678901234567",
        "12345678901",
    ):
        assert mask_text(text) == text


def test_a_number_right_behind_a_date_or_a_letter_is_found_all_the_same() -> None:
    assert mask_text("2026 13900000001") == "2026 139****0001"
    assert mask_text("tel13900000001转") == "tel139****0001转"
    assert mask_text("13900000001/13900000002") == "139****0001/139****0002"


def test_what_is_left_of_one_number_does_not_read_as_another_with_its_neighbour() -> None:
    masked, parts = mask_numbers("13912341391 1234 567")
    assert not find_numbers(masked)
    assert unmask(masked, parts) == "13912341391 1234 567"


def test_of_a_contact_line_the_surname_stays_and_the_text_keeps_its_length() -> None:
    line = "联系人：王小例，电话13900000001；举报请打96110。"
    assert mask_people(line) == "联系人：王某某，电话***********；举报请打96110。"
    assert len(mask_people(line)) == len(line)
    assert mask_people("各村每月办一场活动，不少于50人。") == "各村每月办一场活动，不少于50人。"
