// The tests of the consumer, as pact-js wants them. Each runs against pact's mock, and what it sends and expects goes into
// pacts/quota-page-huawei.json (version 3) and pacts/old-quota-page-huawei.json (version 4).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MatchersV3, PactV3, PactV4 } from '@pact-foundation/pact';
import { freeImages, images, oldImages, users } from './quotas.js';

const { integer, like, eachLike, regex } = MatchersV3;
const domain = 'd78cbac186b744899480f25bd022f468';
const token = 'token-of-the-pact';
const headers = { 'X-Auth-Token': token, Accept: 'application/json' };
const json = { 'Content-Type': 'application/json' };
const dir = 'pacts';

const right = new PactV3({ consumer: 'quota-page', provider: 'huawei', dir });
const wrong = new PactV4({ consumer: 'old-quota-page', provider: 'huawei', dir });

test('users', () =>
  right
    .given('the account exists')
    .uponReceiving('a request for the quota of users')
    .withRequest({
      method: 'GET',
      path: regex('/v3.0/OS-QUOTA/domains/[0-9a-f]{32}', `/v3.0/OS-QUOTA/domains/${domain}`),
      query: { type: 'user' },
      headers,
    })
    .willRespondWith({
      status: 200,
      headers: json,
      body: { quotas: { resources: eachLike({ type: 'user', quota: integer(50) }) } },
    })
    .executeTest(async (mock) => assert.equal(await users(mock.url, token, domain), 50)));

test('images', () =>
  right
    .given('the project exists')
    .uponReceiving('a request for the quota of images')
    .withRequest({ method: 'GET', path: '/v1/cloudimages/quota', headers })
    .willRespondWith({ status: 200, headers: json, body: like({ quotas: { resources: [{ quota: 20 }] } }) })
    .executeTest(async (mock) => assert.equal(await images(mock.url, token), 20)));

test('a refusal', () =>
  right
    .uponReceiving('a request with a wrong token')
    .withRequest({ method: 'GET', path: '/v1/cloudimages/quota', headers: { ...headers, 'X-Auth-Token': 'no-token' } })
    .willRespondWith({ status: 401 })
    .executeTest((mock) => assert.rejects(images(mock.url, 'no-token'), /401/)));

test('old images', () =>
  wrong
    .addInteraction()
    .given('the project exists')
    .uponReceiving('a request for a path of another version')
    .withRequest('GET', '/v2/images/limits', (b) => b.headers(headers))
    .willRespondWith(200, (b) => b.jsonBody({ quotas: { resources: [{ quota: 20 }] } }))
    .executeTest(async (mock) => assert.equal(await oldImages(mock.url, token), 20)));

test('free images', () =>
  wrong
    .addInteraction()
    .uponReceiving('a request for the free images')
    .withRequest('GET', '/v1/cloudimages/quota', (b) => b.headers(headers))
    .willRespondWith(200, (b) => b.jsonBody(like({ quotas: { resources: [{ type: 'image', available: 7 }] } })))
    .executeTest(async (mock) => assert.equal(await freeImages(mock.url, token), 7)));

test('images again', () =>
  wrong
    .addInteraction()
    .uponReceiving('a request for the quota of images')
    .withRequest('GET', '/v1/cloudimages/quota', (b) => b.headers(headers))
    .willRespondWith(200, (b) => b.jsonBody(like({ quotas: { resources: [{ quota: 20 }] } })))
    .executeTest(async (mock) => assert.equal(await images(mock.url, token), 20)));
