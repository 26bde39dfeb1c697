"""The card of a model in the library: what is known of it, as JSON beside its ONNX file."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from itertools import islice
from types import MappingProxyType
from typing import Literal, Protocol, TypeVar

T = TypeVar("T")
Source = Literal["shipped", "trained", "imported"]
#: Characters.
MAX_NAME_LENGTH = 100
#: Of what an imported model says of itself: entries of each kind, characters of a text.
_MAX_ENTRIES, _MAX_TEXT_LENGTH = 100, 300
_CHECKSUM = re.compile("[0-9a-f]{64}")


class SelfDescription(Protocol):
    """The metadata of an imported model; `ModelInfo` is one."""

    @property
    def name(self) -> str: ...
    @property
    def scores(self) -> Mapping[str, float]: ...
    @property
    def data(self) -> tuple[str, ...]: ...
    @property
    def parents(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Card:
    """The facts about a model.

    Attributes
    ----------
    name : str
        For people: 1 to 100 printable characters; need not be unique.
    source : {"shipped", "trained", "imported"}
        Where it comes from.
    created : str
        When the library took it in, ISO 8601 with time zone; empty: not known.
    before, after : mapping of str to float
        Figures on the same held-out data: of the model in use at that time, and of this one.
        `after` of an imported model is its own claim.
    data : tuple of str
        What it was trained on.
    recipe : mapping of str to JSON values
        How it was trained: architecture, epochs, batch, learning rate, seed and the like.
    parents : tuple of str
        All models that it was made from, the nearest first.
    sha256 : str
        Of the ONNX file, hexadecimal; empty: not known.
    size : int
        Of the ONNX file, bytes.
    """

    name: str
    source: Source
    created: str = ""
    before: Mapping[str, float] = field(default_factory=dict, hash=False)
    after: Mapping[str, float] = field(default_factory=dict, hash=False)
    data: tuple[str, ...] = ()
    recipe: Mapping[str, object] = field(default_factory=dict, hash=False)
    parents: tuple[str, ...] = ()
    sha256: str = ""
    size: int = 0

    def __post_init__(self) -> None:
        """Refuse an impossible name or figure; copy the mappings.

        Raises
        ------
        ValueError
            With the reason in words.
        """
        is_line = self.name.strip() and self.name.isprintable()
        if not (is_line and len(self.name) <= MAX_NAME_LENGTH):
            raise ValueError("the name is not one line of text")
        if not all(map(math.isfinite, (*self.before.values(), *self.after.values()))):
            raise ValueError("the figures are not numbers")
        for mapping in ("before", "after", "recipe"):
            object.__setattr__(self, mapping, MappingProxyType(dict(getattr(self, mapping))))

    @property
    def lineage(self) -> tuple[str, ...]:
        """The `parents` of a model made from this one."""
        checksum = f" (SHA-256 {self.sha256[:16]})" if self.sha256 else ""
        return (self.name + checksum, *self.parents)

    def to_json(self) -> bytes:
        """The card's file."""
        facts = {fact.name: getattr(self, fact.name) for fact in fields(self)}
        plain = {k: dict(v) if isinstance(v, Mapping) else v for k, v in facts.items()}
        text = json.dumps(plain, indent=1, allow_nan=False, ensure_ascii=False) + "\n"
        return text.encode(errors="backslashreplace")  # half a character: JSON's own escape

    @classmethod
    def from_json(cls, data: bytes) -> Card:
        """Parse the file of a card, which is not trusted; unknown keys are ignored.

        Raises
        ------
        ValueError
            If it is not a card; the reason in words.
        """
        try:
            facts = json.loads(data)
            json.dumps(facts, allow_nan=False)  # 1e400 is read, but could not be written again
        except RecursionError as error:
            raise ValueError("it is nested too deeply") from error
        if not isinstance(facts, dict):
            raise ValueError("it is not a JSON object")
        return cls(
            name=_fact(facts, "name", str),
            source=_source(facts),
            created=_fact(facts, "created", str),
            before=_figures(facts, "before"),
            after=_figures(facts, "after"),
            data=_texts(facts, "data"),
            recipe=_fact(facts, "recipe", dict),
            parents=_texts(facts, "parents"),
            sha256=_checksum(facts),
            size=_fact(facts, "size", int),
        )


def card_of(description: SelfDescription, otherwise: str) -> Card:
    """The card of a model of which only its own description is known.

    Parameters
    ----------
    description : SelfDescription
        Not trusted: cut to a decent size.
    otherwise : str
        Its name if it gives none.
    """
    scores = [(_line(key), score) for key, score in description.scores.items()]
    return Card(
        name=proper_name(description.name) or proper_name(otherwise) or "?",
        source="imported",
        after={key: score for key, score in scores[:_MAX_ENTRIES] if math.isfinite(score)},
        data=_cut(description.data),
        parents=_cut(description.parents),
    )


def is_share(name: str, figure: float) -> bool:
    """Whether a figure of that name is a share, shown in percent; a loss is not."""
    return 0 <= figure <= 1 and not name.lower().endswith("loss")


def proper_name(text: str) -> str:
    """`text` as a name: one line of at most 100 printable characters; may be empty."""
    return _line(text)[:MAX_NAME_LENGTH].strip()


def _cut(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(_line(text) for text in islice(texts, _MAX_ENTRIES))


def _line(text: str) -> str:
    words = "".join(c if c.isprintable() else " " for c in text[:_MAX_TEXT_LENGTH])
    return " ".join(words.split())


def _fact(facts: dict[str, object], key: str, kind: type[T]) -> T:
    value = facts.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"its {key} is not {kind.__name__}")
    return value


def _source(facts: dict[str, object]) -> Source:
    match facts.get("source"):
        case "shipped" | "trained" | "imported" as source:
            return source
    raise ValueError("its source is unknown")


def _checksum(facts: dict[str, object]) -> str:
    checksum = _fact(facts, "sha256", str)
    if not _CHECKSUM.fullmatch(checksum):
        raise ValueError("its sha256 is not a checksum")
    return checksum


def _figures(facts: dict[str, object], key: str) -> dict[str, float]:
    figures = _fact(facts, key, dict)
    if not all(type(figure) in (int, float) for figure in figures.values()):
        raise ValueError(f"its {key} is not numbers")
    try:
        return {name: float(figure) for name, figure in figures.items()}
    except OverflowError as error:
        raise ValueError(f"its {key} is out of bounds") from error


def _texts(facts: dict[str, object], key: str) -> tuple[str, ...]:
    texts = _fact(facts, key, list)
    if not all(isinstance(text, str) for text in texts):
        raise ValueError(f"its {key} is not a list of texts")
    return tuple(texts)
