"""Mutated files and random ink, read in bounded processes: `tests.benchmarks.fuzz` runs it."""
