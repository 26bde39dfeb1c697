"""Adapt a trained network to a few samples of one hand without forgetting the rest."""
