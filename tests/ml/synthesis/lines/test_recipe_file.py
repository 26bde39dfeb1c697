from __future__ import annotations

import pytest

from inkread.data.paths import bundled
from inkread.ml.synthesis.lines.recipe_file import is_line_recipe, parse_line_recipe
from inkread.ml.synthesis.recipe_file import RecipeWrong

SHIPPED = bundled("models/lines.toml")


def _changed(old: str, new: str) -> bytes:
    text = SHIPPED.read_text("utf-8")
    assert old in text
    return text.replace(old, new, 1).encode()


def test_the_shipped_recipe_keeps_fold_1_and_the_last_cheques_out_of_what_is_learned() -> None:
    recipe = parse_line_recipe(SHIPPED.read_bytes(), "lines.toml")
    for data in (recipe.digits, recipe.numbers, recipe.symbols, recipe.letters):
        assert data.folds == (2, 3, 4)
    assert recipe.choice.folds == (1,)
    assert recipe.cheques.test == 200
    assert recipe.cheques.held_out == 100


def test_the_kind_tells_recipes_apart() -> None:
    assert is_line_recipe(SHIPPED.read_bytes(), "lines.toml")
    cells = bundled("models/digits.toml").read_bytes()
    assert not is_line_recipe(cells, "digits.toml")
    with pytest.raises(RecipeWrong, match="kind"):
        parse_line_recipe(cells, "digits.toml")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('kind = "lines"', 'kind = "cells"', "kind must be one of lines, not 'cells'"),
        ('title = "', "title = 3 #", "title must be a text"),
        ('network = "', '# "', 'lacks the key "network"'),
        ("lines = 1_200_000", "lines = 0", "lines must be a whole number of at least 1"),
        ("rate = 0.002", "rate = 0", "rate cannot be 0"),
        ("average = 0.999", "average = 1.0", "average cannot be 1.0"),
        ('folder = "orand-car"', 'folder = "../x"', "folder must be a name without a folder"),
        ("[digits]", "[glyphs]", 'lacks the key "digits"'),
        ("folds = [2, 3, 4]", "folds = [1, 2]", "[digits] has the fold 1, which [choice] keeps"),
        ("skip = [161,", 'skip = ["a",', "[numbers] skip must be a list of whole numbers"),
        ("folds = [2, 3, 4]", "folds = []", "[digits] folds must name one at least"),
        ("test = 200", "last = 200", '[cheques] does not know the key "last"'),
        ("held_out = 100", "held_out = -1", "held_out must be a whole number"),
        ("canvas = 0.25", "canvas = -1", "[shares] canvas cannot be -1"),
        ("seed = 1", "seed = 1 1", "the file is not TOML"),
    ],
)
def test_what_is_wrong_is_reported_with_its_place(old: str, new: str, sentence: str) -> None:
    with pytest.raises(RecipeWrong) as caught:
        parse_line_recipe(_changed(old, new), "my.toml")
    assert str(caught.value).startswith("my.toml: ")
    assert sentence in str(caught.value)
    assert str(caught.value).count(". ") == 0


def test_bytes_that_are_no_text_have_no_kind() -> None:
    with pytest.raises(RecipeWrong, match="the file is not TOML"):
        is_line_recipe(b"\xff\xfe\x00", "my.toml")
