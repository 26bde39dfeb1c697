from __future__ import annotations

from inkread.services.background.failure_report import FailureReport


def test_a_failure_is_reported_once_and_again_after_a_success() -> None:
    reported: list[Exception] = []
    report = FailureReport(reported.append)
    errors = [OSError(str(index)) for index in range(4)]
    report.succeed()
    for error in errors[:2]:
        report.fail(error)
    assert (report.is_failing, reported) == (True, errors[:1])
    report.succeed()
    assert not report.is_failing
    for error in errors[2:]:
        report.fail(error)
    assert reported == [errors[0], errors[2]]
