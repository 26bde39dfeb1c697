"""Texts for the result of learning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from inkread.ui.widgets.plain_text import shown

if TYPE_CHECKING:
    from inkread.ml.adaptation.verdict import Score, Verdict
    from inkread.services.learning import Learned


def headline(verdict: Verdict) -> str:
    """The verdict, in one line."""
    from inkread.ml.adaptation.verdict import Reason

    translate = QCoreApplication.translate
    return {
        Reason.BETTER: translate("learning", "Learned: your samples are read better now."),
        Reason.NOT_WORSE: translate(
            "learning", "Learned: your samples are read as well as before."
        ),
        Reason.OWN_WORSE: translate(
            "learning", "Not taken: your samples would be read worse. The old model stays in use."
        ),
        Reason.KNOWN: translate(
            "learning", "Nothing new: the model in use has learned these samples already."
        ),
        Reason.FORGETS: translate(
            "learning", "Not taken: too much would be forgotten. The old model stays in use."
        ),
    }[verdict.reason]


def explanation(verdict: Verdict) -> str:
    """The reason, and possible next steps."""
    from inkread.ml.adaptation.verdict import MAX_REFERENCE_LOSS, Reason

    translate = QCoreApplication.translate
    limit = QLocale().toString(MAX_REFERENCE_LOSS, "g", 3)
    if verdict.is_accepted:
        pattern = translate(
            "learning",
            "The new model is in use and in the library. It may not read more than {limit} points "
            "fewer of the reference set than the model that all learning began with. Revert goes "
            "back to the model before.",
        )
    elif verdict.reason is Reason.FORGETS:
        pattern = translate(
            "learning",
            "The new model would read over {limit} points fewer of the reference set than the "
            "model that all learning began with. Look through your samples for wrong labels, or "
            "teach more of the classes that are read wrongly.",
        )
    elif verdict.reason is Reason.KNOWN:
        pattern = translate("learning", "Correct or teach some more digits, and try again.")
    else:
        pattern = translate(
            "learning",
            "Look through your samples for wrong labels, or teach some more and try again.",
        )
    return pattern.format(limit=limit)


def has_scores(verdict: Verdict) -> bool:
    """Whether the scores are meaningful: those of memorised samples are not."""
    from inkread.ml.adaptation.verdict import Reason

    return verdict.reason is not Reason.KNOWN


def not_in_use(learned: Learned, instead: str) -> str:
    """Text if the new model was reverted, or another was chosen during learning."""
    translate = QCoreApplication.translate
    if instead == learned.instead:
        pattern = translate("learning", "Learned, but not in use: you chose {name} meanwhile.")
    else:
        pattern = translate("learning", "In use again: {name}.")
    return pattern.format(name=shown(instead))


def score(figure: Score) -> str:
    """Such as "18 of 20 (90.00 %)"."""
    locale = QLocale()
    pattern = QCoreApplication.translate("learning", "{right} of {count} ({percent} %)")
    return pattern.format(
        right=locale.toString(figure.right),
        count=locale.toString(figure.count),
        percent=locale.toString(100 * figure.accuracy, "f", 2),
    )
