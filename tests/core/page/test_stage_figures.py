from __future__ import annotations

import json
from typing import Any

import pytest

from inkread.core.page.pipeline import STAGES
from tests.core.page.stage_figures import FILE, PAGES, figures

KEPT: dict[str, Any] = json.loads(FILE.read_text())


def test_every_page_is_kept_and_every_stage_changes_one_of_them() -> None:
    assert list(KEPT) == list(PAGES)
    assert {name for page in KEPT.values() for name in page} == {s.__name__ for s in STAGES}


@pytest.mark.parametrize("name", PAGES)
def test_the_stages_make_of_a_page_what_they_made_of_it_before(name: str) -> None:
    found = figures(PAGES[name]())
    assert list(found) == list(KEPT[name])
    for stage, numbers in KEPT[name].items():
        alike(found[stage], numbers, f"{name}, {stage}")


def alike(found: Any, kept: Any, where: str) -> None:
    """Equal but for what another processor may round differently."""
    if isinstance(kept, dict):
        assert list(found) == list(kept), where
        for key, value in kept.items():
            alike(found[key], value, f"{where}, {key}")
    elif isinstance(kept, list):
        assert len(found) == len(kept), where
        for one, other in zip(found, kept, strict=True):
            alike(one, other, where)
    elif isinstance(kept, float):
        assert found == pytest.approx(kept, rel=2e-3, abs=2e-3), where
    else:
        assert found == kept, where
