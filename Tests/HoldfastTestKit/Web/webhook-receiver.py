#!/usr/bin/python3
"""An HTTP server for tests: says its port, then one line of JSON for each request it was sent.

Options as a JSON object in the first argument: status; headers; bytes, how long its answer is; silent, to never answer;
certificate and key (PEM files), to speak TLS.
"""

import json
import ssl
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

options = json.loads(sys.argv[1])
lock = threading.Lock()


def say(value):
    with lock:
        print(json.dumps(value), flush=True)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        say({"method": self.command, "path": self.path, "headers": headers, "body": body})
        if options.get("silent"):
            self.rfile.read()
            return
        self.send_response(options.get("status", 204))
        for name, value in options.get("headers", {}).items():
            self.send_header(name, value)
        count = options.get("bytes", 0)
        self.send_header("Content-Length", str(count))
        self.end_headers()
        if not count:
            return
        try:
            while count > 0:
                count -= self.wfile.write(b"x" * min(count, 65536))
        except OSError:
            pass
        say({"method": "answered", "path": "", "headers": {}, "body": str(count)})

    do_GET = do_POST

    def log_message(self, *arguments):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
if options.get("certificate"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options["certificate"], options["key"])
    server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
say({"port": server.server_port})
# Until whoever started it is gone.
sys.stdin.read()
