"""Judges exchanges by openapi-core. Usage: by_openapi_core.py FOLDER [--strict]

FOLDER has exchanges.jsonl and iam.yaml. For each line "FIRST COUNT" of standard input, it judges COUNT exchanges from FIRST on, from
the first again after the last, and prints the numbers of those in which it finds something, with commas between them.
"""

import base64
import json
import pathlib
import sys
from urllib.parse import parse_qsl, unquote

from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

HOST = "https://iam.myhuaweicloud.com"  # as the document's servers say


def parsed(message):
    """Returns a message as Python's servers and clients give it: values of headers joined, and the bytes of the body."""
    message["Header"] = {name: ", ".join(values) for name, values in message["Header"].items()}
    message["Body"] = base64.b64decode(message["Body"] or "")
    return message


def is_wrong(api, exchange):
    sent, received = exchange
    path, _, query = sent["Target"].partition("?")
    request = MockRequest(
        HOST,
        sent["Method"],
        unquote(path),
        args=parse_qsl(query, keep_blank_values=True),
        headers=sent["Header"],
        data=sent["Body"],
        content_type=sent["Header"].get("Content-Type", "application/octet-stream"),
    )
    response = MockResponse(received["Body"], received["Status"], received["Header"], received["Header"].get("Content-Type", ""))
    try:
        return any(api.iter_request_errors(request)) or any(api.iter_response_errors(request, response))
    except Exception:  # what it cannot read: for example, a body that is not UTF-8
        return True


def main(folder):
    config = Config(additional_properties_default_policy="forbid") if "--strict" in sys.argv else None
    api = OpenAPI.from_file_path(str(folder / "iam.yaml"), config=config)
    exchanges = []
    with open(folder / "exchanges.jsonl", encoding="utf-8") as file:
        for line in file:
            exchange = json.loads(line)
            exchanges.append((parsed(exchange["Request"]), parsed(exchange["Response"])))
    for line in sys.stdin:
        first, count = map(int, line.split())
        numbers = (i % len(exchanges) for i in range(first, first + count))
        print(",".join(str(i) for i in numbers if is_wrong(api, exchanges[i])), flush=True)


main(pathlib.Path(sys.argv[1]))
