"""Forms that are found on scans and photos, and their fields that are read.

    python -m tests.benchmarks.forms [--forms N] [--seed N] [--model FILE] [--errors]

Forms of `tests.form_pictures`, a template of each marked on a flat scan, every second one filled
in; then filled in anew and scanned in each of its ways, and other forms, other versions of the same
form (rows moved down), and scans with a stamp. Corners are those of all fields, px of the scan.

Chosen with seeds 0 to 7. Measured on seeds 100 to 107 on 30 November 2026, two busy cores:

    scans of the form: 1,559 of 1,560 fields right, corners within 1.5 px (bent paper: 6 px)
    with a stamp over some fields: 135 of 156 right, the others doubtful
    other versions: all that is wrong is doubtful, 4 of 16 are refused; other forms: 8 of 8 refused
    silently wrong: 0 of 1,963; about 1 s a form with 20 fields

Tried first, on seeds 0 to 7: ORB alone is off by up to 8 px, and loses dark photos; with patches
1.6 px, by ECC 1 px; ORB once more on the scan in place, then ECC, finds the dark ones, too.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from inkread.core.classifier import Classifier
from inkread.core.errors import FormNotFound
from inkread.core.forms.read_form import read_form
from inkread.core.forms.template import FormField, Template, make_template
from inkread.core.geometry import mapped
from inkread.core.picture.page import page_of
from inkread.core.reading import Grey
from inkread.data.paths import bundled
from tests.benchmarks.corpus import argument_parser, reader_of
from tests.form_pictures import SCANS, Form, Scan, filled, form, scanned, values


@dataclass(slots=True)
class Tally:
    """Of scans of one kind."""

    fields: int = 0
    right: int = 0
    silent: int = 0
    doubtful: int = 0
    empty: int = 0
    empty_right: int = 0
    refused: int = 0
    worst: float = 0.0
    seconds: float = 0.0
    scans: int = 0

    def __str__(self) -> str:
        return (
            f"{self.right:4} of {self.fields:4} fields right, {self.silent} silently wrong, "
            f"{self.doubtful} doubtful; {self.empty_right} of {self.empty} empty; "
            f"refused {self.refused} of {self.scans}; corners {self.worst:.1f} px; "
            f"{self.seconds / max(1, self.scans):.2f} s"
        )


def template_of(of: Form, seed: int) -> tuple[Template, Scan]:
    """The template marked on a flat scan of a form, every second one filled in."""
    paper = filled(of, values(of, seed + 100), seed + 100) if seed % 2 else of.picture
    scan = scanned(paper, "flat", seed)
    boxes = mapped(scan.onto, [field.box for field in of.fields])
    fields = [FormField(f.name, box) for f, box in zip(of.fields, boxes, strict=True)]
    return make_template(page_of(scan.picture, "form"), fields), scan


def measure(
    tally: Tally,
    of: Form,
    template: Template,
    scan: Scan,
    written: Mapping[str, str],
    model: Classifier,
    shows: bool,
) -> None:
    tally.scans += 1
    start = time.perf_counter()
    try:
        reading = read_form(page_of(scan.picture, "scan"), template, model, "scan")
    except FormNotFound:
        tally.refused += 1
        return
    finally:
        tally.seconds += time.perf_counter() - start
    for field, read in zip(of.fields, reading.fields, strict=True):
        wanted, got = written[field.name], "".join(read.text.split())
        is_right = got == wanted
        tally.fields += 1
        tally.right += is_right
        tally.silent += not is_right and not read.is_doubtful
        tally.doubtful += read.is_doubtful
        tally.empty += not wanted
        tally.empty_right += not wanted and not got
        box = field.box
        corners = np.array(
            [[box.x, box.y], [box.right, box.y], [box.right, box.bottom], [box.x, box.bottom]]
        )
        off = np.linalg.norm(np.array(read.corners) - scan.at(corners), axis=1)
        tally.worst = max(tally.worst, float(off.max()))
        if shows and not is_right:
            print(f"  {field.name}: {wanted!r} read as {read.text!r}, doubtful {read.is_doubtful}")


def moved(paper: Grey, by: int) -> Grey:
    """Another version of a form: from its middle on, all is lower."""
    after = paper.copy()
    after[700 + by :], after[700 : 700 + by] = paper[700:-by], 255
    return after


def stamped(paper: Grey, rng: np.random.Generator) -> Grey:
    after = paper.copy()
    at = int(rng.integers(300, 900)), int(rng.integers(400, 1400))
    cv2.circle(after, at, 150, 90, 8)
    cv2.putText(after, "RECEIVED", (at[0] - 140, at[1] + 10), 0, 2, 90, 6)
    return after


def main() -> None:
    parser = argument_parser(__doc__)
    parser.add_argument("--model", type=Path, default=bundled("models/digits.onnx"))
    parser.add_argument("--forms", type=int, default=8)
    parser.add_argument("--seed", type=int, default=100, help="of the first form")
    parser.add_argument("--errors", action="store_true", help="print each field that is wrong")
    args = parser.parse_args()
    model = reader_of(args)
    tallies: dict[str, Tally] = {}
    for seed in range(args.seed, args.seed + args.forms):
        of, written = form(seed), values(form(seed), seed + 7)
        template, _ = template_of(of, seed)
        paper, rng = filled(of, written, seed + 7), np.random.default_rng(seed)
        scans = {kind: scanned(paper, kind, seed + 50) for kind in SCANS}
        scans["stamp"] = scanned(stamped(paper, rng), "phone", seed)
        scans["other version, 20 px"] = scanned(moved(paper, 20), "turned", seed)
        scans["other version, 35 px"] = scanned(moved(paper, 35), "turned", seed)
        scans["other form"] = scanned(filled(form(seed + 500), {}), "shifted", seed)
        for kind, scan in scans.items():
            tally = tallies.setdefault(kind, Tally())
            measure(tally, of, template, scan, written, model, args.errors)
    for kind, tally in tallies.items():
        print(f"{kind:22} {tally}")
    of_form = [tallies[kind] for kind in SCANS]
    right, count = sum(t.right for t in of_form), sum(t.fields for t in of_form)
    silent = sum(t.silent for t in tallies.values())
    print(f"scans of the form: {right / max(1, count):.2%} of {count} fields right")
    print(f"silently wrong, of all: {silent} of {sum(t.fields for t in tallies.values())}")


if __name__ == "__main__":
    main()
