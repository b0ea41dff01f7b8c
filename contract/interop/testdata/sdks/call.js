// Calls showDomainQuota with the vendor's SDK for Node.js. The argument is the URL of the provider.
//
// Each line of standard input is a call: operation, access key, secret, security token, account, type; joined by tabs.
// Each line of standard output is what the SDK returned: the resources, or status, code, message and request id of the error.
const { GlobalCredentials } = require('@huaweicloud/huaweicloud-sdk-core');
const { IamClient, ShowDomainQuotaRequest } = require('@huaweicloud/huaweicloud-sdk-iam/v3/public-api');

const account = 'd78cbac186b744899480f25bd022f468';

async function call([, key, secret, securityToken, place, type]) {
  const credentials = new GlobalCredentials().withAk(key).withSk(secret).withDomainId(account);
  if (securityToken) credentials.withSecurityToken(securityToken);
  const client = IamClient.newBuilder().withCredential(credentials).withEndpoint(process.argv[2]).build();
  const request = new ShowDomainQuotaRequest(place);
  if (type) request.withType(type);
  return (await client.showDomainQuota(request)).quotas.resources;
}

async function main() {
  // The SDK logs each error to standard output, with the whole request; the results go to standard error.
  const calls = require('fs').readFileSync(0, 'utf8').trimEnd().split('\n');
  for (const line of calls) {
    try {
      const resources = await call(line.split('\t'));
      console.error(resources.map((r) => `${r.type}=${r.used}/${r.quota}/${r.min}/${r.max}`).join(' '));
    } catch (e) {
      console.error([e.httpStatusCode, e.errorCode, e.errorMsg, e.requestId].join('\t'));
    }
  }
}

main();
