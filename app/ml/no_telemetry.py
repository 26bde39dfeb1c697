"""Turns onnxruntime's reporting off: nothing leaves the machine. Imported by all that runs it."""

import onnxruntime

onnxruntime.disable_telemetry_events()
