"""Grids of cells on a picture: where they are, before anything is read."""
