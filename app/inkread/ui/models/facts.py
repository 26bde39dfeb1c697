"""Details of a model, in words."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDateTime, QLocale, Qt

from inkread.core.escapes import MAX_TEXT
from inkread.data.models.card import is_share
from inkread.data.models.library import Card, ModelEntry
from inkread.ui.widgets.formatting import percent
from inkread.ui.widgets.plain_text import shown


def figures(card: Card) -> str:
    """Such as "accuracy 98.8 %, before 97.2 %"."""
    before = QCoreApplication.translate("models", "{figure}, before {other}")
    return "; ".join(
        before.format(figure=_figure(key, value), other=figure_value(key, card.before[key]))
        if key in card.before
        else _figure(key, value)
        for key, value in card.after.items()
    )


def details(listed: ModelEntry) -> str:
    """Details beyond the columns of the list, line by line."""
    translate = QCoreApplication.translate
    card = listed.kept.card
    if listed.problem:
        pattern = translate("models", "It cannot be used: {reason}.")
        return pattern.format(reason=shown(listed.problem, MAX_TEXT))
    facts = {
        translate("models", "Figures: {text}"): figures(card),
        translate("models", "Trained: {text}"): recipe(card),
        translate("models", "Made from: {text}"): ", ".join(card.parents),
        translate("models", "File: {text}"): str(listed.kept.path),
    }
    known = {pattern: shown(text, MAX_TEXT) for pattern, text in facts.items() if text}
    return "\n".join(pattern.format(text=text) for pattern, text in known.items())


def recipe(card: Card) -> str:
    """Training recipe; empty if unknown."""
    translate = QCoreApplication.translate
    known = {
        "architecture": translate("models", "network {value}"),
        "epochs": translate("models", "{value} passes"),
        "best_epoch": translate("models", "the best was pass {value}"),
        "batch": translate("models", "batch {value}"),
        "rate": translate("models", "learning rate {value}"),
    }
    return ", ".join(
        pattern.format(value=card.recipe[key])
        for key, pattern in known.items()
        if card.recipe.get(key) not in (None, "")
    )


def created(card: Card) -> str:
    """When it was added to the library, in local time."""
    if not card.created:
        return ""
    moment = QDateTime.fromString(card.created, Qt.DateFormat.ISODate).toLocalTime()
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


#: Meaning of the keys of known scores.
_FIGURES = {
    "accuracy": QT_TRANSLATE_NOOP("models", "accuracy"),
    "validation_accuracy": QT_TRANSLATE_NOOP("models", "accuracy on held-out data"),
    "mnist_test_accuracy": QT_TRANSLATE_NOOP("models", "MNIST's test digits"),
    "canvas_fold1_accuracy": QT_TRANSLATE_NOOP("models", "pen digits of people it never saw"),
    "canvas_fold1_accuracy_without_suspect": QT_TRANSLATE_NOOP(
        "models", "the same without doubtful samples"
    ),
    "own_samples": QT_TRANSLATE_NOOP("models", "your own samples, left out of learning"),
    "reference": QT_TRANSLATE_NOOP("models", "reference set"),
    "calibration_error": QT_TRANSLATE_NOOP("models", "error of its percentages"),
}


def figure_name(key: str) -> str:
    """Name of a score; for unknown ones the key, made readable."""
    if key in _FIGURES:
        return QCoreApplication.translate("models", str(_FIGURES[key]))
    return key.replace("_", " ").strip()


def _figure(key: str, value: float) -> str:
    return f"{figure_name(key)} {figure_value(key, value)}"


def figure_value(key: str, value: float) -> str:
    return percent(value) if is_share(key, value) else QLocale().toString(value)
