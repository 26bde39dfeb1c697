"""Data sets of labelled cells, from files, folders and by name."""
