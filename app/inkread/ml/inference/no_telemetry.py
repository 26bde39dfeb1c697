"""Switch off onnxruntime's telemetry: nothing leaves the machine. Import it before any session.

The package's own module does so before onnxruntime is loaded. This covers Windows, which has
another mechanism, and programs that have loaded onnxruntime first.
"""

import onnxruntime

onnxruntime.disable_telemetry_events()
