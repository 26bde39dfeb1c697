"""Says in the window what another window, or a command, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inkread.services.models import Models
from inkread.services.other_windows import OtherWindows
from inkread.services.recognition import Recognition
from inkread.services.samples import Samples
from inkread.ui.widgets.plain_text import shown

if TYPE_CHECKING:
    from inkread.core.classifier import Classifier
    from inkread.data.models.watch import ModelNews
    from inkread.data.samples.watch import SampleNews
    from inkread.ui.controllers.models import ModelsController
    from inkread.ui.controllers.sample_keeper import SamplesController
    from inkread.ui.window.main_window import MainWindow


class OtherWindowsController(QObject):
    """Follows other windows while this one can be seen, and reports what they did."""

    def __init__(
        self,
        window: MainWindow,
        others: OtherWindows,
        models: Models,
        samples: Samples,
        recognition: Recognition,
        dialogs: tuple[ModelsController, SamplesController],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._others = others
        self._models_controller, self._samples_controller = dialogs
        self._is_begun = False
        #: Announcement for when the model that another window chose is opened.
        self._waiting = ""
        models.changed_elsewhere.connect(self._on_models_changed)
        samples.changed_elsewhere.connect(self._on_samples_changed)
        recognition.model_changed.connect(self._on_model_changed)
        recognition.failed.connect(self._on_failed)
        window.seen_changed.connect(self._follow)

    def begin(self) -> None:
        """Follow others from now on: the program has started."""
        self._is_begun = True
        self._follow()

    def _follow(self) -> None:
        """Follow others while somebody sees the window; when it is seen again, look at once."""
        self._others.set_active(self._is_begun and self._window.is_seen)

    def _on_models_changed(self, news: ModelNews) -> None:
        self._models_controller.refresh()
        words = self._about_models(news)
        if news.is_used or news.is_renamed:
            self._waiting = words
        else:
            self._window.status.announce(words)

    def _on_model_changed(self, _: Classifier) -> None:
        if self._waiting:
            words, self._waiting = self._waiting, ""
            self._window.status.announce(words)

    def _on_failed(self, _: BaseException) -> None:
        """The window says that the model cannot be opened, and goes on with its own."""
        self._waiting = ""

    def _about_models(self, news: ModelNews) -> str:
        name = shown(news.in_use.card.name)
        if news.lost:
            words = self.tr("Another window deleted the model {old}; {name} is in use now")
            return words.format(old=shown(news.lost), name=name)
        if news.is_used:
            return self.tr("Another window chose the model {name}: it is in use here too").format(
                name=name
            )
        if news.renamed:
            old, new = news.renamed[0]
            words = self.tr("Another window renamed the model {old}: it is called {name} now")
            return words.format(old=shown(old), name=shown(new))
        if news.added:
            if len(news.added) > 1:
                return self.tr("Another window added %n models", "", len(news.added))
            return self.tr("Another window added the model {name}").format(
                name=shown(news.added[0])
            )
        if len(news.deleted) > 1:
            return self.tr("Another window deleted %n models", "", len(news.deleted))
        return self.tr("Another window deleted the model {name}").format(
            name=shown(news.deleted[0])
        )

    def _on_samples_changed(self, news: SampleNews) -> None:
        self._samples_controller.refresh()
        words = self._about_samples(news)
        if words:
            self._window.status.announce(words)

    def _about_samples(self, news: SampleNews) -> str:
        """Empty: the file was replaced, which says nothing of the samples."""
        said = []
        if news.added:
            said.append(self.tr("Another window added samples: %n", "", news.added))
        if news.deleted:
            said.append(self.tr("Another window deleted samples: %n", "", news.deleted))
        if news.relabelled:
            said.append(self.tr("Another window relabelled samples: %n", "", news.relabelled))
        return "; ".join(said)
