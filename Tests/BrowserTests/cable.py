"""The way between a phone and the district that a test cuts when it likes."""

import re
import socket
import threading


class Cable:
    """The way between the phone and the district; cut, it ends what is under way and lets nothing in."""

    def __init__(self, address):
        host, port = re.match(r"http://([^:/]+):(\d+)", address).groups()
        self.target, self.isCut, self.open = (host, int(port)), False, set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            if self.isCut:
                near.close()
                continue
            try:
                far = socket.create_connection(self.target)
            except OSError:
                near.close()
                continue
            self.open.update([near, far])
            for source, sink in [(near, far), (far, near)]:
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    def carry(self, source, sink):
        try:
            while content := source.recv(65_536):
                sink.sendall(content)
        except OSError:
            pass
        for end in (source, sink):
            self.open.discard(end)
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def cut(self, isCut):
        self.isCut = isCut
        for end in list(self.open) if isCut else []:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
