"""Names of folders for labels, valid on every system, and the labels of folders.

A label that can be a name is one, so that other programs need to know nothing: ``7``, ``A``, ``é``.
Forbidden characters are percent-encoded as in web addresses: ``%2F`` is a slash. A name that some
system takes for another one of the folder, ``a`` and ``A``, is percent-encoded as a whole. This
alone leads back to every label, but three bytes for one are too many where a label is long. So the
file `NOTE` says the labels of what has a shortened name, and of names whose accents a file system
may write in another way. Not all labels are there: who renames a folder changes the label.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import unquote

from inkread.core.errors import InkreadError
from inkread.core.files import MEGABYTE, read_file
from inkread.core.labels import composed, is_normal

#: The file beside the folders: JSON, an object of their names and labels.
NOTE = "inkread-labels.json"
#: Maximum length of a name, bytes. Chosen: encrypted file systems take 143.
MAX_NAME_BYTES = 120
_MAX_NOTE_BYTES = 16 * MEGABYTE
#: Characters that some system or shell misunderstands in names, and the escape character.
_UNUSABLE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%]|^[-~. ]|[. ]$')
#: Names of devices, of parts of a data set, and of the note.
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\.|$)"
    rf"|train|test|val|{re.escape(NOTE)}$",
    re.IGNORECASE,
)
_START, _HASH = 24, 16


def folder_names(labels: Iterable[str]) -> dict[str, str]:
    """Folder name for each label; no system takes two of them for one."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for label in sorted(set(labels)):
        offered = (_readable(label), _encoded(label), short_name(label))
        names[label] = next(
            name
            for name in offered
            if len(name.encode()) <= MAX_NAME_BYTES and _key(name) not in taken
        )
        taken.add(_key(names[label]))
    return names


def short_name(label: str) -> str:
    """A name of plain letters and digits for any label, which does not lead back to it."""
    start = re.sub("[^a-z0-9]+", "_", label.lower())[:_START]
    return f"{start}~{hashlib.sha256(label.encode()).hexdigest()[:_HASH]}"


def note_of(names: Mapping[str, str]) -> bytes | None:
    """The content of `NOTE` for the names of labels; None if they all lead back by themselves."""
    noted = {name: label for label, name in names.items() if not _leads_back(name, label)}
    return json.dumps(noted, ensure_ascii=False, indent=1).encode() if noted else None


def read_note(folder: Path) -> dict[str, str]:
    """Labels by normalised name, from an untrusted `NOTE`; none if there is no valid one."""
    path = folder / NOTE
    try:
        found = json.loads(read_file(path, _MAX_NOTE_BYTES)) if path.is_file() else {}
    except (InkreadError, OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    texts = {name: label for name, label in found.items() if isinstance(label, str)}
    labels = {composed(name): composed(label) for name, label in texts.items()}
    return {name: label for name, label in labels.items() if is_normal(label)}


def label_of(name: str, noted: Mapping[str, str]) -> str:
    """The label of a folder, by its name and what `read_note` found."""
    return noted.get(composed(name)) or unquote(name)


def _readable(label: str) -> str:
    name = _UNUSABLE.sub(lambda found: _encoded(found[0]), label)
    if _RESERVED.match(name):
        name = _encoded(name[0]) + name[1:]
    return name


def _encoded(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _leads_back(name: str, label: str) -> bool:
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}
    return forms == {name} and unquote(name) == label


def _key(name: str) -> str:
    """Equal for names that some file system takes for one."""
    upper = unicodedata.normalize("NFKD", name).upper()
    return unicodedata.normalize("NFKD", upper.casefold())
