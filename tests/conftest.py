"""For every test: no screen is needed or used, nor anything that the user keeps."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

os.environ["QT_QPA_PLATFORM"] = "offscreen"
if "PYTEST_XDIST_WORKER" in os.environ:
    # One core for each: before numpy is imported, here and in the processes that tests start.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A shell lets what it starts in the background ignore Ctrl-C, and so would the programs that tests
# start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)
# No time limits: a busy machine is no error.
settings.register_profile("inkread", settings(), deadline=None)
settings.load_profile("inkread")


@pytest.fixture(scope="session", autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INKREAD_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_collecting_by_workers() -> Iterator[None]:
    """As in the program: `inkread.services.background.gc_in_gui_thread` says why."""
    gc.disable()
    gc.freeze()
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _collect_what_a_test_leaves(_no_collecting_by_workers: None) -> Iterator[None]:
    yield
    if gc.get_count()[0] > 10_000:
        gc.collect()
