// Prints the quotas of an account and of its images. With --wrong, it sends seven requests that the documents do not allow.
// The URL of the provider is in QUOTAS_URL: in tests it is the proxy.

const base = process.env.QUOTAS_URL;
const account = "/v3.0/OS-QUOTA/domains/d78cbac186b744899480f25bd022f468";
const images = "/v1/cloudimages/quota";
const token = { "X-Auth-Token": "reader-token" };

interface Quotas {
  quotas: { resources: { type: string; used?: number | null; quota: number }[] };
}

function send(method: string, target: string, headers: Record<string, string> = token): Promise<Response> {
  return fetch(base + target, { method, headers });
}

async function right() {
  for (const target of [account, account + "?type=user", images]) {
    const response = await send("GET", target);
    if (response.status !== 200) {
      throw new Error(`${target}: status ${response.status}: ${await response.text()}`);
    }
    const { quotas } = (await response.json()) as Quotas;
    for (const quota of quotas.resources) {
      console.log(quota.type, quota.used, "of", quota.quota);
    }
  }
}

async function wrong() {
  await send("GET", images.replace("images", "image")); // a misspelt path
  await send("DELETE", account); // another method
  await send("GET", account + "?Type=user"); // a parameter in another case: the response lists all types
  await send("GET", account + "?type=User"); // a value in another case
  await send("GET", account, {}); // no token
  await send("GET", images, { "X-Auth-Toekn": "reader-token" }); // a misspelt header
  await send("GET", account + "?type=user&type=group"); // a parameter that may be there once
  console.log("sent 7 requests");
}

await (process.argv.includes("--wrong") ? wrong() : right());
