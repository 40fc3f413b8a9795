"""A small server that speaks clamd's protocol (clamd(8): zINSTREAM, zVERSION), for tests.

It finds the EICAR test file as clamd does: at the beginning of a file, whole.
"""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.foundation.filestore.contents import EICAR

STREAM_MAX = 1 << 20


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zVERSION\0":
            self.wfile.write(b"ClamAV 1.4.3/27800/Sat Nov 21 08:00:00 2026\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self._scanned() + b"\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _scanned(self) -> bytes:
        content = b""
        while True:
            (length,) = struct.unpack(">I", self.rfile.read(4))
            if not length:
                break
            content += self.rfile.read(length)
            if len(content) > STREAM_MAX:
                return b"INSTREAM size limit exceeded. ERROR"
        if content.startswith(EICAR) or b"\r\n" + EICAR in content:
            return b"stream: Eicar-Test-Signature FOUND"
        return b"stream: OK"


@contextmanager
def speaking(socket: Path) -> Iterator[str]:
    """The server's address for the length of a `with`."""
    with socketserver.ThreadingUnixStreamServer(str(socket), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"unix:{socket}"
        finally:
            server.shutdown()
            thread.join()
