"""Synthesise training lines: signs side by side, on pages, canvas and cheques."""
