"""An executor that runs nothing until a test says so."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable


class ManualExecutor:
    def __init__(self) -> None:
        self.queue: deque[Callable[[], None]] = deque()

    def submit(self, work: Callable[[], None]) -> None:
        self.queue.append(work)

    def run_next(self) -> None:
        self.queue.popleft()()

    def drain(self) -> None:
        while self.queue:
            self.run_next()
