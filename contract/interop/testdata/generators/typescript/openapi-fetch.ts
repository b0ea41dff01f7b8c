// Calls both operations with openapi-fetch and the types of openapi-typescript.
import createClient from "openapi-fetch";

import { run, values } from "./cases";
import type { components, paths as IamPaths } from "./iam";
import type { paths as ImsPaths } from "./ims";

type QuotaType = components["schemas"]["QuotaType"];

const options = (url: string, token: string) => ({ baseUrl: url, ...(token ? { headers: { "X-Auth-Token": token } } : {}) });

run(
  async ({ url, token, domain, type }) => {
    const client = createClient<IamPaths>(options(url, token));
    const { data, error, response } = await client.GET("/v3.0/OS-QUOTA/domains/{domain_id}", {
      params: { path: { domain_id: domain }, ...(type ? { query: { type: type as QuotaType } } : {}) },
    });
    return error ? `${response.status} ${error.error_code}` : values(data.quotas.resources);
  },
  async ({ url, token }) => {
    const { data, error, response } = await createClient<ImsPaths>(options(url, token)).GET("/v1/cloudimages/quota");
    if (!error) return values(data.quotas.resources);
    return `${response.status} ${"error" in error ? error.error.code : error.error_code}`;
  },
);
