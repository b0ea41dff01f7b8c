"""Prints the quotas of an account and of its images.

With --wrong, it sends seven requests that the documents do not allow, and reads the responses as a careless program does.
The URL of the provider is in QUOTAS_URL: in tests it is the proxy.
"""

import json
import os
import sys
import urllib.error
import urllib.request

BASE = os.environ["QUOTAS_URL"]
ACCOUNT = "/v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468"
IMAGES = "/v1/cloudimages/quota"
TOKEN = {"X-Auth-Token": "reader-token"}


def send(method, target, headers=TOKEN, body=None):
    """Returns the status and the text of a response."""
    request = urllib.request.Request(BASE + target, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as response:
        return response.code, response.read().decode()


def right():
    for target in ACCOUNT, ACCOUNT + "?type=user", IMAGES:
        status, text = send("GET", target)
        if status != 200:
            sys.exit(f"{target}: status {status}: {text}")
        for quota in json.loads(text)["quotas"]["resources"]:
            print(quota["type"], quota.get("used"), "of", quota["quota"])


def wrong():
    send("GET", ACCOUNT.replace("domains", "domain"))  # a misspelt path
    send("PUT", IMAGES)  # another method
    send("GET", ACCOUNT + "?typ=user")  # a misspelt parameter: the response lists all types
    send("GET", ACCOUNT + "?type=users")  # a value that is not in the enum
    send("GET", ACCOUNT, headers={})  # no token
    send("GET", IMAGES, headers={"X-Auth-Tokn": "reader-token"})  # a misspelt header
    send("GET", IMAGES, body=b'{"type": "image"}')  # a body that nobody reads
    print("sent 7 requests")


wrong() if "--wrong" in sys.argv else right()
