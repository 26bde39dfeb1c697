"""Synthesise training data from strokes: variation, rendering, photos, and non-digits."""
