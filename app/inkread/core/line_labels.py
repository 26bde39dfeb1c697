"""The signs that a line network tells apart."""

from __future__ import annotations

OTHER = "\ufffd"
"""Label of any other sign: a letter, a currency sign, a scribble, a digit that was crossed out."""
LINE_LABELS: tuple[str, ...] = (*"0123456789.,-/:()+=%*'", OTHER)
"""In the order of the network's columns; blank comes behind them."""
DIGIT_COUNT = 10
"""The digits come first."""
SIGNS = LINE_LABELS[DIGIT_COUNT:-1]
"""Those that are neither digits nor unknown."""
