"""A list of books."""
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

BOOKS = {"b7": {"id": "b7", "title": "The Go Programming Language"}}


class Books(BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.split("?")[0]
        book = BOOKS.get(path.removeprefix("/books/"))
        if path == "/books":
            self.send(200, list(BOOKS.values()))
        elif book and path.startswith("/books/"):
            self.send(200, book)
        else:
            self.send(404)

    def send(self, status, value=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if body:
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def refuse(self):
        self.send_response(405)
        self.send_header("Allow", "GET")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_TRACE = refuse


ThreadingHTTPServer(("127.0.0.1", 9000), Books).serve_forever()
