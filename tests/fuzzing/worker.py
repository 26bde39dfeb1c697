"""A process that makes and reads cases: a JSON line in for each, one out.

Its memory is limited, and what libraries write on the terminal goes into a file beside it, so that
each case's share of it is known. The parent ends it where a case takes too long.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from inkread.core.errors import InkreadError

if TYPE_CHECKING:
    from tests.fuzzing.formats import Format

#: Bytes above what the imports take; chosen: nothing that is read may need half of it.
MEMORY = 2_000_000_000
_QUIET = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)


def serve(formats: Mapping[str, Format], noise_path: str) -> None:
    """Read the cases that are asked for on standard input, until it ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    terminal = os.open(noise_path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    os.dup2(terminal, 1)
    os.dup2(terminal, 2)
    warnings.simplefilter("always")  # each case tells of its own
    for kind in _QUIET:  # which nobody sees who does not ask for them
        warnings.simplefilter("ignore", kind)
    for one in formats.values():  # makes its seeds, and loads what makes them
        one.case(Random(0))
    gc.freeze()
    limit = _status("VmSize") + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(json.dumps({"ready": True}), file=answers)
    for line in sys.stdin:
        asked = json.loads(line)
        data = formats[asked["format"]].case(rng_of(**asked))
        print(json.dumps({"start": len(data)}), file=answers)
        print(json.dumps(_read(formats[asked["format"]].read, data, terminal)), file=answers)


def rng_of(format: str, seed: int, index: int) -> Random:
    """The same for the same case, whoever runs it and whatever ran before."""
    return Random(f"{format}/{seed}/{index}")


def _read(read: Any, data: bytes, terminal: int) -> dict[str, Any]:
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    before, written = _settled_memory(), os.fstat(terminal).st_size
    started, error = time.process_time(), ""
    try:
        outcome = "read" if read(data, folder) else "refused"
    except InkreadError as refusal:
        outcome, error = "refused", str(refusal)
        if "\n" in error or not error.endswith("."):
            outcome, error = "unexpected", f"no sentence: {error}"
    except BaseException as surprise:  # whatever it is, it is what is looked for
        outcome = "unexpected"
        error = f"{type(surprise).__name__}: {surprise}\n{_last_frames(surprise)}"
    seconds = time.process_time() - started
    shutil.rmtree(folder, ignore_errors=True)
    noise = os.pread(terminal, 2000, written).decode("utf-8", "replace")
    megabytes = max(0, _status("VmHWM") - before) / 1e6
    return {
        "outcome": outcome,
        "error": error[:3000],
        "seconds": seconds,
        "megabytes": megabytes,
        "noise": noise,
    }


def _last_frames(error: BaseException) -> str:
    return "".join(traceback.format_tb(error.__traceback__)[-3:])


def _settled_memory() -> int:
    """Resident bytes now; the peak is counted anew from here on."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    return _status("VmRSS")


def _status(name: str) -> int:
    """A figure of Linux about this process, bytes."""
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise OSError(f"no {name}")


if __name__ == "__main__":
    from tests.fuzzing.formats import FORMATS

    serve(FORMATS, sys.argv[1])
