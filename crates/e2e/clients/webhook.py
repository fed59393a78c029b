"""A receiver of webhooks that believes what the reference library believes (standardwebhooks of PyPI).

Says its port; takes lines of JSON with the secret and the status of its answers; and says of each message what it was.
"""

import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook, WebhookVerificationError

told = {"secret": "whsec_AAAA", "status": 200}


def say(what):
    print(json.dumps(what), flush=True)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, wrong = told["status"], None
        try:
            message = Webhook(told["secret"]).verify(body, dict(self.headers))
        except WebhookVerificationError as error:
            status, message, wrong = 401, None, str(error)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        if "retry_after" in told:
            self.send_header("Retry-After", str(told["retry_after"]))
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        say({"id": self.headers["webhook-id"], "path": self.path, "message": message, "wrong": wrong, "status": status})

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
say({"port": server.server_port})
for line in sys.stdin:
    told = json.loads(line)
    say({"told": True})
