// Calls both operations with the clients of openapi-generator's typescript-fetch.
import { run, values } from "./cases";
import * as iam from "./iam-fetch";
import * as ims from "./ims-fetch";

run(
  async ({ url, token, domain, type }) => {
    const configuration = new iam.Configuration({ basePath: url, ...(token ? { apiKey: token } : {}) });
    const request = { domainId: domain, ...(type ? { type: type as iam.QuotaType } : {}) };
    try {
      return values((await new iam.AccountQuotasApi(configuration).showDomainQuota(request)).quotas.resources);
    } catch (e) {
      if (!(e instanceof iam.ResponseError)) throw e;
      return `${e.response.status} ${iam.DomainQuotaErrorFromJSON(await e.response.json()).errorCode}`;
    }
  },
  async ({ url, token }) => {
    const configuration = new ims.Configuration({ basePath: url, ...(token ? { apiKey: token } : {}) });
    try {
      return values((await new ims.ImageQuotasApi(configuration).showImageQuota()).quotas.resources);
    } catch (e) {
      if (!(e instanceof ims.ResponseError)) throw e;
      const body = (await e.response.json()) as object;
      const isImageError = ims.instanceOfImageError(body);
      return `${e.response.status} ${isImageError ? body.error.code : ims.GatewayErrorFromJSON(body).errorCode}`;
    }
  },
);
