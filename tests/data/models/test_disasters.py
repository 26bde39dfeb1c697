"""The library when it is killed, refused by the disk, damaged, or not alone."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inkread.core.errors import LibraryFailed, ModelUnusable
from inkread.data.models.folder import ModelFolder
from inkread.data.models.library import SHIPPED, ModelLibrary
from tests.data.libraries import SHIPPED_DATA, check, content, in_use, keep, library_in, names
from tests.data.processes import begun, start

pytestmark = pytest.mark.slow
SHIPPED_NAME = SHIPPED_DATA.decode()
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


def outcomes(how: str, change: str) -> list[dict[str, Any]]:
    """The state left by each process that was disturbed while it made `change`."""
    out, err = start("disasters", how, change).communicate()
    assert err == ""
    return [json.loads(line) for line in out.splitlines()]


def opened(library: ModelLibrary) -> tuple[bytes, list[str]]:
    """The bytes of the model in use, and what is said of those passed over."""

    def open_model(data: bytes, name: str) -> bytes:
        return data

    found = library.open_current(open_model)
    return found.model, [str(error) for error in found.passed_over]


#: What is kept and in use before and after each change. Killed in between, a model may have
#: been kept and not yet be in use, or be gone while its card is not.
BEFORE = {SHIPPED_NAME: "", "old": "", "latest": ""}
AFTER: dict[str, tuple[dict[str, str], str]] = {
    "keep": (BEFORE | {"new": ""}, "new"),
    "import": (BEFORE | {"new": ""}, "latest"),
    "use": (BEFORE, "old"),
    "revert": (BEFORE, "old"),
    "rename": ({SHIPPED_NAME: "", "new": "", "latest": ""}, "latest"),
    "delete": ({SHIPPED_NAME: "", "latest": ""}, "latest"),
}
BETWEEN = {
    "keep": [(BEFORE | {"new": ""}, "latest")],
    "delete": [(BEFORE | {"old": "its file is missing"}, "latest")],
}


@needs_fork
@pytest.mark.parametrize("change", AFTER)
def test_killed_at_any_line_it_leaves_a_library_that_works(change: str) -> None:
    found = outcomes("killed", change)
    assert {one["ended"] for one in found[:-1]} == {"SIGKILL"}
    possible = [(BEFORE, "latest"), *BETWEEN.get(change, []), AFTER[change]]
    seen = []
    for one in found:
        state = (one["models"], one["evaluation_values"])
        if state not in seen:
            seen.append(state)
        assert one["passed_over"] == []
        assert one["in_use"] == [one["evaluation_values"]]
        assert not [name for name in one["files"] if name.startswith(".")]
        assert one["goes_on"]
    assert seen == possible  # all of them, in that order
    assert found[-1]["ended"] == "done"


@needs_fork
@pytest.mark.parametrize(
    ("how", "change"),
    [(how, change) for how in ("refused", "full", "forbidden") for change in AFTER],
)
def test_refused_by_the_disk_it_leaves_all_as_it_was(how: str, change: str) -> None:
    *refused, last = outcomes(how, change)
    for one in refused:
        assert one["ended"] == "refused"
        assert (one["models"], one["evaluation_values"]) == (BEFORE, "latest")
        assert one["files"] == refused[0]["files"]
        assert len(one["files"]) == 5
    assert (last["ended"], last["models"], last["evaluation_values"]) == ("done", *AFTER[change])
    # Of a full disk a model can be deleted: that makes room.
    assert bool(refused) is ((how, change) != ("full", "delete"))


@needs_fork
@pytest.mark.parametrize("how", ["refused", "full", "forbidden"])
def test_reading_writes_nothing(how: str) -> None:
    (found,) = outcomes(how, "read")
    assert (found["ended"], found["evaluation_values"]) == ("done", "latest")


@pytest.mark.skipif(sys.platform == "win32", reason="needs to wait for a pipe")
def test_a_crowd_gets_along(tmp_path: Path) -> None:
    library = library_in(tmp_path)
    reader = begun("crowd", tmp_path, "read")
    crowd = [begun("crowd", tmp_path, "change", name, "8") for name in "abc"]
    for process in crowd:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    kept: list[str] = []
    for process in crowd:
        out, err = process.communicate()
        assert (process.returncode, err) == (0, "")
        kept += out.split()
    assert reader.communicate() == ("", "")
    assert len(kept) == 24
    assert sorted(names(library)) == sorted([*kept, "Shipped model"])
    assert in_use(library) in kept
    assert len(content(tmp_path / "models")) == 2 * 24 + 1
    assert not [listed for listed in library.models() if listed.problem]
    seen = {in_use(library)}
    while library.current().id != SHIPPED:  # no use was lost
        seen.add(library.revert().card.name)
    assert seen == {*kept, "Shipped model"}


def test_whoever_finds_another_at_work_says_so_and_lets_it_be(tmp_path: Path) -> None:
    holder = begun("crowd", tmp_path, "hold")
    folder = tmp_path / "models"
    (folder / ".inkread-0.tmp").write_bytes(b"is being written")
    waiting = ModelFolder(folder, timeout=0)
    with pytest.raises(LibraryFailed, match="another Inkread is changing it"), waiting.changing():
        pytest.fail("nobody else may")
    assert (folder / ".inkread-0.tmp").exists()
    holder.communicate()
    with ModelFolder(folder, timeout=0).changing():
        assert not (folder / ".inkread-0.tmp").exists()


def test_a_file_in_the_way_is_reported(tmp_path: Path) -> None:
    (tmp_path / "models").write_bytes(b"not a folder")
    library = library_in(tmp_path)
    assert opened(library) == (SHIPPED_DATA, [])
    assert names(library) == ["Shipped model"]
    with pytest.raises(LibraryFailed, match=r"models: the model library could not be changed"):
        keep(library, "a")


def test_what_is_in_the_lock_file_does_not_matter(library: ModelLibrary, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / ".lock").write_bytes(b"of an older version" * 100)
    keep(library, "a")
    assert opened(library) == (b"a", [])


def test_a_folder_in_place_of_the_lock_is_reported(library: ModelLibrary, folder: Path) -> None:
    (folder / ".lock").mkdir(parents=True)
    with pytest.raises(LibraryFailed, match="its lock file cannot be opened"):
        keep(library, "a")
    assert set(content(folder)) == set()


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[0] ^= 1
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def _to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = [_flip, _cut, _empty, _append, Path.unlink, _to_folder]


class TestDamagedModel:
    @pytest.mark.parametrize("damage", DAMAGES)
    def test_the_one_before_is_used_and_the_damaged_one_stays(
        self, library: ModelLibrary, folder: Path, damage: Callable[[Path], None]
    ) -> None:
        keep(library, "first")
        kept = keep(library, "second")
        good = kept.path.read_bytes()
        damage(kept.path)
        before = content(folder) if kept.path.is_file() else {}
        data, (sentence,) = opened(library)
        assert data == b"first"
        assert sentence.startswith("second: this model cannot be used (its file ")
        assert sentence.endswith(", so first is; choose another model or import a good copy.")
        assert in_use(library) == "first"
        problems = {one.kept.card.name: one.problem for one in library.models()}
        assert problems["second"].startswith("its file ")
        assert not problems["first"]
        for change in (library.use, library.read):
            with pytest.raises(ModelUnusable, match=r"^second: "):
                change(kept.id)
        if before:
            assert content(folder) == before
            kept.path.write_bytes(good)
            assert opened(library) == (b"second", [])

    def test_several_are_passed_over(self, library: ModelLibrary) -> None:
        keep(library, "first")
        for name in ("second", "third"):
            _cut(keep(library, name).path)
        data, sentences = opened(library)
        assert data == b"first"
        assert [sentence.split(":")[0] for sentence in sentences] == ["third", "second"]

    def test_all_damaged_leave_the_shipped_one(self, library: ModelLibrary) -> None:
        _cut(keep(library, "first").path)
        assert opened(library)[0] == SHIPPED_DATA
        assert in_use(library) == "Shipped model"

    def test_reverting_skips_it(self, library: ModelLibrary) -> None:
        keep(library, "first")
        _cut(keep(library, "second").path)
        keep(library, "third")
        assert library.revert().card.name == "first"
        assert library.revert().id == SHIPPED

    def test_it_can_be_deleted(self, library: ModelLibrary) -> None:
        keep(library, "first")
        kept = keep(library, "second")
        _cut(kept.path)
        library.delete(kept.id)
        assert opened(library) == (b"first", [])


class TestCards:
    @pytest.mark.parametrize("damage", DAMAGES)
    def test_without_its_card_a_model_is_still_there(
        self, library: ModelLibrary, damage: Callable[[Path], None]
    ) -> None:
        keep(library, "first")
        kept = keep(library, "second")
        damage(kept.path.with_suffix(".json"))
        assert opened(library) == (b"second", [])
        assert in_use(library) == kept.id
        described = {one.kept.card.name for one in library.models(check)}
        assert described == {SHIPPED_NAME, "first", "second"}

    def test_in_use_it_gets_a_new_one(self, library: ModelLibrary) -> None:
        kept = keep(library, "a", use=False)
        kept.path.with_suffix(".json").unlink()
        library.use(kept.id, check)
        card = library.find("a").card
        assert (card.source, card.sha256, card.size) == ("imported", kept.card.sha256, 1)
        _flip(kept.path)
        assert opened(library)[0] == SHIPPED_DATA

    def test_renamed_it_gets_a_new_one(self, library: ModelLibrary) -> None:
        kept = keep(library, "a")
        kept.path.with_suffix(".json").write_bytes(b"{}")
        assert library.rename(kept.id, "b") == library.find("b")
        assert library.find("b").card.sha256 == kept.card.sha256

    def test_a_card_of_another_model_does_not_fit(self, library: ModelLibrary) -> None:
        a, b = keep(library, "a"), keep(library, "b")
        b.path.with_suffix(".json").write_bytes(a.path.with_suffix(".json").read_bytes())
        assert opened(library)[0] == b"a"

    def test_a_card_whose_model_is_gone_is_reported(self, library: ModelLibrary) -> None:
        kept = keep(library, "a", use=False)
        kept.path.unlink()
        (listed,) = library.models()[1:]
        assert (listed.kept.card.name, listed.problem) == ("a", "its file is missing")
        library.delete(kept.id)
        assert names(library) == ["Shipped model"]


class TestStrangeFolder:
    def test_a_model_that_was_put_there_by_hand(self, library: ModelLibrary, folder: Path) -> None:
        (folder / "from a friend.onnx").write_bytes(b"friend")
        assert names(library) == ["Shipped model", "from a friend"]
        assert in_use(library) == "Shipped model"
        assert library.use("from a friend", check).card.name == "friend"
        assert opened(library) == (b"friend", [])

    def test_unknown_files_stay_and_are_no_models(
        self, library: ModelLibrary, folder: Path
    ) -> None:
        (folder / "notes.txt").write_bytes(b"mine")
        (folder / "notes.json").write_bytes(b"{}")
        (folder / ".hidden.onnx").write_bytes(b"hidden")
        (folder / "shipped.onnx").write_bytes(b"pretends")
        (folder / "folder.onnx").mkdir()
        (folder / ".inkread-1.tmp").mkdir()
        library = library_in(folder.parent)
        assert names(library) == ["Shipped model"]
        assert library.read(SHIPPED) == SHIPPED_DATA
        kept = keep(library, "a")
        library.revert()
        library.delete(kept.id)
        left = {path.name for path in folder.iterdir()} - {".lock", "current"}
        assert left == {
            "notes.txt",
            "notes.json",
            ".hidden.onnx",
            "shipped.onnx",
            "folder.onnx",
            ".inkread-1.tmp",
        }

    @pytest.mark.parametrize(
        "pointer",
        [b"", b"{}", b"[1]", b'[""]', b'["../shipped"]', b'"a"', b"\xff", b"[" * 100_000],
    )
    def test_a_damaged_pointer_leads_to_the_shipped_model(
        self, library: ModelLibrary, folder: Path, pointer: bytes
    ) -> None:
        kept = keep(library, "a")
        (folder / "current").write_bytes(pointer)
        data, (sentence,) = opened(library)
        assert data == SHIPPED_DATA
        assert sentence.startswith("The model in use: ")
        assert in_use(library) == "Shipped model"
        library.use(kept.id)
        assert opened(library) == (b"a", [])

    def test_a_pointer_to_nothing_is_reported(self, library: ModelLibrary, folder: Path) -> None:
        keep(library, "a")
        uses = json.loads((folder / "current").read_bytes())
        (folder / "current").write_text(json.dumps([*uses, "gone"]))
        data, (sentence,) = opened(library)
        assert data == b"a"
        assert sentence.startswith("gone: ")

    def test_a_folder_that_vanishes(self, library: ModelLibrary, folder: Path) -> None:
        keep(library, "a")
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()
        assert opened(library) == (SHIPPED_DATA, [])
        keep(library, "b")
        assert in_use(library) == "b"
