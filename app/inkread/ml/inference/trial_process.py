"""The process in which a foreign model is tried: standard input to standard output.

Run as ``python -m inkread.ml.inference.trial_process PARENT``; reads the model, writes one line of
JSON: ``{"max_batch": 256}`` or ``{"reason": "it ..."}``. Its limits hold for this process alone. It
dies with its parent.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from inkread.core.errors import ModelUnusable
from inkread.core.files import MEGABYTE
from inkread.ml.inference.trial import MAX_BYTES, MAX_SECONDS, MAX_WALL_SECONDS

if TYPE_CHECKING:
    from inkread.ml.inference.classifier import OnnxClassifier

#: Limit on the processor time of one batch, s: Ctrl-C is heard between batches.
MAX_BATCH_SECONDS = 1.0
#: The largest batch. Chosen: as many cells as `OnnxClassifier` runs at once.
MAX_BATCH = 256
TOO_SLOW = f"it takes more than {MAX_BATCH_SECONDS:.0f} s a picture"
TOO_LARGE = f"it takes more than {MAX_BYTES // MEGABYTE} MB of memory"
#: How onnxruntime says that it got no memory.
_NO_MEMORY = ("bad_alloc", "bad allocation", "allocate memory", "out of memory")
_PR_SET_PDEATHSIG = 1
_WORD = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def main(parent: int) -> None:
    """Try the model on standard input; ends the process."""
    _die_with(parent)
    data = sys.stdin.buffer.read()
    # Imported after the process is bound to its parent, and before the limits are set, which are
    # on the model, not on the libraries.
    import inkread.ml.inference.classifier
    import inkread.ml.inference.static_check  # noqa: F401

    _set_limits()
    answer = json.dumps(tried(data))
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()
    os._exit(0)  # nothing of the model is run any more


def tried(data: bytes) -> dict[str, object]:
    """Check, open and run a model.

    Returns
    -------
    dict
        ``max_batch``: the largest batch that it can be run with; or ``reason``: why not.
    """
    from inkread.ml.inference.classifier import OnnxClassifier
    from inkread.ml.inference.static_check import check_model

    try:
        check_model(data)
        # The first run is longer; and a model may declare an open batch, but take only one.
        classifier = OnnxClassifier(data, "", max_batch=1)
        return {"max_batch": _max_batch(classifier)}
    except ModelUnusable as error:
        return {"reason": TOO_LARGE if _is_memory(error) else str(error.facts["reason"])}
    except ValueError as error:
        return {"reason": str(error)}
    except MemoryError:
        return {"reason": TOO_LARGE}


def _max_batch(classifier: OnnxClassifier) -> int:
    """Double the batch as long as it runs within the limit of time, and in the memory.

    Raises
    ------
    ValueError
        If even the smallest takes too long.
    """
    fixed = classifier.batch
    seconds = _seconds(classifier, fixed or 1)
    if seconds > MAX_BATCH_SECONDS * (fixed or 1):
        raise ValueError(TOO_SLOW)
    batch = 1
    while fixed is None and batch < MAX_BATCH and 2 * seconds < MAX_BATCH_SECONDS:
        try:
            seconds = _seconds(classifier, 2 * batch)
        except (ModelUnusable, MemoryError):  # it declares an open batch, but has a fixed one
            break
        if seconds > MAX_BATCH_SECONDS:
            break
        batch *= 2
    return batch


def _seconds(classifier: OnnxClassifier, batch: int) -> float:
    """Processor time of one batch."""
    before = time.process_time()
    classifier.run_batch(batch)
    return time.process_time() - before


def _is_memory(error: BaseException) -> bool:
    cause = error.__cause__
    return isinstance(cause, MemoryError) or any(word in str(cause).lower() for word in _NO_MEMORY)


def _die_with(parent: int) -> None:
    """End when the parent ends, however it does; at the latest when the time is up."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if hasattr(signal, "alarm"):
        signal.alarm(MAX_WALL_SECONDS + 1)  # its default action ends the process, whatever it does
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if _is_orphan(parent, os.name):
        os._exit(1)


def _is_orphan(parent: int, system: str) -> bool:
    """Whether the parent has ended already.

    On Windows nobody can tell: ids stay, and the parent of Python in a virtual environment is the
    launcher there.
    """
    return system == "posix" and os.getppid() != parent


def _set_limits() -> None:
    """Limit processor time and memory, where the system can; else the parent watches the clock."""
    try:
        import resource
    except ImportError:  # Windows
        return
    seconds = int(time.process_time()) + MAX_SECONDS
    memory = getattr(resource, "RLIMIT_DATA" if sys.platform == "linux" else "RLIMIT_AS")
    for kind, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, seconds),
        (memory, _taken() + MAX_BYTES),
    ):
        with suppress(ValueError, OSError):  # a stricter limit holds already
            # At the first limit of processor time the signal says why, at the second it kills.
            resource.setrlimit(kind, (limit, limit + 1 if limit else limit))


def _taken() -> int:
    """Private memory of this process, bytes; 0 if not known."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no pathlib here
            return int(file.read().split()[5]) * _WORD
    except (OSError, ValueError, IndexError):
        return 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
