// Calls both operations with the clients of hey-api.
import { run, values } from "./cases";
import { createClient as createIam } from "./iam-hey/client";
import { showDomainQuota, type QuotaType } from "./iam-hey";
import { createClient as createIms } from "./ims-hey/client";
import { showImageQuota } from "./ims-hey";

run(
  async ({ url, token, domain, type }) => {
    const client = createIam({ baseUrl: url, auth: token || undefined });
    const { data, error, response } = await showDomainQuota({
      client,
      path: { domain_id: domain },
      ...(type ? { query: { type: type as QuotaType } } : {}),
    });
    return error ? `${response.status} ${error.error_code}` : values(data.quotas.resources);
  },
  async ({ url, token }) => {
    const { data, error, response } = await showImageQuota({ client: createIms({ baseUrl: url, auth: token || undefined }) });
    if (!error) return values(data.quotas.resources);
    return `${response.status} ${"error" in error ? error.error.code : error.error_code}`;
  },
);
