// Pact's own check of a provider: node verify.js URL pacts/FILE. The token of a pact means nothing to a provider, so that of the
// environment variable TOKEN is sent instead, but for the interaction that is about a wrong one.
import { Verifier } from '@pact-foundation/pact';

const [providerBaseUrl, file] = process.argv.slice(2);
await new Verifier({
  provider: 'huawei',
  providerBaseUrl,
  pactUrls: [file],
  logLevel: 'error',
  requestFilter: (request, _, next) => {
    if (request.headers['x-auth-token'] === 'token-of-the-pact') request.headers['x-auth-token'] = process.env.TOKEN;
    next();
  },
}).verifyProvider();
