"""The errors that are expected: bad input, files that cannot be had.

Each carries facts; its ``template`` turns them into one English sentence (``str(error)``).
The window translates the template before it fills in the facts, so there is no second text.
"""

from __future__ import annotations

from typing import ClassVar


class InkreadError(Exception):
    """Something a person can put right. ``str()`` is one sentence for that person."""

    template: ClassVar[str] = "Something is wrong with {name}."

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def __str__(self) -> str:
        return self.template.format(**self.facts)


class FileMissing(InkreadError):
    template = "{name}: there is no such file; check the name and the folder."


class FileNotAllowed(InkreadError):
    template = "{name}: you are not allowed to open this file; change its permissions or copy it."


class FileIsFolder(InkreadError):
    template = "{name}: this is a folder, not a file; choose a file in it."


class FolderEmpty(InkreadError):
    template = (
        "{name}: no picture was found in this folder; choose one that holds pictures "
        "(-r looks into its subfolders too)."
    )


class FileUnusable(InkreadError):
    template = "{name}: the file cannot be opened ({reason}); try a copy of it."


class FileTooLarge(InkreadError):
    template = "{name}: the file has more than {limit} MB, the most that is read; make it smaller."


class PictureEmpty(InkreadError):
    template = "{name}: the file is empty; save the picture again."


class PictureUnknown(InkreadError):
    template = (
        "{name}: this is not a picture that can be read; "
        "use PNG, JPEG, BMP, GIF, TIFF or WebP, or InkML for ink."
    )


class PictureDamaged(InkreadError):
    template = "{name}: the picture is damaged or cut off ({reason}); get a fresh copy of it."


class PictureTooLarge(InkreadError):
    template = (
        "{name}: the picture claims {width} x {height} pixels, more than the limit of "
        "{limit} million; make it smaller first."
    )


class ReadingFailed(InkreadError):
    template = "{name}: reading it failed in a way nobody expected ({reason}); please report it."


class InkDamaged(InkreadError):
    template = "{name}: this is no InkML that can be read ({reason}); export the ink again."


class ModelUnusable(InkreadError):
    template = "{name}: this model cannot be used ({reason}); choose another model."


class SaveFailed(InkreadError):
    template = "{name}: the file could not be saved ({reason}); choose another place."
