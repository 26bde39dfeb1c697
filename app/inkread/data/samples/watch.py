"""Find what other processes changed in a sample store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Label of each sample by its id; None: it is deleted.
States = Mapping[int, str | None]


@dataclass(frozen=True, slots=True)
class SampleNews:
    """How many samples another process added, deleted and relabelled; none: it is a new file."""

    added: int = 0
    deleted: int = 0
    relabelled: int = 0


class OwnChanges:
    """The changes that stores of this process make; one for all of them.

    They are noted before they are committed: who sees a change finds it here.
    """

    def __init__(self) -> None:
        self._states: dict[int, str | None] = {}

    def note(self, states: States) -> None:
        self._states.update(states)

    def explain(self, sample_id: int, label: str | None) -> bool:
        """Whether this process made the sample what it is; asked once for each change."""
        is_own = sample_id in self._states and self._states[sample_id] == label
        if is_own:
            del self._states[sample_id]
        return is_own


class SampleWatch:
    """Compares the samples with those seen last."""

    def __init__(self, own: OwnChanges) -> None:
        self._own = own
        self._file = 0
        self._labels: dict[int, str] | None = None

    def news(self, file: int, labels: dict[int, str]) -> SampleNews | None:
        """Changes by others; None: there are none, or nothing was known yet.

        Parameters
        ----------
        file : int
            What identifies the file; 0: there is none yet.
        labels : dict of int to str
            The label of each sample by its id.
        """
        if self._file and not file:  # set aside, or on a network that is gone
            return None
        before, self._labels = self._labels, labels
        is_new, self._file = self._file not in (0, file), file
        if before is None:
            return None
        if is_new:  # ids say nothing
            return SampleNews()
        states = {one: labels.get(one) for one in before.keys() | labels.keys()}
        changed = (one for one, label in states.items() if before.get(one) != label)
        foreign = [one for one in changed if not self._own.explain(one, states[one])]
        added = sum(one not in before for one in foreign)
        deleted = sum(one not in labels for one in foreign)
        news = SampleNews(added, deleted, len(foreign) - added - deleted)
        return news if foreign else None
