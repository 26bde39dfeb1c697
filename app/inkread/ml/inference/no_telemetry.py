"""Turns onnxruntime's reporting off: nothing leaves the machine. Imported by all that runs it.

The package's own module does so before onnxruntime is loaded; this is for Windows, where it
reports another way, and for whoever loaded it first.
"""

import onnxruntime

onnxruntime.disable_telemetry_events()
