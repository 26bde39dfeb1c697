"""From strokes to training data: hands varied, drawn, photographed, and what is no digit."""
