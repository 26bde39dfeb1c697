"""Files changed by chance do no harm; and the benchmark that says so would notice."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.benchmarks.fuzz import LIMIT, cases_of, examples, is_bad, keep, table
from tests.fuzzing.formats import FORMATS
from tests.fuzzing.pool import Case, Result, Worker
from tests.fuzzing.worker import rng_of

only_on_linux = pytest.mark.skipif(sys.platform != "linux", reason="limits as Linux has them")


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"ink", "kept ink"}))
def test_the_seeds_of_a_format_are_sound(name: str, tmp_path: Path) -> None:
    for index, data in enumerate(FORMATS[name].seeds()):
        folder = tmp_path / str(index)
        folder.mkdir()
        assert FORMATS[name].read(data, folder)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_case_is_the_same_bytes_and_another_is_not(name: str) -> None:
    made = {FORMATS[name].case(rng_of(name, 3, index)) for index in range(8)}
    again = {FORMATS[name].case(rng_of(name, 3, index)) for index in range(8)}
    assert made == again
    assert len(made) > 4


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with closing(Worker(limit=0.5, module="tests.fuzzing.harmful")) as worker:
        yield worker


@only_on_linux
@pytest.mark.slow
@pytest.mark.parametrize(
    ("reader", "outcome", "error"),
    [
        ("read", "read", ""),
        ("refuse", "refused", "file: the file is empty"),
        *(
            ("refuse at length", "unexpected", "no sentence"),
            ("surprise", "unexpected", "KeyError"),
        ),
        *(
            ("hang", "hang", ""),
            ("crash", "crash", "SIGSEGV"),
            ("grow", "unexpected", "MemoryError"),
        ),
        ("read", "read", ""),
    ],
)
def test_each_kind_of_harm_is_counted(
    worker: Worker, reader: str, outcome: str, error: str
) -> None:
    result = worker.run(Case(reader, 0, 0))
    assert (result.outcome, error in result.error, result.noise) == (outcome, True, "")


@only_on_linux
@pytest.mark.slow
def test_memory_and_noise_belong_to_the_case_that_makes_them(worker: Worker) -> None:
    before, big, loud, after = (
        worker.run(Case(reader, 0, 0)) for reader in ("read", "grow a little", "warn", "read")
    )
    assert 45 < big.megabytes < 70
    assert max(before.megabytes, after.megabytes) < 5
    assert "RuntimeWarning: overflow" in loud.noise
    assert [is_bad(result) for result in (before, big, loud, after)] == [False, False, True, False]


def test_the_table_counts_by_format_and_in_all() -> None:
    results = [
        Result(Case("png", 0, 0), "read", seconds=0.5, megabytes=3),
        Result(Case("png", 0, 1), "crash", "SIGSEGV"),
        Result(Case("csv", 0, 0), "refused", noise="a warning"),
    ]
    lines = [line.split() for line in table(["png", "csv"], results).splitlines()]
    assert lines[1] == ["png", "2", "1", "0", "0", "0", "1", "0", "0.50", "3"]
    assert lines[2] == ["csv", "1", "0", "1", "0", "0", "0", "1", "0.00", "0"]
    assert lines[3] == ["all", "3", "1", "1", "0", "0", "1", "1", "0.50", "3"]
    assert "png 0/1 crash: SIGSEGV" in examples(results)
    assert "csv 0/0 refused: noise: a warning" in examples(results)


def test_cases_are_spread_evenly_and_none_twice() -> None:
    cases = cases_of(["a", "b", "c"], 8, seed=5)
    assert [sum(case.format == name for case in cases) for name in "abc"] == [3, 3, 2]
    assert len(set(cases)) == 8


def test_kept_files_are_those_that_were_read(tmp_path: Path) -> None:
    keep([Case("idx labels", 2, 7)], tmp_path / "kept")
    (path,) = (tmp_path / "kept").iterdir()
    assert path.read_bytes() == FORMATS["idx labels"].case(rng_of("idx labels", 2, 7))
    assert path.name == "idx-labels-2-7"


@only_on_linux
@pytest.mark.slow
def test_a_few_hundred_changed_files_do_no_harm() -> None:
    with closing(Worker(LIMIT)) as worker:
        results = [worker.run(case) for case in cases_of(list(FORMATS), 240, seed=1)]
    assert not [result for result in results if is_bad(result)]
