"""The phone page's shell, its service worker and its files: the same for everybody, small, and whole."""

import gzip
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.web.cast import Cast
from tests.web.conftest import Visit
from wuzha.adapters.sample import files as sample_files
from wuzha.adapters.wording.record import CHANGES as CHANGES_IN_SENTENCES
from wuzha.core.ledger.parse import CHANGE_WORDS, GRADE_WORDS
from wuzha.core.ledger.sheet import CHANGE_TITLES
from wuzha.web.campaign.phone import FILES, find_version
from wuzha.web.campaign.phone_words import WORDS
from wuzha.web.campaign.wording import CHANGES, GRADES

SCRIPTS = Path(settings.PACKAGE) / "web/static/phone"
MOST_BYTES = 150 * 1024


def read_head(client: Client) -> dict[str, object]:
    """What the service worker was told to keep."""
    text = client.get(reverse("campaign:phone-worker")).content.decode()
    told: dict[str, object] = json.loads(text.split("self.WUZHA = ")[1].split(";\n")[0])
    return told


def read_scripts() -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in sorted(SCRIPTS.glob("*.js")))


def test_the_shell_is_the_same_for_everybody_and_names_nobody(cast: Cast, visit: Visit) -> None:
    stranger = Client().get(reverse("campaign:phone")).content
    assert stranger == visit(cast.officer).get(reverse("campaign:phone")).content
    assert not any(str(user).encode() in stranger for user in cast.people.values())
    assert not any(unit.name.encode() in stranger for unit in cast.units.values())


def test_the_shell_allows_scripts_and_styles_of_this_site_only(db: None) -> None:
    answer = Client().get(reverse("campaign:phone"))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*(src=|type=\"application/json\"))", page)
    assert not re.search(r"\s(style|on\w+)=", page)


def test_everything_the_page_needs_is_kept_by_the_service_worker(db: None) -> None:
    client = Client()
    files = read_head(client)["files"]
    assert isinstance(files, list)
    assert files[0] == "/phone/"
    for address in files:
        assert client.get(address).status_code == 200, address
    shell = client.get("/phone/").content.decode()
    asked = set(re.findall(r'(?:src|href)="(/phone/[^"#]+\.(?:js|css|svg))', shell))
    imported = {f"/phone/{find_version()}/{name}" for name in re.findall(r'from "\./(\w+\.js)"', read_scripts())}
    assert asked | imported <= set(files)


def test_a_file_is_kept_for_good_under_its_version_and_unknown_under_any_other(db: None) -> None:
    client = Client()
    answer = client.get(reverse("campaign:phone-file", args=[find_version(), "app.js"]))
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(reverse("campaign:phone-file", args=["0123456789abcdef", "app.js"])).status_code == 404
    assert client.get(reverse("campaign:phone-file", args=[find_version(), "settings.py"])).status_code == 404


def test_another_language_is_another_version_of_the_page(db: None) -> None:
    english = Client(headers={"Accept-Language": "en"})
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert read_head(Client())["version"] != read_head(english)["version"]
    assert "My tasks" in english.get("/phone/").content.decode()


def test_the_first_load_stays_far_below_its_limit(db: None) -> None:
    client = Client()
    files = read_head(client)["files"]
    assert isinstance(files, list)
    assert sum(len(gzip.compress(client.get(address).content)) for address in files) <= MOST_BYTES


def test_the_scripts_ask_for_every_sentence_that_there_is_and_for_no_other() -> None:
    scripts = read_scripts()
    asked = set(re.findall(r'say\(\s*"(\w+)"', scripts))
    chosen = set(re.findall(r'(?<=[?:(] )"(\w+)"|\(\w[^()]*\? "(\w+)" : "(\w+)"', scripts))
    mentioned = asked | {word for found in chosen for word in found}
    patterned = {
        key for key in WORDS if key.startswith(("field_", "shape_", "change_", "grade_", "settled_", "verdict_"))
    }
    assert asked <= set(WORDS)
    assert set(WORDS) - patterned <= mentioned | asked


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_is_there(name: str) -> None:
    assert finders.find(FILES[name][0])


def measure_png(content: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(content)) as picture:
        assert picture.format == "PNG"
        return picture.size


def test_the_manifest_puts_the_page_on_a_home_screen(db: None) -> None:
    client = Client()
    told = client.get(reverse("campaign:phone-manifest")).json()
    assert (told["start_url"], told["scope"], told["display"]) == ("/phone/", "/phone/", "standalone")
    icons = {icon["sizes"]: client.get(icon["src"]) for icon in told["icons"]}
    assert icons["any"].status_code == 200
    for size in (192, 512):
        answer = icons[f"{size}x{size}"]
        assert answer.headers["Content-Type"] == "image/png"
        assert measure_png(answer.content) == (size, size)


def test_an_iphone_finds_an_icon_that_it_can_show_and_opens_without_its_bars(db: None) -> None:
    """iOS takes no SVG, cuts the corners itself and paints what shows through black."""
    client = Client()
    shell = client.get("/phone/").content.decode()
    found = re.search(r'<link rel="apple-touch-icon" sizes="180x180" href="([^"]+)">', shell)
    assert found
    content = client.get(found[1]).content
    assert measure_png(content) == (180, 180)
    with Image.open(BytesIO(content)) as picture:
        corner = picture.convert("RGBA").getpixel((0, 0))
    assert corner == (0x1A, 0x4B, 0x8C, 255)
    assert '<meta name="apple-mobile-web-app-capable" content="yes">' in shell


def test_icons_for_a_home_screen_are_not_loaded_with_the_page(db: None) -> None:
    files = read_head(Client())["files"]
    assert isinstance(files, list)
    assert not [file for file in files if file.endswith(".png")]


# --- words ---


def test_what_changed_at_a_site_has_the_words_of_the_desk_and_the_import_knows_them_all() -> None:
    for code, word in CHANGES.items():
        assert str(WORDS[f"change_{code}"]) == str(word)
        for said in (str(word), CHANGES_IN_SENTENCES["zh"][code], CHANGE_TITLES[code], sample_files.CHANGES[code]):
            assert CHANGE_WORDS[said] == code, said
    for code, word in GRADES.items():
        assert str(WORDS[f"grade_{code}"]) == str(word)
        assert GRADE_WORDS[str(word)] == code


def test_a_site_is_put_up_in_one_word_everywhere_and_older_words_are_still_read() -> None:
    """As the glossary has it."""
    places = (WORDS["change_install"], CHANGES["install"], CHANGES_IN_SENTENCES["zh"]["install"])
    assert {str(word) for word in (*places, CHANGE_TITLES["install"], sample_files.CHANGES["install"])} == {"设置"}
    assert {CHANGE_WORDS["新设"], CHANGE_WORDS["新装"]} == {"install"}
