"""An hour of work in the real window: memory, file handles, threads, and stalls.

    python -m tests.benchmarks.endurance [--minutes 60] [--only drawing,pictures] [--objects]

The program runs on a display of its own (Xvfb), worked by mouse and keyboard (XTEST): digits drawn,
undone and redone, pictures up to 12 megapixels opened by the dialog, glyphs corrected, samples
taught and learned, a small network trained, folders read, dialogs opened and closed, themes and
sizes changed. /proc is asked for memory, handles, threads and processes, the event loop for its
stalls (`watched_window`); of a stall, the time in which the event loop, or another thread or the
display that it may wait for, wanted a core and got none is the machine's and does not count. The
figures to reach: memory at the end at most 20 MB above that after ten minutes (a sixth of the time
in shorter runs), no handle, thread or process gained, no stall over 100 ms, nothing stuck, and nine
of ten readings right.

`--only` does some actions alone; `--objects` prints which Python and Qt objects became more.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from inkread.core.ink import rasterise_page
from tests.benchmarks.screen import DISPLAY_PROCESS, Screen
from tests.written import write

_MAX_GROWTH = 20.0  # MB from ten minutes to the end
_MAX_STALL = 100.0  # ms
_MIN_RIGHT = 0.9  # of the readings
_WARM = 10.0  # minutes before the first figures that count
_QUIET = 35.0  # s; Qt ends threads that did nothing for 30 s
_PATIENCE = 60.0  # s for whatever is waited for; learning and training have more
_LONG = 600.0  # s
_POLL = 0.03  # s
_MAX_NETWORKS = 20
_MAIN = "main_window"


class Stuck(Exception):
    """What was waited for did not come."""


class WatchedProgram:
    """The process of the window, and questions to it."""

    def __init__(self, home: Path, screen: Screen) -> None:
        environment = {**os.environ, "INKREAD_HOME": str(home), "DISPLAY": screen.name}
        environment[DISPLAY_PROCESS] = str(screen.process_id)
        environment |= {"QT_QPA_PLATFORM": "xcb", "QT_QPA_PLATFORMTHEME": "", "LC_ALL": "C.UTF-8"}
        environment.pop("WAYLAND_DISPLAY", None)
        command = [sys.executable, "-m", "tests.benchmarks.watched_window"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self._answer()

    def ask(self, *question: object) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the program has ended: {self.process.wait()}")
        return json.loads(line)

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


@dataclass(frozen=True)
class Use:
    """What a process takes from the system."""

    own: float  # MB; of nobody else's and of no file, so that other programs do not matter
    rss: float  # MB
    handles: int
    threads: int
    processes: int

    @classmethod
    def of(cls, pid: int) -> Use:
        at = Path("/proc") / str(pid)
        lines = (line.split() for line in (at / "status").read_text().splitlines())
        sizes = {words[0]: int(words[1]) for words in lines if words[-1] == "kB"}
        tasks = list((at / "task").iterdir())
        children = [(task / "children").read_text().split() for task in tasks if task.exists()]
        return cls(
            (sizes["RssAnon:"] + sizes["RssShmem:"] + sizes["VmSwap:"]) / 1024,
            sizes["VmRSS:"] / 1024,
            len(list((at / "fd").iterdir())),
            len(tasks),
            sum(map(len, children)),
        )

    def __str__(self) -> str:
        return (
            f"{self.own:.1f} MB ({self.rss:.1f} with files), {self.handles} handles, "
            f"{self.threads} threads, {self.processes} processes"
        )


@dataclass
class Files:
    """What the person opens."""

    folder: Path
    pictures: list[tuple[Path, str]] = field(default_factory=list)

    def make(self) -> None:
        """Pictures of 0.1 to 12 megapixels, and a folder of small ones."""
        for width, height, text, suffix in (
            (480, 320, "27", "png"),
            (1600, 1200, "314\n159", "jpg"),
            (2560, 1920, "90\n31", "png"),
            (4000, 3000, "31415\n92653\n58979", "jpg"),
        ):
            path = self.folder / f"p{width}.{suffix}"
            _photograph(path, (width, height), text)
            self.pictures.append((path, text))
        self.many.mkdir()
        for number in range(8):
            _photograph(self.many / f"{number}.png", (400, 260), str(10 + 7 * number))

    @property
    def many(self) -> Path:
        return self.folder / "many"

    @property
    def drawing(self) -> Path:
        return self.folder / "drawing.inkml"


def _photograph(path: Path, size: tuple[int, int], text: str) -> None:
    """Digits on uneven, noisy paper."""
    lines = text.split("\n")
    height = min(0.6 * size[1] / len(lines) / 1.2, 0.8 * size[0] / max(map(len, lines)))
    grey = rasterise_page(write(text, height=height, width=height / 11))
    page = np.full(size[::-1], 255, np.uint8)
    rows, columns = min(grey.shape[0], size[1]), min(grey.shape[1], size[0])
    page[:rows, :columns] = grey[:rows, :columns]
    light = np.linspace(0.7, 0.95, size[0])[np.newaxis] * np.ones((size[1], 1))
    noisy = page * light + np.random.default_rng(0).normal(0, 3, page.shape)
    colour = cv2.cvtColor(np.clip(noisy, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    cv2.imwrite(str(path), colour)


class Person:
    """Works in the window with mouse and keyboard, and sees what the program says is seen."""

    def __init__(self, program: WatchedProgram, screen: Screen, files: Files, seed: int) -> None:
        self._program = program
        self._screen = screen
        self._files = files
        self._random = random.Random(seed)
        self.right = self.wrong = 0
        self.misread: Counter[tuple[str, str]] = Counter()
        #: All that can be done, and how often in a round.
        self.actions: dict[str, tuple[Callable[[], None], float]] = {
            "drawing": (self.draw, 4),
            "long drawing": (self.draw_much, 1),
            "undo": (self.undo_and_redo, 2),
            "new drawing": (self.start_anew, 2),
            "confirming": (self.confirm_digit, 2),
            "pictures": (self.open_picture, 3),
            "correcting": (self.correct_picture, 2),
            "pipeline": (self.show_pipeline, 1),
            "paste": (self.paste, 1),
            "copy": (self.copy, 1),
            "saving": (self.save_and_open, 1),
            "theme": (self.change_theme, 1),
            "size": (self.resize, 1),
            "preferences": (self.visit_by_menu("_edit", "preferences", "preferences"), 1),
            "library": (self.visit("ctrl+l", "library"), 1),
            "samples": (self.visit("ctrl+m", "samples"), 1),
            "about": (self.visit_by_menu("_help", "about", "about"), 1),
            "folder": (self.read_folder, 0.5),
            "teaching": (self.teach, 1),
            "learning": (self.learn, 0.34),
            "training": (self.train, 0.25),
            "tidying": (self.tidy_up, 0.25),
        }

    # What is seen

    @property
    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self._program.ask("state")
        return state

    def until(self, is_so: Callable[[], object], what: str, patience: float = _PATIENCE) -> None:
        end = time.monotonic() + patience
        while not is_so():
            if time.monotonic() > end:
                raise Stuck(f"{what}: {self.state}")
            time.sleep(_POLL)

    def place(self, window: str, path: str = "") -> tuple[int, int, int, int]:
        found: list[Any] = []

        def is_seen() -> bool:
            found.append(self._program.ask("place", window, path))
            return found[-1] is not None

        self.until(is_seen, f"{window} {path} is to be seen")
        x, y, width, height = found[-1]
        return x, y, width, height

    def window(self, name: str) -> None:
        """Wait for a window, and give it the keyboard."""
        self.until(lambda: name in self.state["windows"], f"the window {name} is to open")
        self._screen.focus(self.state["windows"][name])
        self.until(lambda: self.state["active"] == name, f"the window {name} is to be active")

    def closed(self, name: str) -> None:
        self.until(lambda: name not in self.state["windows"], f"the window {name} is to close")
        self.window(_MAIN)

    def idle(self, patience: float = _PATIENCE) -> None:
        self.until(lambda: not self.state["is_busy"], "all is to be done", patience)

    def check(self, text: str) -> None:
        """Whether the panel shows a text, soon."""
        try:
            self.until(lambda: self.state["text"] == text, "the reading is to come", 8)
            self.right += 1
        except Stuck:
            self.wrong += 1
            self.misread[text, self.state["text"]] += 1

    # Small gestures

    def key(self, keys: str) -> None:
        self._screen.press(keys)

    def click(self, window: str, path: str = "", count: int = 1) -> None:
        x, y, width, height = self.place(window, path)
        self._screen.click(x + width / 2, y + height / 2, count)

    def write(self, text: str, window: str = _MAIN, path: str = "workspace.canvas") -> int:
        """Write with the mouse; the count of strokes. The program may still be at the first."""
        x, y, _, _ = self.place(window, path)
        at = (x + 60.0, y + 60.0)
        strokes = write(text, at=at, seed=self._random.randrange(100)).strokes
        for stroke in strokes:
            points = stroke.points[::2].tolist()
            self._screen.drag([(point[0], point[1]) for point in points])
        return len(strokes)

    def tidy(self) -> None:
        """Back to the canvas, with nothing open."""
        for _ in range(8):
            state = self.state
            others = [name for name in state["windows"] if name != _MAIN]
            if others:
                self._screen.focus(state["windows"][others[-1]])
                time.sleep(0.1)
                self.key("Escape")
                time.sleep(0.2)
            elif not state["is_drawing"]:
                self.window(_MAIN)
                self.key("Escape")
                time.sleep(0.2)
            else:
                self.window(_MAIN)
                return
        raise Stuck(f"the windows are to close: {self.state}")

    def blank(self) -> None:
        self.window(_MAIN)
        if not self.state["is_drawing"]:
            self.key("Escape")
            self.until(lambda: self.state["is_drawing"], "the canvas is to come back")
        if self.state["strokes"]:
            self.key("ctrl+n")
        self.until(lambda: not self.state["strokes"], "the canvas is to be blank")

    # Actions

    def draw(self) -> None:
        self.blank()
        text = str(self._random.randrange(1000))
        self.write(text)
        self.check(text)
        if self._random.random() < 0.3:
            self.key("Delete")
            self.until(lambda: not self.state["strokes"], "the canvas is to be cleared")

    def draw_much(self) -> None:
        """Ink piled up, line under line."""
        self.blank()
        x, y, width, height = self.place(_MAIN, "workspace.canvas")
        rng = self._random
        for _ in range(40):
            left, top = x + rng.uniform(30, width - 60), y + rng.uniform(30, height - 60)
            ink = write(str(rng.randrange(10)), height=28, width=4, at=(left, top))
            for stroke in ink.strokes:
                self._screen.drag([(each[0], each[1]) for each in stroke.points[::6].tolist()])
        self.until(lambda: self.state["text"], "something is to be read")

    def undo_and_redo(self) -> None:
        self.blank()
        strokes = self.write("47")
        # "47" may be read before the bar through the seven is drawn.
        self.until(lambda: self.state["strokes"] == strokes, "all strokes are to be drawn")
        self.check("47")
        for _ in range(strokes):
            self.key("ctrl+z")
        self.until(lambda: not self.state["strokes"], "all is to be undone")
        for _ in range(strokes):
            self.key("ctrl+shift+z")
        self.until(lambda: self.state["strokes"] == strokes, "all is to be redone")
        self.check("47")

    def start_anew(self) -> None:
        self.blank()
        self.write("8")
        self.check("8")
        self.key("ctrl+n")
        self.until(lambda: not self.state["strokes"], "a new drawing is to begin")
        self.key("ctrl+z")
        self.until(lambda: self.state["strokes"], "the drawing is to come back")

    def confirm_digit(self) -> None:
        self.blank()
        text = str(self._random.randrange(10, 100))
        self.write(text)
        self.check(text)
        self.key("Right")
        self.key("Return")

    def open(self, path: Path) -> None:
        self.key("ctrl+o")
        self.window("open")
        self._choose_path("open", path)
        self.closed("open")

    def _choose_path(self, window: str, path: Path) -> None:
        """Type a path into a dialog that asks for one, and accept it."""
        self._screen.type(str(path))
        self.key("Return")
        time.sleep(0.2)
        if window in self.state["windows"]:  # the first went to the list of completions
            self.key("Return")

    def open_picture(self) -> None:
        self.blank()
        path, text = self._random.choice(self._files.pictures)
        self.open(path)
        self.until(lambda: self.state["name"] == str(path), "the picture is to be shown")
        self.idle()
        self.check(text)
        for keys in ("ctrl+plus", "ctrl+plus", "ctrl+minus", "ctrl+0"):
            self.key(keys)
        self.key("Escape")
        self.until(lambda: self.state["is_drawing"], "the canvas is to come back")

    def correct_picture(self) -> None:
        """Correct a digit wrongly, take that back, confirm it, split and join."""
        path, text = self._files.pictures[self._random.randrange(3)]
        self.blank()
        self.open(path)
        self.until(lambda: self.state["name"] == str(path), "the picture is to be shown")
        self.idle()
        self.until(lambda: self._program.ask("boxes"), "boxes are to be shown")
        boxes = self._program.ask("boxes")
        (x, y, width, height), label = boxes[self._random.randrange(len(boxes))]
        self._screen.click(x + width / 2, y + height / 2)
        self._screen.type("5" if label != "5" else "6")
        self.until(lambda: self.state["text"] != text, "the correction is to be shown")
        self.key("ctrl+z")
        self.check(text)
        self.key("Return")
        self.key("ctrl+k")
        time.sleep(0.3)
        self.idle()
        self.key("F8")
        while self.state["text"] != text:  # what was split is put together
            self.key("ctrl+z")
            time.sleep(0.1)
        self.key("Escape")
        self.until(lambda: self.state["is_drawing"], "the canvas is to come back")

    def show_pipeline(self) -> None:
        self.key("ctrl+i")
        self.open_picture()
        self.write("3")
        self.check("3")
        self.key("ctrl+i")

    def paste(self) -> None:
        self.blank()
        path, text = self._random.choice(self._files.pictures[:3])
        self._program.ask("copy", str(path))
        self.key("ctrl+v")
        self.until(lambda: not self.state["is_drawing"], "the picture is to be shown")
        self.idle()
        self.check(text)
        self.key("Escape")
        self.until(lambda: self.state["is_drawing"], "the canvas is to come back")

    def copy(self) -> None:
        self.blank()
        text = str(self._random.randrange(1000))
        self.write(text)
        self.check(text)
        self.key("ctrl+c")
        self.until(lambda: self._program.ask("copied") == self.state["text"], "it is to be copied")

    def save_and_open(self) -> None:
        self.blank()
        self.write("25")
        self.check("25")
        self._files.drawing.unlink(missing_ok=True)
        self.key("ctrl+s")
        self.window("save")
        self.key("ctrl+a")
        self._choose_path("save", self._files.drawing)
        self.closed("save")
        self.until(self._files.drawing.exists, "the drawing is to be saved")
        self.blank()
        self.open(self._files.drawing)
        self.until(lambda: self.state["strokes"], "the drawing is to be opened")
        self.check("25")

    def choose(self, menu: str, action: str, key: str = "") -> None:
        """Open a menu and choose an entry, by the names that the code has for them."""
        title, _ = self._program.ask("entry", menu, action, key)
        self._screen.click(title[0] + title[2] / 2, title[1] + title[3] / 2)
        found: list[Any] = []

        def is_open() -> bool:
            found.append(self._program.ask("entry", menu, action, key)[1])
            return found[-1] is not None

        self.until(is_open, "the menu is to open")
        x, y, width, height = found[-1]
        self._screen.click(x + width / 2, y + height / 2)

    def change_theme(self) -> None:
        for theme in ("dark", "light"):
            self.choose("_view", "themes", theme)
            self.until(partial(self._has_theme, theme), "the theme is to change")

    def _has_theme(self, theme: str) -> bool:
        return bool(self.state["theme"] == theme)

    def resize(self) -> None:
        window = self.state["windows"][_MAIN]
        for width, height in ((700, 500), (1400, 950), (900, 640), (1000, 680)):
            self._screen.resize(window, width, height)
            time.sleep(0.2)

    def visit(self, keys: str, name: str) -> Callable[[], None]:
        """An action that opens a dialog by keys and closes it."""
        return partial(self._visit, partial(self.key, keys), name)

    def visit_by_menu(self, menu: str, action: str, name: str) -> Callable[[], None]:
        """An action that opens a dialog by a menu and closes it."""
        return partial(self._visit, partial(self.choose, menu, action), name)

    def _visit(self, ask_for: Callable[[], None], name: str) -> None:
        ask_for()
        self.window(name)
        time.sleep(0.3)
        self.key("Escape")
        self.closed(name)

    def read_folder(self) -> None:
        self.key("ctrl+shift+o")
        self.window("choose_folder")
        self._choose_path("choose_folder", self._files.many)
        self.window("folder")
        self.idle()
        self.until(
            lambda: len(self._program.ask("rows", "folder", "table")) == 8, "8 rows are to come"
        )
        self.click("folder", "open_button")
        self.until(lambda: not self.state["is_drawing"], "the first file is to be shown")
        self.window("folder")
        self.key("Escape")
        self.closed("folder")
        self.idle()
        self.key("Escape")
        self.until(lambda: self.state["is_drawing"], "the canvas is to come back")

    def teach(self) -> None:
        self.key("ctrl+shift+t")
        self.window("teach")
        self.click("teach", "setup.start_button")
        for _ in range(3):
            self.until(
                lambda: self._program.ask("place", "teach", "writing.canvas"),
                "something is to be asked for",
            )
            self.write(
                self._program.ask("value", "teach", "writing.label_text.text"),
                "teach",
                "writing.canvas",
            )
            self.key("Return")
        self.click("teach", "writing.stop_button")
        self.until(lambda: self._program.ask("page", "teach") == "TaughtSet", "the set is to end")
        self.key("Escape")
        self.closed("teach")

    def learn(self) -> None:
        self.key("ctrl+shift+l")
        self.window("learning")
        self.until(
            lambda: self._program.ask("page", "learning") in ("LearningVerdict", "NothingToLearn"),
            "learning is to end",
            _LONG,
        )
        self.window("learning")
        self.key("Escape")
        self.closed("learning")

    def train(self) -> None:
        """One epoch of the smallest network; keep it, and go back to the old one."""
        self.key("ctrl+r")
        self.window("training")
        # By its key, without the list that a click opens: what comes next would land in that.
        self.key("alt+n")
        self.key("Home")
        for _ in range(_MAX_NETWORKS):
            if "8x8" in self._program.ask("value", "training", "setup.network.currentText"):
                break
            self.key("Down")
            time.sleep(0.1)
        self.click("training", "setup.epochs")
        self.key("ctrl+a")
        self._screen.type("1")
        self.click("training", "setup.start_button")
        self.until(
            lambda: self._program.ask("page", "training") == "TrainingVerdict",
            "training is to end",
            _LONG,
        )
        self.window("training")
        if self._random.random() < 0.5:
            self.click("training", "verdict.discard_button")
            self.closed("training")
        else:
            self.click("training", "verdict.keep_button")
            self.closed("training")
            self.key("ctrl+l")
            self.window("library")
            self.click("library", "revert_button")
            time.sleep(1)
            self.key("Escape")
            self.closed("library")

    def tidy_up(self) -> None:
        """Delete all samples, and all models but the one that ships."""
        self.key("ctrl+m")
        self.window("samples")
        time.sleep(0.5)
        if self._program.ask("place", "samples", "grid"):
            self.click("samples", "grid")
            self.key("ctrl+a")
            time.sleep(0.2)
            self.click("samples", "delete_button")
            self.until(lambda: not self._program.ask("place", "samples", "grid"), "all are to go")
        self.key("Escape")
        self.closed("samples")
        self.key("ctrl+l")
        self.window("library")
        self.until(lambda: self._program.ask("rows", "library", "list"), "models are to be listed")
        for _ in range(20):
            rows = self._program.ask("rows", "library", "list")
            if len(rows) == 1:
                break
            for x, y, _, height in rows:
                self._screen.click(x + 20, y + height / 2)
                time.sleep(0.1)
                if self._program.ask("place", "library", "delete_button"):
                    self.click("library", "delete_button")
                    self.window("delete_model")
                    self.key("alt+d")
                    self.until(
                        lambda: "delete_model" not in self.state["windows"], "the question is to go"
                    )
                    self.window("library")
                    time.sleep(0.5)
                    break
        self.key("Escape")
        self.closed("library")


@dataclass(frozen=True, order=True)
class Stall:
    """A time in which the event loop did not come round."""

    own: float  # ms, without the time that it, or what it may wait for, waited for a core
    gap: float  # ms
    cpu: float  # ms that its thread computed
    end: float  # s
    stack: str

    @classmethod
    def of(
        cls, end: float, gap: float, cpu: float, waited: float, others: float, stack: str
    ) -> Stall:
        return cls(max(cpu, gap - waited - others), gap, cpu, end, stack)

    def __str__(self) -> str:
        return f"{self.own:.0f} ms (of {self.gap:.0f} ms; {self.cpu:.0f} ms computing)"


@dataclass
class Log:
    """What was done when, and what came of it."""

    done: list[tuple[float, float, str]] = field(default_factory=list)
    stalls: list[Stall] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    def doing(self, moment: float) -> str:
        return next((name for start, end, name in self.done if start <= moment <= end), "nothing")

    @property
    def counts(self) -> Counter[str]:
        return Counter(name for _, _, name in self.done)


class Session:
    """Works, looks at the figures, and tells them."""

    def __init__(self, program: WatchedProgram, person: Person, seed: int, quiet: float) -> None:
        self._program = program
        self._person = person
        self._random = random.Random(seed)
        self._quiet = quiet
        self._start = time.monotonic()
        self._told = 0.0
        self.log = Log()

    def work(self, until: float, names: Sequence[str], warm: float) -> tuple[Use, Use]:
        """Rounds of actions until `until`, s; the use after `warm` seconds and at the end."""
        first = None
        while self._seconds < until or first is None:
            for name in self._round(names):
                self._do(name)
                if self._seconds - self._told >= 60:
                    self._tell()
                if first is None and self._seconds >= warm:
                    first = self.quiet()
                if self._seconds >= until and first is not None:
                    break
        return first, self.quiet()

    def quiet(self) -> Use:
        """The use of the program with a blank canvas, when its threads have ended."""
        self._person.tidy()
        self._person.blank()
        self._person.idle()
        self._program.ask("copy", "")  # a picture in the clipboard is another program's
        time.sleep(self._quiet)
        use, allocated = Use.of(self._program.process.pid), self._program.ask("allocated")
        minutes = self._seconds / 60
        print(f"{minutes:5.1f} min, quiet: {use}; {allocated:.1f} MB allocated", flush=True)
        return use

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._start

    def _round(self, names: Sequence[str]) -> list[str]:
        """Each action about as often as it is said to be, in any order."""
        found = []
        for name in names:
            share = self._person.actions[name][1]
            found += [name] * (int(share) + (self._random.random() < share % 1))
        self._random.shuffle(found)
        return found

    def _do(self, name: str) -> None:
        start = time.monotonic()
        try:
            self._person.actions[name][0]()
        except Stuck as error:
            self.log.stuck.append(f"{name}: {error}")
            print(f"  stuck at {self._seconds / 60:.1f} min in {name}: {error}", flush=True)
        try:
            self._person.tidy()
        except Stuck as error:
            raise SystemExit(f"stuck in {name}: {error}") from None
        self.log.done.append((start, time.monotonic(), name))
        self.log.stalls += [Stall.of(*each) for each in self._program.ask("stalls")]

    def _tell(self) -> None:
        self._told = self._seconds
        kept = self._program.ask("kept")
        use = Use.of(self._program.process.pid)
        longest = max((stall.own for stall in self.log.stalls), default=0.0)
        print(
            f"{self._seconds / 60:5.1f} min: {use}; longest stall {longest:.0f} ms; "
            f"{len(self.log.done)} actions; undo: {kept}",
            flush=True,
        )

    def tell_stalls(self) -> int:
        """How many stalls were over the limit without the time that the machine was busy."""
        over = sorted(stall for stall in self.log.stalls if stall.own > _MAX_STALL)
        for stall in reversed(over):
            doing = self.log.doing(stall.end - stall.gap / 2000)
            print(f"  {stall} in {doing}: {stall.stack}")
        longest = max((stall.gap for stall in self.log.stalls), default=0.0)
        own = max((stall.own for stall in self.log.stalls), default=0.0)
        print(
            f"stalls over {_MAX_STALL:.0f} ms: {len(over)}; longest {own:.0f} ms "
            f"({longest:.0f} ms with the time that no core was free); to reach: none"
        )
        return len(over)


def tell_growth(before: dict[str, int], after: dict[str, int]) -> None:
    """Print which kinds of objects became more."""
    grown = {name: count - before.get(name, 0) for name, count in after.items()}
    for name, more in sorted(grown.items(), key=lambda item: -item[1])[:40]:
        if more > 0:
            print(f"  +{more} {name} ({after[name]})")


def judged(session: Session, person: Person, first: Use, last: Use) -> int:
    """Print the figures; the exit status."""
    growth = last.own - first.own
    print(
        f"memory {first.own:.1f} -> {last.own:.1f} MB: {growth:+.1f} MB; "
        f"to reach: {_MAX_GROWTH:+.0f} MB"
    )
    gained = [
        f"{name} {before} -> {after}"
        for name, before, after in (
            ("handles", first.handles, last.handles),
            ("threads", first.threads, last.threads),
            ("processes", first.processes, last.processes),
        )
    ]
    print(", ".join(gained) + "; to reach: none gained")
    own = session.tell_stalls()
    counts = session.log.counts
    print("done: " + ", ".join(f"{name} {counts[name]}" for name in sorted(counts)))
    read = person.right + person.wrong
    print(f"readings right: {person.right} of {read}; {dict(person.misread)}")
    print(f"stuck: {len(session.log.stuck)}")
    is_well = (
        growth <= _MAX_GROWTH
        and last.handles <= first.handles
        and last.threads <= first.threads
        and last.processes <= first.processes
        and not own
        and not session.log.stuck
        and person.right >= _MIN_RIGHT * read
    )
    print("all goals reached" if is_well else "goals missed")
    return 0 if is_well else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="these actions, with commas between them")
    parser.add_argument("--quiet", type=float, default=_QUIET, help="seconds before a figure")
    parser.add_argument("--objects", action="store_true", help="print which objects became more")
    args = parser.parse_args()
    with Screen() as screen, tempfile.TemporaryDirectory() as work:
        files = Files(Path(work))
        files.make()
        program = WatchedProgram(files.folder / "home", screen)
        try:
            person = Person(program, screen, files, args.seed)
            person.window(_MAIN)
            person.idle()
            program.ask("stalls")
            session = Session(program, person, args.seed, args.quiet)
            names = args.only.split(",") if args.only else list(person.actions)
            seconds = 60 * args.minutes
            warm = min(60 * _WARM, seconds / 6)
            before = program.ask("counts") if args.objects else {}
            first, last = session.work(seconds, names, warm)
            if args.objects:
                tell_growth(before, program.ask("counts"))
            return judged(session, person, first, last)
        finally:
            program.end()


if __name__ == "__main__":
    sys.exit(main())
