// Calls both operations with the functions of orval. They fetch paths without a host, as in a browser, so that fetch adds it here.
import { run, values } from "./cases";
import { showDomainQuota, type QuotaType } from "./iam-orval";
import { showImageQuota } from "./ims-orval";

const fetchURL = globalThis.fetch;
let base = "";
globalThis.fetch = (path, init) => fetchURL(base + String(path), init);

const options = (token: string): RequestInit => (token ? { headers: { "X-Auth-Token": token } } : {});

run(
  async ({ url, token, domain, type }) => {
    base = url;
    const response = await showDomainQuota(domain, type ? { type: type as QuotaType } : {}, options(token));
    if (response.status === 200) return values(response.data.quotas.resources);
    return `${response.status} ${response.data.error_code}`;
  },
  async ({ url, token }) => {
    base = url;
    const response = await showImageQuota(options(token));
    if (response.status === 200) return values(response.data.quotas.resources);
    return `${response.status} ${"error" in response.data ? response.data.error.code : response.data.error_code}`;
  },
);
