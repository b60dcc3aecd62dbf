"""The look at the packages that Wuzha stands on can fail, and says so where it could not look."""

import pytest
from scripts import audit


def lock(**package: object) -> dict[str, object]:
    good = {"name": "kept", "version": "1", "source": {"registry": "r"}, "wheels": [{"hash": "sha256:00"}]}
    return {"package": [good | package]}


def test_a_lock_without_hashes_or_from_elsewhere_is_told() -> None:
    assert list(audit.find_lock_faults(lock())) == []
    assert list(audit.find_lock_faults(lock(wheels=[{"url": "u"}])))
    assert list(audit.find_lock_faults(lock(wheels=[{"hash": "md5:00"}])))
    assert list(audit.find_lock_faults(lock(wheels=[])))
    assert list(audit.find_lock_faults(lock(source={"git": "g"})))


def test_a_licence_that_is_on_no_list_is_told() -> None:
    assert list(audit.find_licence_faults({"a": "MIT", "b": "License :: OSI Approved :: BSD License"})) == []
    assert list(audit.find_licence_faults({"a": "Proprietary"}))
    assert list(audit.find_licence_faults({"a": ""}))


def test_what_is_imported_and_not_named_is_told() -> None:
    project = {"project": {"dependencies": ["django>=5.2,<5.3"]}}
    assert list(audit.find_unlisted(project, ["django", "os", "wuzha"])) == []
    assert list(audit.find_unlisted(project, ["lxml"]))
    assert list(audit.find_unlisted(project, ["nobody_has_this"]))


def test_a_weak_version_is_told_with_the_one_that_mends_it() -> None:
    report = {"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "CVE-0", "fix_versions": ["2"]}]}]}
    assert audit.read_report(report) == ["a 1: CVE-0, mended in 2"]
    assert audit.read_report({"dependencies": [{"name": "a", "version": "1", "vulns": []}]}) == []


def test_a_service_that_knows_no_package_was_not_asked() -> None:
    """Behind a mirror of the registry pip-audit ends well without having looked anything up."""
    assert audit.read_report({"dependencies": [{"name": "a", "skip_reason": "not found"}]}) is None
    half = {"dependencies": [{"name": "a", "skip_reason": "not found"}, {"name": "b", "version": "1", "vulns": []}]}
    assert audit.read_report(half) == ["a is not known to the service"]


@pytest.mark.parametrize(("words", "faults"), [(["--offline"], 0), (["--offline", "--must-reach"], 1)])
def test_what_was_not_looked_for_is_said_loudly(
    capsys: pytest.CaptureFixture[str], words: list[str], faults: int
) -> None:
    assert len(audit.find_known(words, lock())) == faults
    assert "WERE NOT LOOKED FOR" in capsys.readouterr().err
