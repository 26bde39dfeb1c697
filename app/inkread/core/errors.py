"""Expected errors: bad input, unusable files.

Each carries facts; its ``template`` makes one English sentence of them (``str(error)``).
The window translates the template, then fills in the facts.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from inkread.core.escapes import MAX_TEXT, elided


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: ARG001, N802
    """Mark `text` for translation and return it as it is.

    Qt's ``lupdate`` finds the texts by the name of this function, so modules without Qt can mark
    theirs. The window looks them up in the same context.
    """
    return text


class InkreadError(Exception):
    """An error that a person can correct. ``str()`` is one sentence for that person."""

    template: ClassVar[str] = QT_TRANSLATE_NOOP("errors", "Something is wrong with {name}.")

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        # With an empty name, the sentence would begin with a colon.
        self.facts = {name: '""' if fact == "" else fact for name, fact in facts.items()}

    def __str__(self) -> str:
        return self.template.format(**{name: _quoted(fact) for name, fact in self.facts.items()})

    def __reduce__(self) -> tuple[Callable[[], InkreadError], tuple[()]]:
        # Worker processes send their errors to the parent.
        return partial(type(self), **self.facts), ()


def _quoted(fact: object) -> object:
    return elided(fact, MAX_TEXT) if isinstance(fact, str) else fact


class FileMissing(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: there is no such file; check the name and the folder."
    )


class FileNotAllowed(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: you are not allowed to open this file; change its permissions or copy it.",
    )


class FileIsFolder(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: this is a folder, not a file; choose a file in it."
    )


class FileNotRegular(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this is a pipe, a device or a socket, not a file; "
        "save what it gives in a file and open that.",
    )


class FolderEmpty(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: no picture was found in this folder; choose one that holds pictures "
        "(-r looks into its subfolders too).",
    )


class FileUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the file cannot be opened ({reason}); try a copy of it."
    )


class FileTooLarge(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the file has more than {limit} MB, the most that is read; make it smaller.",
    )


class PictureEmpty(InkreadError):
    template = QT_TRANSLATE_NOOP("errors", "{name}: the file is empty; save the picture again.")


class InputEmpty(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: nothing came on standard input; send it a picture or InkML."
    )


class PictureUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this is not a picture that can be read; "
        "use PNG, JPEG, BMP, GIF, TIFF, WebP, AVIF, HEIC, JPEG 2000, PNM or PDF, "
        "or InkML for ink.",
    )


class PictureDamaged(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the picture is damaged or cut off ({reason}); get a fresh copy of it."
    )


class PictureTooComplex(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the picture would take too long to open ({reason}); "
        "open it in another program and save it anew.",
    )


class PictureTooLarge(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the picture claims {width} x {height} pixels, more than the limit of "
        "{limit} million; make it smaller first.",
    )


class PdfLocked(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: this PDF is protected by a password; save a copy without one."
    )


class PdfDamaged(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the PDF is damaged or cut off ({reason}); get a fresh copy of it."
    )


class PageMissing(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: of the pages {pages} it has none; its pages are 1 to {count}."
    )


class PagesUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: these are no pages; give numbers such as 3, 2-5, 4- or 1,3."
    )


class RegionUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this is no region; give left, top, width and height in px, such as 20,40,300,80.",
    )


class TurnUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: a picture cannot be turned so; give 90, 180, 270 or -90 degrees."
    )


class PartMissing(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the region is outside of it; choose one within its {width} x {height} px.",
    )


class PartOfInk(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: it is ink, of which no region can be read alone; leave that out."
    )


class InputUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this cannot be read; give a path, bytes, a NumPy array, a Pillow image or Ink.",
    )


class ArrayUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this array is no picture ({reason}); give (h, w), (h, w, 3) or (h, w, 4) "
        "of uint8, of floats from 0 to 1, or of bool.",
    )


class LayoutUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: there is no such layout; choose one of {known}."
    )


class FieldTypeUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this does not say what may stand in a field ({reason}); use a name such as date, "
        "money or integer, a pattern such as 999-99, or a list such as one of: 12|15|20.",
    )


class LettersUnread(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: letters have to stand there, and letters are not read yet; "
        "use a pattern of digits and signs.",
    )


class ReadingFailed(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: reading it failed unexpectedly ({reason}); please report it."
    )


class ReaderEnded(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the process that read it was ended by the system, perhaps for want of memory; "
        "read it by itself, or make it smaller.",
    )


class InkDamaged(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: this InkML cannot be read ({reason}); export the ink again."
    )


class SvgUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: of SVGs only drawings that this program saved can be opened ({reason}); "
        "save it as PNG.",
    )


class InkUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: this ink cannot be read ({reason}); make its strokes by Stroke.of."
    )


class TemplateUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this form template cannot be used ({reason}); mark the form's fields again.",
    )


class NoForm(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: ink has no form around it; read it without a template."
    )


class FormNotFound(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this does not look like the form of the template ({share} % of its print was "
        "found); check the file, or mark a template on it.",
    )


class ModelUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: this model cannot be used ({reason}); choose another model."
    )


class TrialUndecided(ModelUnusable):
    """The machine was at fault, not the model: another trial may take it."""

    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: this model was not tried ({reason}); try again."
    )


class TrialGivenUp(ModelUnusable):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the trial of this model was given up; it was not taken in."
    )


class ShippedModelUnusable(ModelUnusable):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{path}: the model that came with the program cannot be used ({reason}); "
        "put a good copy there, or import another model into the library.",
    )


class LineModelUnusable(ModelUnusable):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{path}: the network for lines that came with the program cannot be used ({reason}); "
        "lines are read digit by digit until you put a good copy there.",
    )


class SuffixUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: drawings are saved as {known}; give the file one of these endings."
    )


class TextSuffixUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: what was read is saved as {known}; give the file one of these endings."
    )


class TableSuffixUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: tables are saved as {known}; give the file one of these endings."
    )


class TableMissing(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: there is no table {number} in it; tables found: {count}."
    )


class NothingToWrite(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: it is not written, since nothing could be read."
    )


class FolderUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the folder cannot be made ({reason}); choose another place."
    )


class SaveFailed(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the file could not be saved ({reason}); choose another place."
    )


class DataUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this is not a data set that can be read; use NPZ, IDX, CSV, InkML, or a folder "
        "that holds a folder of pictures for each class.",
    )


class DataDamaged(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the data set is damaged ({reason}); get a fresh copy of it."
    )


class DataMisshapen(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: these are not labelled pictures of one size ({reason}); "
        "put them into one of the forms that are described in the README.",
    )


class DataTooLarge(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: it claims more than {limit} MB of pictures or labels; use a part of it."
    )


class DataEmpty(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: there is not one sample that can be used ({reason}); choose other data."
    )


class DataBlank(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: all samples are blank; choose data with something written on them."
    )


class LabelsMissing(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the labels are missing ({reason}); add them, or choose other data."
    )


class ClassEmpty(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the class {label} has not one sample that can be used; "
        "add some, or take the class away.",
    )


class ClassSingle(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: all samples are of the class {label}; add data of at least one other class.",
    )


class SizesDiffer(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: its samples are {width} x {height} pixels, those of {other} are "
        "{other_width} x {other_height}; use data of one size.",
    )


class LabelsForeign(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the model knows none of its classes ({labels}); choose another model."
    )


class DownloadFailed(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: it could not be fetched ({reason}); check the network connection and try again.",
    )


class ModelPassedOver(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this model cannot be used ({reason}), so {instead} is; "
        "choose another model or import a good copy.",
    )


class ModelUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: no model in the library is called that; choose one of its list."
    )


class ModelDeleted(ModelUnknown):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: another window or command has deleted this model; choose another one.",
    )


class ModelAmbiguous(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this may be {count} models of the library ({models}); choose one by its id.",
    )


class ModelNameTaken(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: another model of the library goes by that name; choose another name."
    )


class ModelInUse(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: this model is in use; use another one, then delete it."
    )


class ModelShipped(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the model that came with the program stays as it is; choose another model.",
    )


class ModelNameUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: no model can be called that; use 1 to {limit} characters on one line."
    )


class NothingToRevert(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: no other model was in use before this one; choose one of the library."
    )


class LibraryFailed(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the model library could not be changed ({reason}); nothing of it is lost, "
        "put that right and try again.",
    )


class SamplesFailed(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the samples could not be kept or changed ({reason}); nothing of them is lost, "
        "put that right and try again.",
    )


class SamplesUnreadable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: the samples cannot be read ({reason}); put that right and try again."
    )


class SamplesForeign(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: these samples are kept in a way that this Inkread does not know ({reason}); "
        "use the newest Inkread, or another place.",
    )


class SamplesSetAside(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the file of your samples was damaged ({reason}), so it is set aside as {kept}; "
        "samples saved from it into a new file: {saved}, lost: {lost}.",
    )


class DrawingsSetAside(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: kept drawings were damaged ({reason}), so the file is set aside as {kept}; "
        "what could still be read of it is back.",
    )


class DrawingsLeft(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: kept drawings cannot be read now ({reason}); nothing of them is lost, "
        "they come back at the next start at which they can be read.",
    )


class SettingsUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: settings cannot be kept there, because it is no file; delete it or move it away, "
        "until then each start begins with the defaults.",
    )


class SampleUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP("errors", "{name}: no sample has that id; choose one of the list.")


class SampleBlank(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors", "{name}: nothing is written there; choose something that shows one digit."
    )


class SampleTooLarge(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: its ink or picture takes more than {limit} MB, the most that is kept of one "
        "sample; choose something that shows one digit.",
    )


class SamplesFull(SamplesFailed):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the samples would take more than {limit} MB, the most that is kept; "
        "export and delete some of them first.",
    )


class LabelUnusable(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this cannot be a label; use 1 to {limit} printable characters on one line.",
    )


class NothingToUndo(InkreadError):
    template = QT_TRANSLATE_NOOP("errors", "{name}: no change of the samples is left to undo.")


class FormUnknown(InkreadError):
    template = QT_TRANSLATE_NOOP(
        "errors",
        "{name}: samples are written to a file that ends in .npz or .inkml, or to a folder, "
        "whose name has no such ending; choose one of these.",
    )
