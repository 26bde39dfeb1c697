"""The program is killed at random moments; `tests.benchmarks.kills` does it 200 times."""

from __future__ import annotations

import signal

import pytest

from tests.benchmarks.killed_drawing import LIMIT, TICK
from tests.benchmarks.kills import outcomes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL"),
]


def test_a_kill_costs_no_more_than_what_is_drawn_in_two_seconds() -> None:
    """Counted in points: a process that gets no time to save gets none to draw either."""
    for outcome in outcomes("drawing", 5):
        assert not outcome.facts["changed"], outcome.lost
        assert outcome.facts["points not kept"] <= 1000 * LIMIT / TICK


@pytest.mark.parametrize("what", ["teaching", "learning", "training"])
def test_a_kill_in_the_middle_of_work_leaves_all_whole(what: str) -> None:
    """What the window said that it has kept is there, and all that was there before the work."""
    for outcome in outcomes(what, 2):
        assert not outcome.facts["broken"], outcome.lost
