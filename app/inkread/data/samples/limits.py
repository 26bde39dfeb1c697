"""Limits of the store: what is kept, and what is read of a file that anybody may have changed."""

from __future__ import annotations

import struct

from inkread.core.files import MEGABYTE

#: Maximum size of the file, bytes. Chosen: 250,000 samples of 1 kB; all of them are listed at once.
MAX_FILE_BYTES = 256 * MEGABYTE
#: Maximum size of the ink of one sample, bytes. Chosen: 600,000 points; a digit has 100.
MAX_INK_BYTES = 8 * MEGABYTE
#: Maximum size of the crop of one sample, bytes. Chosen: a grey PNG of 256 x 256 px has 70 kB.
MAX_PICTURE_BYTES = 4 * MEGABYTE
#: Maximum size of a record, bytes: ink, crop and texts.
MAX_RECORD_BYTES = 16 * MEGABYTE
#: Maximum count of strokes in a file. Chosen: four for each of 250,000 samples; bounds the time of
#: a list, since a stroke takes 20 us to decode (measured, one million).
MAX_STROKES = 1_000_000
#: Maximum count of samples in all changes that can be undone. Chosen: each of 70,000 samples
#: changed 28 times.
MAX_CHANGED = 2_000_000
#: Maximum id. Chosen: SQLite assigns none after 2 ** 63 - 1, and other programs read 2 ** 53.
MAX_ID = 1 << 53
#: Maximum steps of SQLite's virtual machine in one use of the file. Chosen: to undo the adding of
#: 250,000 samples takes 20 million.
MAX_STEPS = 1_000_000_000
#: Steps between two looks at that limit.
STEPS_AT_ONCE = 100_000

_STROKE_COUNT = struct.Struct("<4xI")


def stroke_count(ink: object) -> int:
    """Count of strokes that encoded ink states (`inkread.data.ink_codec`)."""
    if not isinstance(ink, bytes) or len(ink) < _STROKE_COUNT.size:
        return 0
    return int(_STROKE_COUNT.unpack_from(ink)[0])
