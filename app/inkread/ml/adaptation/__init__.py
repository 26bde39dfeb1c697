"""A trained network learns a few samples of one hand, and forgets nothing."""
