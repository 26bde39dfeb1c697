from __future__ import annotations

import pickle

from inkread.core.errors import FileMissing, ModelPassedOver, ModelUnknown, PictureTooLarge

LONG = "x" * 5000


def test_a_long_name_or_reason_is_quoted_in_part_and_kept_whole() -> None:
    for error in (
        ModelUnknown(name=LONG),
        FileMissing(name=f"{LONG}.png"),
        ModelPassedOver(name=LONG, reason=LONG, instead="Mine"),
    ):
        assert "xxx…xxx" in str(error)
        assert len(str(error)) < 1000
        assert LONG in error.facts["name"]  # type: ignore[operator]
    assert ".png: there is no such file" in str(FileMissing(name=f"{LONG}.png"))


def test_paths_and_numbers_are_quoted_whole() -> None:
    path = "/".join(["folder"] * 50)
    assert str(FileMissing(name=path)).startswith(f"{path}: there")
    error = PictureTooLarge(name="a.png", width=10**9, height=3, limit=200)
    assert "claims 1000000000 x 3 pixels" in str(error)


def test_an_error_of_another_process_has_all_its_facts() -> None:
    error = pickle.loads(pickle.dumps(ModelUnknown(name=LONG)))  # noqa: S301 - its own bytes
    assert error.facts == {"name": LONG}
