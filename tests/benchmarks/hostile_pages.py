"""How long the worst pages take, and how much memory: each read by a process of its own.

    python -m tests.benchmarks.hostile_pages [--kinds REGEX] [--shapes 4000x4000,...] [--forms ...]

Every kind of `tests/hostile.py` at 16 megapixels as PNG; some of them with JPEG's noise, light on
dark, half transparent and with 16 bits, and in extreme shapes. Printed are wall clock and CPU of
``inkread read``, its peak memory and what it says; to reach: 3 s and 1 GB. What Pillow needs to
decode the file says how quick the machine is.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from tests.hostile import Grey, Kind, Shape, kinds

MAX_SECONDS, MAX_MEGABYTES = 3.0, 1000
#: s; a page that takes longer is ended.
PATIENCE = 10
SQUARE = "4000x4000"
SHAPES = (SQUARE, "160000x100", "100x160000", "1000000x16", "16x1000000", "30000x500", "60000x1")
FORMS = ("png", "jpeg", "light", "rgba", "deep")
#: What all shapes and forms are tried with.
SAMPLE = re.compile(
    r"checker (1|3|13)$|pixels 0.(02|5)$|bars (2|10) (upright|slanted)|mesh (5|60)|blotches 4|"
    r"digits of (20|50)$|specks 100000 7|circles 5|hilbert 8|maze 8|boxes 45 w|lines 100 |"
    r"grey noise 30|plain 255|text of 20|dashes 5 40"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What reading one file took."""

    title: str
    wall: float
    cpu: float
    megabytes: float
    decoding: float
    said: str

    @property
    def is_bounded(self) -> bool:
        return self.wall <= MAX_SECONDS and self.megabytes <= MAX_MEGABYTES

    def __str__(self) -> str:
        mark = " " if self.is_bounded else "!"
        return (
            f"{mark} {self.title:46} {self.wall:6.2f} s {self.cpu:6.2f} s CPU"
            f" {self.megabytes:5.0f} MB (decoding {self.decoding:.2f} s)  {self.said}"
        )


def encoded(grey: Grey, form: str) -> bytes:
    """A page as a file of one of the `FORMS`."""
    stream = io.BytesIO()
    match form:
        case "jpeg":
            cv2.setRNGSeed(1)
            noise = np.zeros(grey.shape, np.int8)
            cv2.randn(noise, 0.0, 6.0)  # type: ignore[call-overload]
            noisy = np.asarray(cv2.add(grey, noise, dtype=cv2.CV_8U), np.uint8)
            Image.fromarray(noisy).convert("RGB").save(stream, "JPEG", quality=60)
        case "light":
            Image.fromarray(255 - grey).save(stream, "PNG", compress_level=1)
        case "rgba":
            colour = np.zeros((*grey.shape, 4), np.uint8)
            colour[..., 3] = 255 - grey
            Image.fromarray(colour).save(stream, "PNG", compress_level=1)
        case "deep":
            return bytes(cv2.imencode(".png", grey.astype(np.uint16) * 257)[1].tobytes())
        case _:
            Image.fromarray(grey).save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def decoding_of(data: bytes) -> float:
    """CPU seconds that Pillow needs for a file; 0 if it refuses."""
    start = time.process_time()
    try:
        Image.open(io.BytesIO(data)).load()
    except Exception:
        return 0.0
    return time.process_time() - start


def outcome_of(title: str, path: Path) -> Outcome:
    """Read a file by a process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "inkread", "read", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE)),
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    said = " ".join(output.decode(errors="replace").replace(str(path), "").split())
    if process.returncode:
        said = f"[{process.returncode}] {said}"
    cpu, megabytes = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
    decoding = decoding_of(path.read_bytes())
    return Outcome(title, wall, cpu, megabytes, decoding, said[:100] + "…" * (len(said) > 100))


def tasks(
    pattern: str, shapes: list[str], forms: list[str]
) -> Iterator[tuple[str, Kind, Shape, str]]:
    """Title, kind, shape and form of each page."""
    for name, kind in kinds().items():
        if not re.search(pattern, name):
            continue
        for shape in shapes:
            for form in forms:
                is_plain = shape == SQUARE and form == "png"
                is_tried = is_plain or (shape == SQUARE) != (form == "png")
                if is_plain or (is_tried and SAMPLE.search(name)):
                    width, height = map(int, shape.split("x"))
                    yield f"{name}, {shape} {form}", kind, (height, width), form


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kinds", default="", help="regular expression")
    parser.add_argument("--shapes", default=",".join(SHAPES))
    parser.add_argument("--forms", default=",".join(FORMS))
    parser.add_argument("--keep", type=Path, help="folder where the files stay")
    arguments = parser.parse_args()
    outcomes = list[Outcome]()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        some = tasks(arguments.kinds, arguments.shapes.split(","), arguments.forms.split(","))
        for title, kind, shape, form in some:
            suffix = "jpg" if form == "jpeg" else "png"
            path = folder / f"{re.sub('[^0-9a-z.]+', '-', title)}.{suffix}"
            if not path.exists():
                rng = np.random.default_rng(zlib.crc32(title.encode()))
                path.write_bytes(encoded(kind(shape, rng), form))
            outcomes.append(outcome_of(title, path))
            print(outcomes[-1], flush=True)
            if arguments.keep is None:
                path.unlink()
    slowest = sorted(outcomes, key=lambda outcome: -outcome.cpu)[:10]
    print("\nThe slowest:", *slowest, sep="\n")
    largest = sorted(outcomes, key=lambda outcome: -outcome.megabytes)[:5]
    print("\nThe largest:", *largest, sep="\n")
    slow = sum(outcome.wall > MAX_SECONDS for outcome in outcomes)
    large = sum(outcome.megabytes > MAX_MEGABYTES for outcome in outcomes)
    wrong = sum("Traceback" in outcome.said for outcome in outcomes)
    print(
        f"\n{len(outcomes)} pages: {slow} over {MAX_SECONDS:.0f} s, {large} over "
        f"{MAX_MEGABYTES} MB, {wrong} with a traceback"
    )


if __name__ == "__main__":
    main()
