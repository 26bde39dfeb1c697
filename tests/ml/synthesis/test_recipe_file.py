from __future__ import annotations

from pathlib import Path

import pytest

from inkread.data.paths import bundled
from inkread.ml.synthesis.recipe_file import RecipeWrong, parse_recipe

SHIPPED = bundled("models/digits.toml")


def _changed(old: str, new: str) -> bytes:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1).encode()


def test_the_shipped_recipe_keeps_fold_1_out_of_what_is_learned() -> None:
    recipe = parse_recipe(SHIPPED.read_bytes(), "digits.toml")
    assert recipe.choice.folds == (1,)
    assert 1 not in (*recipe.strokes.folds, *recipe.letters.folds)
    assert recipe.labels == tuple("0123456789")
    assert 0 < recipe.choice.refused <= 0.01
    assert recipe.augment.rotation == 12.0


def test_what_may_be_missing_has_a_default(tmp_path: Path) -> None:
    lines = SHIPPED.read_text("utf-8").splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.startswith(("licence", "calm", "elastic")))
    recipe = parse_recipe(kept.encode(), "x")
    assert recipe.licence == ""
    assert recipe.calm_epochs == 0
    assert recipe.augment.elastic == 0.6


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('title = "', "title = 3 #", "title must be a text"),
        ('network = "', '# "', 'lacks the key "network"'),
        ("seed = 2", "seed = -2", "seed must be a whole number"),
        ("rate = 0.003", "rate = 0", "rate cannot be 0"),
        ('file = "mnist.npz"', 'file = "../mnist.npz"', "file must be a name without a folder"),
        ("[strokes]", "[lines]", 'lacks the key "strokes"'),
        ("folds = [2, 3, 4]", "folds = []", "[strokes] folds must name one at least"),
        ("as_ink = 5", "as_inc = 5", '[strokes] does not know the key "as_inc"'),
        ("weight = 0.5", 'weight = "much"', "[others] weight cannot be"),
        ("thickness = 0.4", "thickness = 3.0", "[augment] thickness of 3.0 is over 1"),
        ("[choice]", "[[choice]]", "choice must be a table"),
        ("seed = 2", "seed = 2 2", "the file is not TOML"),
    ],
)
def test_what_is_wrong_is_reported_with_its_place(old: str, new: str, sentence: str) -> None:
    with pytest.raises(RecipeWrong) as caught:
        parse_recipe(_changed(old, new), "my.toml")
    assert str(caught.value).startswith("my.toml: ")
    assert sentence in str(caught.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(RecipeWrong, match="the file is not TOML"):
        parse_recipe(b"\xff\xfe\x00", "my.toml")
