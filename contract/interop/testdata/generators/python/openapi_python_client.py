"""Calls both operations with the clients of openapi-python-client. The argument is the file of cases."""

import sys

import iam_quotas
import ims_quotas
from iam_quotas.api.account_quotas import show_domain_quota
from iam_quotas.models import DomainQuota, DomainQuotaError, DomainQuotas, QuotaType
from iam_quotas.types import UNSET
from ims_quotas.api.image_quotas import show_image_quota
from ims_quotas.models import GatewayError, ImageError, ImageQuota, ImageQuotas


def account(url: str, token: str, domain: str, type_: str) -> str:
    if token:
        client: iam_quotas.AuthenticatedClient | iam_quotas.Client = iam_quotas.AuthenticatedClient(
            base_url=url, token=token, prefix="", auth_header_name="X-Auth-Token"
        )
    else:
        client = iam_quotas.Client(base_url=url)
    response = show_domain_quota.sync_detailed(domain, client=client, type_=QuotaType(type_) if type_ else UNSET)
    if isinstance(response.parsed, DomainQuotas):
        return " ".join(values(quota) for quota in response.parsed.quotas.resources)
    if isinstance(response.parsed, DomainQuotaError):
        return f"{response.status_code.value} {response.parsed.error_code}"
    return f"{response.status_code.value} {response.parsed}"


def images(url: str, token: str) -> str:
    if token:
        client: ims_quotas.AuthenticatedClient | ims_quotas.Client = ims_quotas.AuthenticatedClient(
            base_url=url, token=token, prefix="", auth_header_name="X-Auth-Token"
        )
    else:
        client = ims_quotas.Client(base_url=url)
    response = show_image_quota.sync_detailed(client=client)
    if isinstance(response.parsed, ImageQuotas):
        return " ".join(values(quota) for quota in response.parsed.quotas.resources)
    if isinstance(response.parsed, ImageError):
        return f"{response.status_code.value} {response.parsed.error.code}"
    if isinstance(response.parsed, GatewayError):
        return f"{response.status_code.value} {response.parsed.error_code}"
    return f"{response.status_code.value} {response.parsed}"


def values(quota: DomainQuota | ImageQuota) -> str:
    used = quota.used if isinstance(quota.used, int) else "null"
    return f"{quota.type_}={used}/{quota.quota}/{quota.min_}/{quota.max_}"


for line in open(sys.argv[1]):
    name, url, token, domain, type_ = line.rstrip("\n").split("\t")
    try:
        result = account(url, token, domain, type_) if domain else images(url, token)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    print(name, result, sep="\t")
