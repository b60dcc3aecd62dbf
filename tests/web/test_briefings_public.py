"""The public copy on the pages: nothing that nobody has looked at, nobody by name, bytes of its own, kept for good."""

import hashlib
import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from PIL import Image

from tests.adapters.photos import PLACE, draw_scene, save_jpeg
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter
from tests.web.test_briefings import draft
from tests.web.test_papers import issue
from wuzha.core.paper.public import LeftOut
from wuzha.web.accounts.models import AuditEntry
from wuzha.web.campaign.access import get_publishing_post
from wuzha.web.campaign.actions.briefings import UnseenError, issue_public_copy
from wuzha.web.campaign.actions.evidence import take_in_file
from wuzha.web.campaign.models import Evidence, IssuedPaper, PictureLook, PublicCopy
from wuzha.web.campaign.queries.briefings import list_known_places, list_looks

BOX = {"box-0-left": "10", "box-0-top": "20", "box-0-width": "30.5", "box-0-height": "40"}


@pytest.fixture
def paper(cast: Cast, visit: Visit) -> IssuedPaper:
    """A briefing with two photos, and a closing that names a villager, a telephone and two cases."""
    today = timezone.localdate()
    record = enter(cast.secretary, cast.village, today, people=120)
    for seed in (1, 2):
        content = save_jpeg(draw_scene(seed, (900, 600)), note=PLACE.decode())
        told: dict[str, Any] = {"actor": cast.secretary, "record_id": record.pk, "name": f"{seed}.jpg"}
        take_in_file(**told, content=content, now=timezone.now())
    client = visit(cast.officer)
    typed = {"closing": "村民王小明到场，电话13800001234。本月发案2起。", "copied_to": "报：县委"}
    captions = {"photos-0-caption": "村民王小明", "photos-1-caption": "现场"}
    return issue(
        client, draft(client, f"record={record.pk}", **{"photos-0": "1", "photos-1": "1"}, **captions, **typed)
    )


def look(client: Client, paper: IssuedPaper, place: int, **typed: str) -> Any:
    return client.post(f"/papers/{paper.pk}/public/pictures/{place}/", typed)


def look_at_all(client: Client, paper: IssuedPaper) -> None:
    look(client, paper, 0, **BOX)
    look(client, paper, 1, no_faces="on")


def keep(client: Client, paper: IssuedPaper, **typed: Any) -> Any:
    return client.post(f"/papers/{paper.pk}/public/", {"issue": "1", "is_read": "on", **typed})


def read_words(content: bytes) -> str:
    document = docx.Document(BytesIO(content))
    cells = [
        line.text for table in document.tables for row in table.rows for cell in row.cells for line in cell.paragraphs
    ]
    return "\n".join([line.text for line in document.paragraphs] + cells)


def test_nothing_goes_out_before_every_picture_was_looked_at(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look(client, paper, 0, **BOX)
    answer = keep(client, paper)
    assert answer.status_code == 422
    assert "还有照片没有看过" in answer.content.decode()
    assert PublicCopy.objects.count() == 0


def test_nothing_goes_out_before_the_text_was_read(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    assert client.post(f"/papers/{paper.pk}/public/", {"issue": "1"}).status_code == 422
    assert PublicCopy.objects.count() == 0


def test_the_public_copy_names_nobody_and_says_what_it_is(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    keep(client, paper)
    words = read_words(client.get(f"/papers/{paper.pk}/public/1/docx").content)
    assert "王小明" not in words
    assert "13800001234" not in words
    assert "发案不足3起" in words
    assert "公开稿" in words
    assert "报：县委" not in words
    assert "王小明" in read_words(client.get(f"/papers/{paper.pk}/files/docx").content), "the paper inside stays"


def test_the_photos_of_the_public_copy_are_others_without_any_data_of_the_old(
    cast: Cast, visit: Visit, paper: IssuedPaper
) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    keep(client, paper)
    public, inside = (
        client.get(address).content
        for address in (f"/papers/{paper.pk}/public/1/docx", f"/papers/{paper.pk}/files/docx")
    )
    blobs = [list_media(content) for content in (public, inside)]
    assert len(blobs[0]) == len(blobs[1]) == 2
    assert not set(blobs[0]) & set(blobs[1])
    for blob in blobs[0]:
        assert PLACE not in blob
        assert b"Exif" not in blob
        assert not Image.open(BytesIO(blob)).getexif()
    originals = {one.sha256 for one in Evidence.objects.all()}
    assert not originals & {hashlib.sha256(blob).hexdigest() for blob in blobs[0]}
    assert all(sha256.encode() not in public for sha256 in originals)


def list_media(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]


def test_a_public_copy_has_its_own_bytes_hash_and_named_person(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    keep(client, paper)
    copy = PublicCopy.objects.get()
    file = client.get(f"/papers/{paper.pk}/public/1/docx")
    assert hashlib.sha256(file.content).hexdigest() == copy.docx_sha256 != paper.docx_sha256
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"/papers/{paper.pk}/public/1/pdf").content[:5] == b"%PDF-"
    entry = AuditEntry.objects.get(action="briefing.public-copy-issued")
    assert (entry.actor, entry.details["docx"]) == (cast.officer, copy.docx_sha256)
    assert "石桥县" in copy.post
    assert copy.docx_sha256 in client.get(f"/papers/{paper.pk}/").content.decode()


def test_every_look_is_written_with_who_saw_what(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    first, second = PictureLook.objects.all()
    assert (first.boxes, first.no_faces) == ([[100, 200, 305, 400]], False)
    assert (second.boxes, second.no_faces) == ([], True)
    assert {first.looked_by, second.looked_by} == {cast.officer}
    assert AuditEntry.objects.filter(action="briefing.picture-looked-at").count() == 2


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {**BOX, "no_faces": "on"},
        {**BOX, "box-0-left": "100"},
        {**BOX, "box-0-width": "0"},
        {**BOX, "box-0-height": ""},
        {**BOX, "box-0-top": "nan"},
        {**BOX, "box-0-top": "1e999"},
        {**BOX, "box-0-top": "-1"},
    ],
)
def test_a_look_that_says_nothing_or_two_things_is_refused_and_stays_typed(
    cast: Cast, visit: Visit, paper: IssuedPaper, typed: dict[str, str]
) -> None:
    answer = look(visit(cast.officer), paper, 0, **typed)
    assert answer.status_code == 422
    assert PictureLook.objects.count() == 0
    if "box-0-width" in typed:
        assert f'value="{typed["box-0-width"]}"' in answer.content.decode()


def test_the_masked_picture_is_shown_as_it_will_be_seen(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    address = f"/papers/{paper.pk}/public/pictures/0/"
    assert client.get(f"{address}masked.jpg").status_code == 404
    look(client, paper, 0, **BOX)
    plain, masked = (client.get(f"{address}{sort}.jpg").content for sort in ("plain", "masked"))
    assert plain != masked
    assert client.get(f"{address}original.jpg").status_code == 404
    assert client.get(f"/papers/{paper.pk}/public/pictures/9/").status_code == 404


def test_looking_again_makes_what_was_read_no_longer_the_last(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    seen = list_looks(paper)
    look(client, paper, 1, **BOX)
    post = get_publishing_post(cast.officer, paper, timezone.localdate())
    told: dict[str, Any] = {"actor": cast.officer, "paper": paper, "left_out": LeftOut(), "post": post}
    with pytest.raises(UnseenError):
        issue_public_copy(**told, looks=seen, now=timezone.now())
    with pytest.raises(UnseenError):
        issue_public_copy(**told, looks={}, now=timezone.now())
    assert PublicCopy.objects.count() == 0


def test_a_further_name_is_left_out_and_what_is_none_stays(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    shown = client.post(f"/papers/{paper.pk}/public/", {"look": "1", "names": "场，电", "no_names": "王小明"})
    assert PublicCopy.objects.count() == 0, "looking is not keeping"
    assert "王小明到某某话" in shown.content.decode()
    keep(client, paper, no_names="王小明")
    assert "王小明" in read_words(client.get(f"/papers/{paper.pk}/public/1/docx").content)
    assert PublicCopy.objects.get().left_out["no_names"] == ["王小明"]


def test_a_second_version_stands_beside_the_first(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    keep(client, paper)
    keep(client, paper, names="柳湾村")
    assert [copy.version for copy in PublicCopy.objects.all()] == [2, 1]
    assert client.get(f"/papers/{paper.pk}/public/1/docx").status_code == 200
    assert "已有新的一版代替它" in client.get(f"/papers/{paper.pk}/").content.decode()


def test_looks_and_copies_never_change(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    client = visit(cast.officer)
    look_at_all(client, paper)
    keep(client, paper)
    for rows, change in ((PictureLook.objects.all(), {"no_faces": True}), (PublicCopy.objects.all(), {"version": 7})):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_the_database_keeps_no_look_that_says_nothing(cast: Cast, paper: IssuedPaper) -> None:
    told: dict[str, Any] = {"paper": paper, "sha256": "a" * 64, "looked_by": cast.officer, "looked_at": timezone.now()}
    for faces in ({"boxes": [], "no_faces": False}, {"boxes": [[1, 1, 1, 1]], "no_faces": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PictureLook.objects.create(**told, **faces)


def test_a_supervisor_reads_the_public_copy_and_makes_none(cast: Cast, visit: Visit, paper: IssuedPaper) -> None:
    look_at_all(visit(cast.officer), paper)
    keep(visit(cast.officer), paper)
    client = visit(cast.supervisor)
    assert client.get(f"/papers/{paper.pk}/public/1/docx").status_code == 200
    assert client.get(f"/papers/{paper.pk}/public/").status_code == 403
    assert look(client, paper, 0, **BOX).status_code == 403


@pytest.mark.parametrize("who", ["outsider", "secretary"])
def test_who_may_not_read_the_paper_finds_nothing_of_its_public_copy(
    cast: Cast, visit: Visit, paper: IssuedPaper, who: str
) -> None:
    look_at_all(visit(cast.officer), paper)
    keep(visit(cast.officer), paper)
    client = visit(cast.people[who])
    for address in ("public/", "public/1/docx", "public/pictures/0/", "public/pictures/0/plain.jpg"):
        assert client.get(f"/papers/{paper.pk}/{address}").status_code == 404, address
    assert look(client, paper, 0, **BOX).status_code == 404


def test_names_of_places_are_known_from_the_roster(cast: Cast) -> None:
    assert "柳湾村" in list_known_places()
