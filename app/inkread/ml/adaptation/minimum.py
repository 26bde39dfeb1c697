"""How many samples it takes to learn a hand. Light to import, since the window tells of it."""

from __future__ import annotations

from inkread.core.errors import QT_TRANSLATE_NOOP, InkreadError

#: With fewer, too little is left to learn when some are left out for the verdict.
FEWEST = 3


class TooFewTaught(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "There are too few samples to learn from ({count} of at least {fewest}); "
        "correct or teach some more digits first.",
    )
