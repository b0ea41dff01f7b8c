"""Judges the corpus by openapi-core. Usage: validate.py CORPUS DOCUMENTS [--strict]

Documents are DOCUMENTS/iam.yaml and DOCUMENTS/ims.yaml.

Each message is read by Python's own parsers, http.server and http.client: what they refuse counts as refused. For each side of
each case it prints: NAME <TAB> request or response <TAB> accepted, refused or error <TAB> the reason.
"""

import gzip
import http.client
import http.server
import io
import json
import pathlib
import re
import sys
import zlib
from urllib.parse import parse_qs, unquote, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.testing import MockRequest, MockResponse

BASE = {"iam": "https://iam.myhuaweicloud.com", "ims": "https://ims.cn-north-4.myhuaweicloud.com"}  # as the documents' servers say


class Refused(Exception):
    """A message that Python's parser refuses."""


class RequestParser(http.server.BaseHTTPRequestHandler):
    def __init__(self, raw):
        self.rfile = io.BytesIO(raw)
        self.raw_requestline = self.rfile.readline(65537)
        if not self.parse_request():
            raise Refused("http.server: the request line is malformed")
        try:
            self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        except ValueError as error:
            raise Refused("the Content-Length is no number") from error

    def send_error(self, code, message=None, explain=None):
        raise Refused(f"http.server: {code} {message}")


class Socket:
    def __init__(self, raw):
        self.raw = raw

    def makefile(self, mode):
        return io.BytesIO(self.raw)


def joined(headers):
    """Returns headers as most frameworks do: values of one name are joined by a comma, and folded lines by a space."""
    return {name: re.sub(r"\r?\n[ \t]+", " ", ", ".join(headers.get_all(name))) for name in headers.keys()}


def read_request(raw, base):
    parsed = RequestParser(raw)
    target = urlsplit(parsed.path)
    return MockRequest(
        base,
        parsed.command,
        unquote(target.path),
        args=[(n, v) for n, values in parse_qs(target.query, keep_blank_values=True).items() for v in values],
        headers=joined(parsed.headers),
        data=parsed.body,
        content_type=parsed.headers.get("Content-Type", "application/octet-stream"),
    )


DECODERS = {"gzip": gzip.decompress, "deflate": zlib.decompress}


def read_response(raw, method):
    while re.match(rb"HTTP/1\.1 1(?!01)", raw):  # an interim response; http.client skips 100 only
        raw = raw.partition(b"\r\n\r\n")[2]
    parsed = http.client.HTTPResponse(Socket(raw), method=method)
    try:
        parsed.begin()
        body = parsed.read()
        decode = DECODERS.get(parsed.getheader("Content-Encoding", "").lower())
        if decode and body:
            body = decode(body)
    except (http.client.HTTPException, OSError, EOFError, ValueError, zlib.error) as error:
        raise Refused(f"http.client: {error!r}") from error
    return MockResponse(body, parsed.status, joined(parsed.headers), parsed.headers.get("Content-Type", ""))


def outcome(iterate):
    """Returns the outcome for one side, and the errors that openapi-core reports."""
    try:
        errors = list(iterate())
    except Refused as error:
        return "refused", [error]
    except OpenAPIError as error:
        errors = [error]
    except Exception as error:
        return "error", [repr(error)]
    return "refused" if errors else "accepted", errors


def text(error):
    """Returns an error in one line. Some errors of openapi-core cannot be printed: those about a body that is not UTF-8."""
    try:
        return " ".join(str(error).split())[:300]
    except UnicodeDecodeError:
        return type(error).__name__


def judge(api, base, request_file, response_file):
    request = None

    def of_request():
        nonlocal request
        request = read_request(request_file.read_bytes(), base)
        return api.iter_request_errors(request)

    yield "request", *outcome(of_request)
    method = request_file.read_bytes().split(b" ")[0].decode()

    def of_response():
        response = read_response(response_file.read_bytes(), method)
        # Without an operation there is nothing to hold the response against.
        return [] if request is None else [e for e in api.iter_response_errors(request, response) if not isinstance(e, PathError)]

    yield "response", *outcome(of_response)


def main(corpus, documents):
    strict = Config(additional_properties_default_policy="forbid") if "--strict" in sys.argv else None
    apis = {name: OpenAPI.from_file_path(str(documents / f"{name}.yaml"), config=strict) for name in BASE}
    for case in json.loads((corpus / "index.json").read_bytes())["cases"]:
        name = case["document"]
        for side, result, errors in judge(apis[name], BASE[name], corpus / case["request"], corpus / case["response"]):
            print(case["name"], side, result, " | ".join(map(text, errors)), sep="\t")


main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
