"""Sends requests to a provider, and judges requests and responses with openapi-core.

Arguments: the document and the URL of the provider. Each line of standard input is a path, a tab and a token, which may be empty.
Each line of standard output is what is wrong with the request, a tab, and what is wrong with the response.
"""
import sys

import requests
import yaml
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse


def text(errors):
    return "; ".join(" ".join(str(e.__cause__ or e).split()) for e in errors)


with open(sys.argv[1], encoding="utf-8") as file:
    document = yaml.safe_load(file)
document["servers"] = [{"url": sys.argv[2]}]
judge = OpenAPI.from_dict(document)
session = requests.Session()
for line in sys.stdin:
    path, token = line.rstrip("\n").split("\t")
    headers = {"X-Auth-Token": token} if token else {}
    prepared = session.prepare_request(requests.Request("GET", sys.argv[2] + path, headers=headers))
    response = session.send(prepared)
    request = RequestsOpenAPIRequest(prepared)
    wrong = judge.iter_response_errors(request, RequestsOpenAPIResponse(response))
    print(text(judge.iter_request_errors(request)), text(wrong), sep="\t")
