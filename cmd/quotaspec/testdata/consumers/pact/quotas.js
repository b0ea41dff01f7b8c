// A consumer of the two quota endpoints.

async function get(url, token) {
  const response = await fetch(url, { headers: { 'X-Auth-Token': token, Accept: 'application/json' } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return (await response.json()).quotas.resources;
}

// users returns how many users an account may have.
export async function users(base, token, domain) {
  const [row] = await get(`${base}/v3.0/OS-QUOTA/domains/${domain}?type=user`, token);
  return row.quota;
}

// images returns how many private images a project may have.
export async function images(base, token) {
  const [row] = await get(`${base}/v1/cloudimages/quota`, token);
  return row.quota;
}

// oldImages and freeImages are wrong: they ask for a path and read a member that the documents do not have.
export async function oldImages(base, token) {
  const [row] = await get(`${base}/v2/images/limits`, token);
  return row.quota;
}

export async function freeImages(base, token) {
  const [row] = await get(`${base}/v1/cloudimages/quota`, token);
  return row.available;
}
