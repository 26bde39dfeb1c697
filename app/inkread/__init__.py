"""Inkread: a desktop program that reads handwriting."""

import os

# onnxruntime from 1.29 on makes a device id, writes a log of its use and sends it, already when
# it is imported. This alone keeps it from all three, and only if set before.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

__version__ = "0.1.0"
