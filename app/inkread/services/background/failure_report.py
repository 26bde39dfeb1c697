"""Reports a failure once, however often what failed is tried again."""

from __future__ import annotations

from collections.abc import Callable


class FailureReport:
    """Passes the first failure on; the next one only after a success.

    Parameters
    ----------
    report : callable
        Gets the error.
    """

    def __init__(self, report: Callable[[Exception], object]) -> None:
        self._report = report
        self.is_failing = False

    def succeed(self) -> None:
        """End the failure: the next one is reported again."""
        self.is_failing = False

    def fail(self, error: Exception) -> None:
        """Report an error, unless one was reported since the last success."""
        was_failing, self.is_failing = self.is_failing, True
        if not was_failing:
            self._report(error)
