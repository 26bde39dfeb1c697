"""The sample store: what people taught the program, kept in one file on their own disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inkread.core.errors import NothingToUndo, SamplesSetAside, SampleUnknown
from inkread.data.paths import Home
from inkread.data.samples.changes import MAX_CHANGES, forget, inserted, note, now
from inkread.data.samples.deduplicate import Disagreement, TakenIn, sifted
from inkread.data.samples.file import SampleFile
from inkread.data.samples.rows import COLUMNS, row_of, sample_of
from inkread.data.samples.sample import Sample, StoredSample, tidy_label

__all__ = ["MAX_CHANGES", "Disagreement", "SampleStore", "StoredSample", "TakenIn", "Undone"]


@dataclass(frozen=True, slots=True)
class Undone:
    """A change that was taken back.

    Attributes
    ----------
    action : str
        ``add``, ``relabel`` or ``delete``.
    ids : tuple of int
        The samples that it was about.
    """

    action: str
    ids: tuple[int, ...]


class SampleStore:
    """Labelled samples in a file.

    Nothing is kept in memory or open: threads, windows and processes may work on one file.
    Every change is one transaction, and all are undone one after the other, the last one first,
    whoever made it.
    """

    def __init__(self, file: SampleFile, notice: SamplesSetAside | None = None) -> None:
        self._file = file
        #: To be told: a damaged file was set aside when this one was opened.
        self.notice = notice

    @classmethod
    def open(cls, path: Path) -> SampleStore:
        """The store in that file, which need not exist: the first sample makes it.

        Raises
        ------
        SamplesForeign
            If a newer program, or another one, made the file; it is left alone.
        SamplesUnreadable
            If it cannot be opened.
        """
        file = SampleFile(path)
        return cls(file, file.check())

    @classmethod
    def of(cls, home: Home) -> SampleStore:
        """The store in the home of a user; raises as `open`."""
        return cls.open(home.data / "samples.db")

    @property
    def path(self) -> Path:
        return self._file.path

    def add(self, sample: Sample) -> int:
        """Keep a sample; returns its id. Raises SamplesFailed."""
        return self.add_many([sample])[0]

    def add_many(self, samples: Iterable[Sample]) -> list[int]:
        """Keep samples, all or none; returns their ids. Those without a time are of now.

        Raises
        ------
        SamplesFailed, SamplesForeign
        """
        time = now()
        rows = [row_of(sample, time) for sample in samples]
        if not rows:
            return []
        with self._file.changing() as connection:
            return inserted(connection, rows)

    def take_in(self, samples: Iterable[Sample]) -> TakenIn:
        """Keep those of some samples that are not there yet, each once, all or none.

        Those that are there keep their labels, whatever these say. Raises as `add_many`.
        """
        time = now()
        rows = [row_of(sample, time) for sample in samples]
        with self._file.changing() as connection:
            new, disagreements = sifted(connection, rows)
            ids = inserted(connection, new) if new else []
        known = len(rows) - len(ids) - len(disagreements)
        return TakenIn(tuple(ids), known, tuple(disagreements))

    def samples(
        self, label: str | None = None, ids: Sequence[int] | None = None
    ) -> list[StoredSample]:
        """Samples in the order in which they were kept.

        Parameters
        ----------
        label : str, optional
            Those of one label only.
        ids : sequence of int, optional
            Those of these numbers only.

        Raises
        ------
        SamplesUnreadable, SamplesForeign
        SampleUnknown
            If there is none of one of these numbers.
        """
        wanted = "" if label is None else "AND label = :label"
        query = f"SELECT {COLUMNS} FROM samples WHERE NOT deleted {wanted} ORDER BY id"
        with self._file.reading() as connection:
            rows = [] if connection is None else connection.execute(query, {"label": label})
            found = [sample_of(row) for row in rows]
        if ids is None:
            return found
        by_id = {sample.id: sample for sample in found}
        for one in ids:
            if one not in by_id:
                raise SampleUnknown(name=one)
        return [by_id[one] for one in sorted(set(ids))]

    def counts(self) -> dict[str, int]:
        """Number of samples of each label, by the alphabet. Raises as `samples`."""
        query = "SELECT label, count(*) FROM samples WHERE NOT deleted GROUP BY label ORDER BY 1"
        with self._file.reading() as connection:
            return {} if connection is None else dict(connection.execute(query))

    def count_after(self, number: int) -> tuple[int, int]:
        """How many samples have a higher number, and the highest that any ever had.

        Raises as `samples`.
        """
        newer = "SELECT count(*) FROM samples WHERE NOT deleted AND id > ?"
        highest = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'samples'"
        with self._file.reading() as connection:
            if connection is None:
                return 0, 0
            (count,) = connection.execute(newer, (number,)).fetchone()
            (last,) = connection.execute(highest).fetchone()
        return count, last or 0

    def relabel(self, ids: Sequence[int], label: str) -> None:
        """Say what samples are instead.

        Raises
        ------
        SampleUnknown
            If there is none of one of these numbers; then none is changed.
        LabelUnusable, SamplesFailed, SamplesForeign
        """
        self._change("relabel", ids, "label = :label", {"label": tidy_label(label)})

    def delete(self, ids: Sequence[int]) -> None:
        """Delete samples; undo brings them back until `MAX_CHANGES` more were made.

        Raises
        ------
        SampleUnknown
            If there is none of one of these numbers; then none is deleted.
        SamplesFailed, SamplesForeign
        """
        self._change("delete", ids, "deleted = 1", {})

    def can_undo(self) -> bool:
        """Whether a change is left that can be taken back. Raises as `samples`."""
        with self._file.reading() as connection:
            if connection is None:
                return False
            return connection.execute("SELECT 1 FROM changes LIMIT 1").fetchone() is not None

    def undo(self) -> Undone:
        """Take back the last change that is not taken back yet.

        Raises
        ------
        NothingToUndo, SamplesFailed, SamplesForeign
        """
        if not self.path.exists():
            raise NothingToUndo(name=str(self.path))
        with self._file.changing() as connection:
            last = connection.execute("SELECT id, action FROM changes ORDER BY id DESC").fetchone()
            if last is None:
                raise NothingToUndo(name=str(self.path))
            change, action = last
            query = "SELECT label, deleted, sample FROM changed WHERE change = ? ORDER BY sample"
            before = connection.execute(query, (change,)).fetchall()
            connection.executemany("UPDATE samples SET label = ?, deleted = ? WHERE id = ?", before)
            connection.execute("DELETE FROM changes WHERE id = ?", (change,))
            forget(connection)
        return Undone(action, tuple(row[2] for row in before))

    def _change(
        self, action: str, ids: Sequence[int], assignment: str, values: dict[str, str]
    ) -> None:
        wanted = sorted(set(ids))
        if not wanted:
            return
        if not self.path.exists():
            raise SampleUnknown(name=wanted[0])
        with self._file.changing() as connection:
            known = set(connection.execute("SELECT id FROM samples WHERE NOT deleted"))
            for one in wanted:
                if (one,) not in known:
                    raise SampleUnknown(name=one)
            note(connection, action, wanted, "label, deleted")
            update = f"UPDATE samples SET {assignment} WHERE id = :id"
            connection.executemany(update, [values | {"id": one} for one in wanted])
            forget(connection)
