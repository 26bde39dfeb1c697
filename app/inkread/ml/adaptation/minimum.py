"""Minimum number of samples for adaptation. Light to import: the window shows it."""

from __future__ import annotations

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError

#: With fewer, too little is left to train on when a fold is held out for the verdict.
MIN_SAMPLES = 3


class TooFewSamples(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "There are too few samples to learn from ({count} of at least {fewest}); "
        "correct or teach some more digits first.",
    )
