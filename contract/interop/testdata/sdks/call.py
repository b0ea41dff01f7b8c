"""Calls both operations with the vendor's SDK for Python. The argument is the URL of the provider.

Each line of standard input is a call: operation, access key, secret, security token, account or project, type; joined by tabs.
Each line of standard output is what the SDK returned: the resources, or status, code, message and request id of the error.
"""
import sys

from huaweicloudsdkcore.auth.credentials import BasicCredentials, GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException
from huaweicloudsdkiam.v3 import IamClient, ShowDomainQuotaRequest
from huaweicloudsdkims.v2 import ImsClient, ShowImageQuotaRequest

ACCOUNT = "d78cbac186b744899480f25bd022f468"


def call(operation, key, secret, security_token, place, kind):
    if operation == "showImageQuota":
        credentials = BasicCredentials(key, secret, place)
        builder = ImsClient.new_builder()
    else:
        credentials = GlobalCredentials(key, secret, ACCOUNT)
        builder = IamClient.new_builder()
    if security_token:
        credentials = credentials.with_security_token(security_token)
    client = builder.with_credentials(credentials).with_endpoint(sys.argv[1]).build()
    if operation == "showImageQuota":
        return client.show_image_quota(ShowImageQuotaRequest())
    return client.show_domain_quota(ShowDomainQuotaRequest(domain_id=place, type=kind or None))


def number(value):
    return "null" if value is None else value


for line in sys.stdin:
    try:
        resources = call(*line.rstrip("\n").split("\t")).quotas.resources
        print(" ".join(f"{r.type}={number(r.used)}/{r.quota}/{r.min}/{r.max}" for r in resources))
    except ServiceResponseException as e:
        print(e.status_code, e.error_code, e.error_msg, e.request_id, sep="\t")
