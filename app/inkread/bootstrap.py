"""Composition root of the window: makes all parts, connects them, runs, and cleans up."""

from __future__ import annotations

import os
import signal
import sys
import threading
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

# No matrix here is large enough for OpenBLAS's threads, and creating them takes longer than
# the rest of numpy's import. It must be set before numpy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# These three come first: every import is slower once PySide6 has installed its import hook.
import cv2  # noqa: F401
import numpy  # noqa: F401
import onnxruntime  # noqa: F401
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from inkread import __version__
from inkread.data.paths import Home, bundled
from inkread.data.samples.watch import OwnChanges
from inkread.services.background.free_memory import FreeMemory, share_one_heap
from inkread.services.background.gc_in_gui_thread import GarbageCollector
from inkread.services.background.tasks import ThreadExecutor
from inkread.services.canvas_session import CanvasSession
from inkread.services.corrections import PictureCorrections
from inkread.services.folders import FolderReading
from inkread.services.forms import Forms, FormsReading
from inkread.services.language import Language
from inkread.services.learning import Learning
from inkread.services.learning_offer import LearningOffer
from inkread.services.models import Models
from inkread.services.other_windows import OtherWindows
from inkread.services.reader import Reader
from inkread.services.recognition import Recognition
from inkread.services.sample_keeper import SampleKeeper
from inkread.services.samples import Samples
from inkread.services.saving import Saving
from inkread.services.settings import Settings
from inkread.services.teaching import Teaching
from inkread.services.training import Places, Training
from inkread.ui.controllers.canvas_session import CanvasSessionController
from inkread.ui.controllers.corrections import CorrectionsController
from inkread.ui.controllers.folder import FolderController
from inkread.ui.controllers.forms import FormsController
from inkread.ui.controllers.learning import LearningController
from inkread.ui.controllers.models import ModelsController
from inkread.ui.controllers.other_windows import OtherWindowsController
from inkread.ui.controllers.sample_keeper import SamplesController
from inkread.ui.widgets.theme import Theme
from inkread.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from inkread.core.recognition.line_reader import LineReader
    from inkread.data.correction_files import CorrectionFolder
    from inkread.data.models.library import Kept, ModelLibrary
    from inkread.data.samples.store import SampleStore

MODEL = "models/digits.onnx"
LINES = "models/lines.onnx"
ICON = "assets/icon.png"
STARTER = "assets/starter.npz"
ARCHITECTURES = "models/architectures"
TRANSLATIONS = "assets/translations"
SETTINGS = "settings.ini"


class Program:
    """All objects that live as long as the window."""

    def __init__(self, application: QApplication, home: Home, model: Path | None = None) -> None:
        share_one_heap()  # before there are workers
        self._application = application
        self._garbage = GarbageCollector()
        self._garbage.start()
        self.executor = ThreadExecutor()
        self.background = ThreadExecutor(is_background=True)
        self._free_memory = FreeMemory(self.executor)
        self._free_memory.start()
        self._home, self._shipped = home, model or bundled(MODEL)
        self._own_samples = OwnChanges()
        self._start_to_read()  # goes on while the window is made
        self._apply_settings()
        self._make_services()
        self._make_window()
        self._make_controllers()
        self._make_learning_controller()
        self._follow_others()

    def _start_to_read(self) -> None:
        """Have a worker open the model in use."""
        self.models = Models(self._library, self.executor, self._open_lines)
        self._reader = Reader(self.models.open_current)
        self.recognition = Recognition(self._reader, self.executor)
        self.models.used.connect(self._use)
        self.recognition.warm_up()

    def _apply_settings(self) -> None:
        """Language and theme come before the window, which then need not change."""
        self.settings = Settings(self._home.config / SETTINGS)
        self.language = Language(bundled(TRANSLATIONS))
        self.language.use(self.settings.language)
        self.settings.language_changed.connect(self.language.use)
        self.theme = Theme(self._application)
        self.theme.set_name(self.settings.theme)
        self.settings.theme_changed.connect(self.theme.set_name)

    def _make_services(self) -> None:
        """All that works without a window."""
        self.saving = Saving(self.executor)
        places = Places(bundled(STARTER), bundled(ARCHITECTURES), self._home.cache)
        self.training = Training(self.models, places, self.background)
        self.folders = FolderReading(self._reader, self.background)
        self.forms = Forms(self._reader, self.executor)
        self.forms_reading = FormsReading(self._reader, self.background)
        self.sample_keeper = SampleKeeper(self._sample_store, self.executor)
        self.samples = Samples(self._sample_store, self.executor, own=self._own_samples)
        self.teaching = Teaching(self._sample_store, self._reader, self.executor)
        self.learning = Learning(self._sample_store, self.models, places, self.background)
        self.learning_offer = LearningOffer(self._sample_store, self.settings, self.executor)
        self.corrections = PictureCorrections(self._correction_folder, self.executor)
        self.canvas_session = CanvasSession(self._home.data / "canvas", self.executor)

    def _make_window(self) -> None:
        """The window, not shown yet."""
        self.window = MainWindow(
            self.recognition, self.corrections, self.saving, self.settings, self.language
        )
        self.window.seen_changed.connect(self._free_memory.set_seen)
        if self.settings.problem is not None:
            self.window.messages.report(self.settings.problem)

    def _make_controllers(self) -> None:
        """Those that join services and the window, and need no other controller."""
        self.samples_controller = SamplesController(
            self.window, self.sample_keeper, self.samples, self.settings
        )
        self.recognition.model_changed.connect(self.samples_controller.set_model)
        self.models_controller = ModelsController(self.window, self.training, self.models)
        self.corrections_controller = CorrectionsController(
            self.window, self.corrections, self.recognition, self._reader, self.settings
        )
        self.canvas_session_controller = CanvasSessionController(
            self.window, self.canvas_session, self.saving, self.recognition
        )
        self.canvas_session_controller.ink_saved.connect(self.corrections_controller.save_ink)
        self.canvas_session.load()
        self.folder_controller = FolderController(
            self.window, self.folders, self.corrections, self.settings
        )

        self.forms_controller = FormsController(
            self.window, self.forms, self.forms_reading, self.settings
        )

    def _make_learning_controller(self) -> None:
        """Learning is offered when there are new samples, from whatever window they come."""
        self.learning_controller = LearningController(
            self.window,
            self.learning,
            self.teaching,
            self.learning_offer,
            self.models,
            self.settings,
            self.samples_controller,
        )
        self.recognition.model_changed.connect(self.learning_controller.set_model)
        once = Qt.ConnectionType.SingleShotConnection
        self.recognition.model_changed.connect(self.learning_offer.count_later, once)
        for changed in (
            self.sample_keeper.kept,
            self.sample_keeper.taken_out,
            self.samples.listed,
            self.samples.changed_elsewhere,
        ):
            changed.connect(self.learning_offer.count_new)

    def _follow_others(self) -> None:
        """Notice what other windows change: from the time when the model is open."""
        library, samples = self._home.data / "models", self._home.data / "samples.db"
        self.other_windows = OtherWindows(
            [
                ((library, library / "current"), self.models.look),
                ((samples, samples.with_name("samples.db-wal")), self.samples.look),
                ((self._home.config / SETTINGS,), self.settings.load),
            ]
        )
        self.other_windows_controller = OtherWindowsController(
            self.window,
            self.other_windows,
            self.models,
            self.samples,
            self.recognition,
            (self.models_controller, self.samples_controller),
        )
        once = Qt.ConnectionType.SingleShotConnection
        self.recognition.model_changed.connect(self.other_windows_controller.begin, once)

    def _use(self, kept: Kept) -> None:
        self.recognition.set_model(partial(self.models.open_kept, kept))

    def _library(self) -> ModelLibrary:
        # Imported by the first worker that reads.
        from inkread.data.models.library import ModelLibrary

        return ModelLibrary(self._home.data / "models", self._shipped, self.models.describe)

    def _open_lines(self) -> LineReader | None:
        # Imported by the first worker that reads.
        from inkread.ml.inference.line_model import open_lines

        return open_lines(bundled(LINES))

    def _sample_store(self) -> SampleStore:
        # Imported by the first worker that needs a sample: start-up needs no SQLite.
        from inkread.data.samples.store import SampleStore

        return SampleStore.of(self._home, self._own_samples, self.window.messages.report)

    def _correction_folder(self) -> CorrectionFolder:
        from inkread.data.correction_files import CorrectionFolder

        return CorrectionFolder(self._home.data / "drafts")

    def close(self) -> None:
        """Close the window and wait for running work."""
        self.models_controller.give_up()
        self.folder_controller.give_up()
        self.forms_controller.give_up()
        self.learning_controller.give_up()
        self.canvas_session_controller.give_up()
        self.window.close()
        self._free_memory.stop()
        self.recognition.cancel()
        self.canvas_session.stop()
        self.other_windows.stop()
        self.samples.stop()
        self.background.wait()
        self.executor.wait()
        self.saving.finish()
        self.sample_keeper.queue.finish()
        self.teaching.queue.finish()
        self.corrections.finish()
        self.canvas_session.finish()
        self._garbage.stop()
        self.window.deleteLater()
        self._application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def make_application() -> QApplication:
    # The style is chosen here, not by setStyle(): that would load every style's class.
    application = QApplication(["inkread", "-style", "fusion"])
    # On X11 a busy window would else get only the last of all moves that wait: ink loses its shape.
    application.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, False)
    application.setApplicationName("inkread")
    application.setApplicationDisplayName("Inkread")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("inkread")
    application.setWindowIcon(QIcon(str(bundled(ICON))))
    return application


class ErrorHooks:
    """Within this context, uncaught errors are shown to the user."""

    def __init__(self, program: Program) -> None:
        self._show = program.window.messages.report

    def __enter__(self) -> None:
        self._before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_error
        threading.excepthook = lambda args: self._on_error(args.exc_type, args.exc_value, None)
        sys.unraisablehook = lambda args: self._on_error(args.exc_type, args.exc_value, None)

    def __exit__(self, *_: object) -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._before

    def _on_error(
        self, kind: type[BaseException], error: BaseException | None, _: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
        elif error is not None:
            self._show(error)


def run(home: Home) -> int:
    """Show the window until it is closed; returns the exit status."""
    # Python does not see Ctrl-C during Qt's event loop; files are written whole or not at all.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    application = make_application()
    program = Program(application, home)
    with ErrorHooks(program):
        program.window.show()
        status = application.exec()
    program.close()
    return status
