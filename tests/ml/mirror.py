"""A small web server on this machine, with every fault that mirrors have."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Mirror:
    """Serves `files` as ``/KIND/NAME``; the kinds are faults, see `_Handler`.

    Attributes
    ----------
    requests : list of (str, str)
        What was asked for: path, and the ``Range`` header or "".
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.requests: list[tuple[str, str]] = []
        self.address = ""

    def url(self, kind: str) -> str:
        return f"{self.address}/{kind}/"


class _Handler(BaseHTTPRequestHandler):
    """``good``; ``broken``: a byte is wrong; ``short``: breaks off half way; ``silent``: the same,
    without having said how long it is; ``whole``: knows no ranges; ``long``: has no end; any other
    kind: not found.
    """

    mirror: Mirror

    def do_GET(self) -> None:
        _, kind, name = self.path.split("/")
        wanted = self.headers.get("Range", "")
        self.mirror.requests.append((self.path, wanted))
        if kind not in ("good", "broken", "short", "silent", "whole", "long"):
            self.send_error(404)
            return
        start = 0 if kind == "whole" or not wanted else int(wanted[len("bytes=") : -1])
        body = self.mirror.files[name][start:]
        if kind == "broken":
            body = bytes([body[0] ^ 1]) + body[1:]
        if kind == "long":
            body *= 100
        self.send_response(206 if start else 200)
        if kind != "silent":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if kind in ("short", "silent") else body)

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, *_: Any) -> None:
        """A client that goes away while it is served is what some tests are about."""


@contextmanager
def serving(files: Mapping[str, bytes]) -> Iterator[Mirror]:
    """A mirror on a free port of this machine, until the end of the block."""
    mirror = Mirror(files)
    handler = type("Handler", (_Handler,), {"mirror": mirror})
    with _Server(("127.0.0.1", 0), handler) as server:
        mirror.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield mirror
        finally:
            server.shutdown()
            thread.join()
