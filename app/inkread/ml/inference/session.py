"""Sessions of onnxruntime on models of any origin, and their metadata."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import onnxruntime

import inkread.ml.inference.no_telemetry  # noqa: F401
from inkread.core.errors import ModelUnusable
from inkread.ml.inference.metadata import ModelInfo

_FATAL = 4
#: Cannot exist on any system: nothing outside the bytes is ever loaded.
_NONEXISTENT_FOLDER = str(Path(__file__) / "none")

# For messages of no session, such as that of an allocation that overflows.
onnxruntime.set_default_logger_severity(_FATAL)


def open_session(data: bytes, name: str, threads: int) -> Any:
    """A session of onnxruntime on the bytes of an ONNX file; nothing outside of them is loaded.

    Raises
    ------
    ModelUnusable
        If they are no model that runs.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _FATAL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # The arena keeps what the largest batch ever took (measured: 45 MB for 256 cells, for as long
    # as the model is in use) and saves no time.
    options.enable_cpu_mem_arena = False
    options.add_session_config_entry("session.load_model_format", "ONNX")
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", _NONEXISTENT_FOLDER
    )
    try:
        return onnxruntime.InferenceSession(
            data,
            options,
            providers=["CPUExecutionProvider"],
            enable_fallback=0,  # it would only retry, and print to standard output
            read_config_from_model=0,
        )
    except Exception as error:  # onnxruntime's errors have no common base
        outside = "external data" in str(error).lower()
        reason = "part of it is in another file" if outside else "it is no ONNX model that runs"
        raise ModelUnusable(name=name, reason=reason) from error


def run_options() -> Any:
    """Options of one run, which logs nothing."""
    options = onnxruntime.RunOptions()
    options.log_severity_level = _FATAL
    return options


def info_of(session: Any, name: str) -> ModelInfo:
    """The metadata of the model that a session has opened.

    Raises
    ------
    ModelUnusable
        If a value cannot be understood.
    """
    try:
        metadata = dict(session.get_modelmeta().custom_metadata_map)
    except UnicodeDecodeError as error:
        reason = "its description of itself is not UTF-8"
        raise ModelUnusable(name=name, reason=reason) from error
    return ModelInfo.from_metadata(metadata, name)
