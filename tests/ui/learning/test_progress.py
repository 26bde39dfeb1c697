from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from inkread.ml.adaptation.verdict import AdaptationProgress, Phase
from inkread.ui.learning.progress import LearningProgress, LearningShare


def a_run(trials: int = 9, most: int = 9, fit: int = 25) -> Iterator[AdaptationProgress]:
    """Progress of learning: trials may end early; the last fit is of all samples."""
    for phase, total in ((Phase.RENDERING, 5), (Phase.EXTRACTING, 40)):
        yield from (AdaptationProgress(phase, i, total) for i in range(1, total + 1))
    for trial in range(1, trials + 1):
        yield from (AdaptationProgress(Phase.FITTING, i, i) for i in range(1, fit + 1))
        yield AdaptationProgress(Phase.VALIDATING, trial, most)
    yield from (AdaptationProgress(Phase.FITTING, i, i) for i in range(1, fit + 1))


@pytest.mark.parametrize("trials", [9, 3])
def test_the_share_grows_with_every_step_but_those_of_the_last_fit(trials: int) -> None:
    share = LearningShare()
    shares = [share.add(step) for step in a_run(trials)]
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.05
    assert shares[-1] <= 1
    assert len(set(shares)) > 0.8 * len(shares)
    if trials == 9:
        assert shares[-1] > 0.95


def test_phase_share_and_time_left_are_reported(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("inkread.ui.learning.progress.time.monotonic", lambda: now[0])
    page = LearningProgress()
    qtbot.addWidget(page)
    assert page.phase.text() == "Preparing"
    assert page.bar.maximum() == 0
    page.set_step(AdaptationProgress(Phase.RENDERING, 1, 2))
    assert page.title.text() == "Learning your hand"
    now[0] += 420
    page.set_step(AdaptationProgress(Phase.EXTRACTING, 10, 10))
    assert page.bar.value() == 840
    assert page.title.text() == "Learning your hand, about 1 min 20 s left"
    assert page.phase.text().startswith("Reading your samples")
    page.set_step(AdaptationProgress(Phase.VALIDATING, 9, 9))
    assert page.bar.value() == 970
    page.start()
    assert page.phase.text() == "Preparing"
    assert page.bar.maximum() == 0
