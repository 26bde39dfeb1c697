"""The sample store: labelled samples of a user in one local file."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inkread.core.errors import NothingToUndo, SamplesSetAside, SampleUnknown
from inkread.core.labels import composed, normalise_label
from inkread.data.paths import Home
from inkread.data.samples.changes import MAX_CHANGES, insert_all, now, prune, record
from inkread.data.samples.deduplicate import AddedSamples, LabelConflict, split_new
from inkread.data.samples.file import SampleFile
from inkread.data.samples.rows import (
    COLUMNS,
    COLUMNS_OF_CELLS,
    LISTED_COLUMNS,
    Row,
    from_row,
    is_label,
    is_listable,
    is_sound,
    listed_from_row,
    to_row,
)
from inkread.data.samples.sample import ListedSample, Sample, StoredSample
from inkread.data.samples.schema import Damaged
from inkread.data.samples.watch import OwnChanges

__all__ = ["MAX_CHANGES", "AddedSamples", "LabelConflict", "SampleStore", "StoredSample", "Undone"]


@dataclass(frozen=True, slots=True)
class Undone:
    """A change that was undone.

    Attributes
    ----------
    action : str
        ``add``, ``relabel`` or ``delete``.
    ids : tuple of int
        The samples that it affected.
    """

    action: str
    ids: tuple[int, ...]


class SampleStore:
    """Labelled samples in a file.

    Nothing is cached or kept open: threads, windows and processes may work on one file. Every
    change is one transaction. Changes are undone in reverse order, whichever process made them.
    """

    def __init__(
        self,
        file: SampleFile,
        notice: SamplesSetAside | None = None,
        own: OwnChanges | None = None,
    ) -> None:
        self._file = file
        self._own = own or OwnChanges()
        #: Set if a damaged file was set aside on opening; `report` got it too.
        self.notice = notice

    @classmethod
    def open(
        cls,
        path: Path,
        own: OwnChanges | None = None,
        report: Callable[[SamplesSetAside], object] = lambda _: None,
    ) -> SampleStore:
        """Open the store in a file; the first sample creates it if it does not exist.

        Parameters
        ----------
        path : Path
            The file.
        own : OwnChanges, optional
            Its changes are noted there.
        report : callable, optional
            Called in the present thread when a damaged file was set aside, now or in later use.

        Raises
        ------
        SamplesForeign
            If a newer or another program made the file; it is not changed.
        SamplesUnreadable
            If it cannot be opened.
        """
        file = SampleFile(path, report=report)
        return cls(file, file.check(), own)

    @classmethod
    def of(
        cls,
        home: Home,
        own: OwnChanges | None = None,
        report: Callable[[SamplesSetAside], object] = lambda _: None,
    ) -> SampleStore:
        """The store in the user's data folder; as `open`."""
        return cls.open(home.data / "samples.db", own, report)

    @property
    def path(self) -> Path:
        return self._file.path

    def add(self, sample: Sample) -> int:
        """Store a sample; returns its id. Raises SamplesFailed."""
        return self.add_many([sample])[0]

    def add_many(self, samples: Iterable[Sample]) -> list[int]:
        """Store samples, all or none; returns their ids. Those without a time get the present one.

        Raises
        ------
        SamplesFailed, SamplesForeign
        """
        time = now()
        rows = [to_row(sample, time) for sample in samples]
        if not rows:
            return []
        with self._file.changing() as connection:
            ids = insert_all(connection, rows)
            self._note(ids, rows)
        return ids

    def add_new(self, samples: Iterable[Sample]) -> AddedSamples:
        """Store the samples that are new, without duplicates, all or none.

        Samples that are stored already keep their labels. Raises as `add_many`.
        """
        time = now()
        rows = [to_row(sample, time) for sample in samples]
        with self._file.changing() as connection:
            new, disagreements = split_new(connection, rows)
            ids = insert_all(connection, new) if new else []
            self._note(ids, new)
        known = len(rows) - len(ids) - len(disagreements)
        return AddedSamples(tuple(ids), known, tuple(disagreements))

    def samples(
        self,
        label: str | None = None,
        ids: Sequence[int] | None = None,
        cells_only: bool = False,
    ) -> list[StoredSample]:
        """Samples in the order in which they were stored.

        Parameters
        ----------
        label : str, optional
            Only samples with this label.
        ids : sequence of int, optional
            Only samples with these ids.
        cells_only : bool
            Leave out ink and crop: a sixth of the time (*measured*, 0.14 s for 10,000 samples).

        Raises
        ------
        SamplesUnreadable, SamplesForeign
        SampleUnknown
            If an id does not exist.
        """
        columns = COLUMNS_OF_CELLS if cells_only else COLUMNS
        query = f"SELECT {columns} FROM samples WHERE {_labelled(label)} ORDER BY id"
        with self._file.reading() as connection:
            rows = [] if connection is None else connection.execute(query, _forms(label))
            found = [from_row(row) for row in rows if is_sound(row)]
        if ids is None:
            return found
        by_id = {sample.id: sample for sample in found}
        for one in ids:
            if one not in by_id:
                raise SampleUnknown(name=one)
        return [by_id[one] for one in sorted(set(ids))]

    def listed(self, label: str | None = None) -> list[ListedSample]:
        """Samples by label and in the order in which they were stored. Raises as `samples`.

        Parameters
        ----------
        label : str, optional
            Only samples with this label.
        """
        condition = _labelled(label)
        query = f"SELECT {LISTED_COLUMNS} FROM samples WHERE {condition} ORDER BY id"
        with self._file.reading() as connection:
            rows = [] if connection is None else connection.execute(query, _forms(label))
            found = [listed_from_row(row) for row in rows if is_listable(row)]
        return sorted(found, key=lambda sample: sample.label)

    def counts(self) -> dict[str, int]:
        """Count of samples by label, sorted by label. Raises as `samples`."""
        query = "SELECT label, count(*) FROM samples WHERE NOT deleted GROUP BY label"
        counts: Counter[str] = Counter()
        with self._file.reading() as connection:
            for label, count in [] if connection is None else connection.execute(query):
                if is_label(label):
                    counts[composed(label)] += count
        return dict(sorted(counts.items()))

    def labels(self) -> dict[int, str]:
        """The label of each sample by its id. Raises as `samples`."""
        with self._file.reading() as connection:
            if connection is None:
                return {}
            rows = connection.execute("SELECT id, label FROM samples WHERE NOT deleted")
            return {one: composed(label) for one, label in rows if is_label(label)}

    def file_id(self) -> int:
        """Identity of the file; 0: there is none, or it cannot be reached."""
        try:
            return self.path.stat().st_ino
        except OSError:
            return 0

    def count_after(self, sample_id: int) -> tuple[int, int]:
        """Count of samples with a higher id, and the highest id that was ever assigned.

        Raises as `samples`.
        """
        newer = "SELECT count(*) FROM samples WHERE NOT deleted AND id > ?"
        highest = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'samples'"
        with self._file.reading() as connection:
            if connection is None:
                return 0, 0
            (count,) = connection.execute(newer, (sample_id,)).fetchone()
            (last,) = connection.execute(highest).fetchone()
        return count, last or 0

    def relabel(self, ids: Sequence[int], label: str) -> None:
        """Change the label of samples.

        Raises
        ------
        SampleUnknown
            If an id does not exist; no sample is changed then.
        LabelUnusable, SamplesFailed, SamplesForeign
        """
        self._change("relabel", ids, "label = :label", {"label": normalise_label(label)})

    def delete(self, ids: Sequence[int]) -> None:
        """Delete samples; undo restores them until `MAX_CHANGES` more changes were made.

        Raises
        ------
        SampleUnknown
            If an id does not exist; no sample is deleted then.
        SamplesFailed, SamplesForeign
        """
        self._change("delete", ids, "deleted = 1", {})

    def can_undo(self) -> bool:
        """Whether there is a change to undo. Raises as `samples`."""
        with self._file.reading() as connection:
            if connection is None:
                return False
            return connection.execute("SELECT 1 FROM changes LIMIT 1").fetchone() is not None

    def undo(self) -> Undone:
        """Undo the last change that has not been undone.

        Raises
        ------
        NothingToUndo, SamplesFailed, SamplesForeign
        """
        if not self._file.is_there:
            raise NothingToUndo(name=str(self.path))
        with self._file.changing() as connection:
            last = connection.execute("SELECT id, action FROM changes ORDER BY id DESC").fetchone()
            if last is None:
                raise NothingToUndo(name=str(self.path))
            change, action = last
            query = "SELECT label, deleted, sample FROM changed WHERE change = ? ORDER BY sample"
            before = connection.execute(query, (change,)).fetchall()
            if not all(is_label(label) for label, _, _ in before):
                raise Damaged("a change of it has no label")
            connection.executemany("UPDATE samples SET label = ?, deleted = ? WHERE id = ?", before)
            connection.execute("DELETE FROM changes WHERE id = ?", (change,))
            prune(connection)
            self._own.note({one: None if gone else composed(label) for label, gone, one in before})
        return Undone(action, tuple(row[2] for row in before))

    def _change(
        self, action: str, ids: Sequence[int], assignment: str, values: dict[str, str]
    ) -> None:
        chosen = sorted(set(ids))
        if not chosen:
            return
        if not self._file.is_there:
            raise SampleUnknown(name=chosen[0])
        with self._file.changing() as connection:
            known = set(connection.execute("SELECT id FROM samples WHERE NOT deleted"))
            for one in chosen:
                if (one,) not in known:
                    raise SampleUnknown(name=one)
            record(connection, action, chosen, "label, deleted")
            update = f"UPDATE samples SET {assignment} WHERE id = :id"
            connection.executemany(update, [values | {"id": one} for one in chosen])
            prune(connection)
            self._own.note(dict.fromkeys(chosen, values.get("label")))

    def _note(self, ids: Sequence[int], rows: Sequence[Row]) -> None:
        self._own.note({one: str(row[0]) for one, row in zip(ids, rows, strict=True)})


def _labelled(label: str | None) -> str:
    """SQL's condition for samples that are not deleted, with that label if it is given."""
    if label is None:
        return "NOT deleted"
    return "NOT deleted AND label IN (:label, :composed, :decomposed)"


def _forms(label: str | None) -> dict[str, str]:
    """The forms in which a label may be stored: versions before kept them as they came."""
    if label is None:
        return {}
    decomposed = unicodedata.normalize("NFD", label)
    return {"label": label, "composed": composed(label), "decomposed": decomposed}
