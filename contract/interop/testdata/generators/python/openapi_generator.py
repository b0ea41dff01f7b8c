"""Calls both operations with the clients of openapi-generator's python. The argument is the file of cases."""

import sys

import iam_client
import ims_client


def account(url: str, token: str, domain: str, type_: str) -> str:
    configuration = iam_client.Configuration(host=url, api_key={"Token": token} if token else {})
    api = iam_client.AccountQuotasApi(iam_client.ApiClient(configuration))
    try:
        found = api.show_domain_quota(domain, type=iam_client.QuotaType(type_) if type_ else None)
    except iam_client.ApiException as e:
        if isinstance(e.data, iam_client.DomainQuotaError):
            return f"{e.status} {e.data.error_code}"
        return f"{e.status} {e.data}"
    return " ".join(values(quota) for quota in found.quotas.resources)


def images(url: str, token: str) -> str:
    configuration = ims_client.Configuration(host=url, api_key={"Token": token} if token else {})
    api = ims_client.ImageQuotasApi(ims_client.ApiClient(configuration))
    try:
        found = api.show_image_quota()
    except ims_client.ApiException as e:
        if isinstance(e.data, ims_client.ImageError):
            return f"{e.status} {e.data.error.code}"
        if isinstance(e.data, ims_client.GatewayError):
            return f"{e.status} {e.data.error_code}"
        return f"{e.status} {e.data}"
    return " ".join(values(quota) for quota in found.quotas.resources)


def values(quota: iam_client.DomainQuota | ims_client.ImageQuota) -> str:
    used = "null" if quota.used is None else quota.used
    return f"{quota.type}={used}/{quota.quota}/{quota.min}/{quota.max}"


for line in open(sys.argv[1]):
    name, url, token, domain, type_ = line.rstrip("\n").split("\t")
    try:
        result = account(url, token, domain, type_) if domain else images(url, token)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(name, result, sep="\t")
