from __future__ import annotations

from dataclasses import dataclass

import pytest

from inkread.ml.architecture.toml_options import Options, Wrong, read_toml


@dataclass(frozen=True)
class Kiln:
    name: str = "kiln"
    bricks: int = 3
    heat: float = 1.5
    draught: float = 0.5
    is_lit: bool = False

    def __post_init__(self) -> None:
        if self.bricks > 99:
            raise ValueError("bricks are over 99")


def kiln(text: str) -> Kiln:
    options = read_toml(text.encode(), "the kiln")
    return options.fill(Kiln, below_one={"draught"})


def test_a_table_fills_a_dataclass_by_the_types_of_its_defaults() -> None:
    assert kiln("") == Kiln()
    assert kiln('name = "k"\nbricks = 0\nheat = 2\ndraught = 0.9\nis_lit = true') == Kiln(
        "k", 0, 2.0, 0.9, True
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name = 1", "name must be a text, not 1"),
        ("bricks = -1", "bricks must be a whole number of at least 0, not -1"),
        ("bricks = true", "bricks must be a whole number"),
        ("bricks = 100", "bricks are over 99"),
        ("heat = -0.1", "heat cannot be -0.1"),
        ("heat = nan", "heat cannot be nan"),
        ("heat = inf", "heat cannot be inf"),
        ("heat = 1" + "0" * 400, "heat cannot be 1000"),
        ("draught = 1.0", "draught cannot be 1.0"),
        ("is_lit = 1", "is_lit must be true or false, not 1"),
        ("smoke = 1", 'does not know the key "smoke" (it knows bricks, draught, heat'),
    ],
)
def test_a_wrong_value_is_reported_with_the_place_of_its_table(text: str, reason: str) -> None:
    with pytest.raises(Wrong) as caught:
        kiln(text)
    assert reason in str(caught.value)
    assert caught.value.place == "the kiln"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"heat = ",
        b"heat = 1" + b"0" * 5000,
        b"heat = 0x" + b"f" * 5000,
        b"heat = " + b"[" * 5000 + b"]" * 5000,
    ],
    ids=["not UTF-8", "no value", "decimal digits", "hexadecimal digits", "nested"],
)
def test_other_bytes_are_not_toml(data: bytes) -> None:
    with pytest.raises(Wrong, match="is not TOML") as caught:
        read_toml(data, "the kiln")
    assert caught.value.place == "the file"


def test_fields_that_were_read_already_are_no_keys() -> None:
    options = Options({"bricks": 7})
    with pytest.raises(Wrong, match='does not know the key "bricks"'):
        options.fill(Kiln, bricks=5)


def test_a_table_in_a_table_has_a_place_of_its_own() -> None:
    options = Options({"door": {"width": -1}, "lid": {"width": -1}})
    for place, inner in (
        ("[door]", options.table("door")),
        ("x:", options.table("lid", place="x:")),
    ):
        with pytest.raises(Wrong) as caught:
            inner.whole("width", minimum=0)
        assert caught.value.place == place
    with pytest.raises(Wrong, match='lacks the key "roof"'):
        options.table("roof")
