// Every flow of the provider by openid-client. The test of the server is the browser: it gets addresses by lines of JSON, and
// answers where the browser ended.
import assert from 'node:assert/strict';
import readline from 'node:readline';

// The library wants the cryptography of browsers as a global, which Node.js 18 (Debian 12) has as a module only.
globalThis.crypto ??= (await import('node:crypto')).webcrypto;
const oidc = await import('openid-client');

const given = JSON.parse(process.argv[2]);
const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function ask(question) {
  process.stdout.write(`${JSON.stringify(question)}\n`);
  return JSON.parse((await lines.next()).value);
}

function passed(flow) {
  process.stdout.write(`${JSON.stringify({ passed: flow })}\n`);
}

function discovered(id, secret, authentication) {
  return oidc.discovery(new URL(given.issuer), id, secret, authentication, { execute: [oidc.allowInsecureRequests] });
}

const all = 'openid profile email offline_access Diadoc.PublicAPI';

async function code(config, more = {}, checks = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const [state, nonce] = [oidc.randomState(), oidc.randomNonce()];
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: given.redirect,
    scope: all,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  });
  const { ended } = await ask({ browse: url.href });
  const back = new URL(ended);
  const found = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, ...checks };
  return { back, found, tokens: () => oidc.authorizationCodeGrant(config, back, found) };
}

async function refused(promise, error) {
  await assert.rejects(promise, (caught) => {
    assert.equal(caught.error ?? caught.cause?.error ?? caught.cause?.[0]?.parameters?.error, error, caught.stack);
    return true;
  });
}

async function signIn(config, name) {
  assert.equal(config.serverMetadata().supportsPKCE(), true);
  const started = await code(config, { max_age: '3600' }, { maxAge: 3600 });
  const tokens = await started.tokens();
  const claims = tokens.claims();
  assert.equal(claims.sub, given.user);
  assert.equal(tokens.token_type, 'bearer');
  const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.equal(info.name, given.name);
  assert.equal(info.email, given.email);
  passed(`${name}: code`);

  const next = await oidc.refreshTokenGrant(config, tokens.refresh_token);
  assert.notEqual(next.refresh_token, tokens.refresh_token);
  assert.equal(next.claims().sub, given.user);
  const narrow = await oidc.refreshTokenGrant(config, next.refresh_token, { scope: 'openid' });
  assert.equal(narrow.scope, 'openid');
  await refused(oidc.refreshTokenGrant(config, tokens.refresh_token), 'invalid_grant');
  passed(`${name}: refresh`);

  await oidc.tokenRevocation(config, narrow.refresh_token);
  await refused(oidc.refreshTokenGrant(config, narrow.refresh_token), 'invalid_grant');
  await assert.rejects(oidc.fetchUserInfo(config, narrow.access_token, claims.sub));
  passed(`${name}: revocation`);

  const twice = await code(config);
  const first = await twice.tokens();
  await refused(twice.tokens(), 'invalid_grant');
  await assert.rejects(oidc.fetchUserInfo(config, first.access_token, claims.sub));
  passed(`${name}: a code is used once`);

  const wrong = await code(config);
  wrong.found.pkceCodeVerifier = oidc.randomPKCECodeVerifier();
  await refused(wrong.tokens(), 'invalid_grant');
  passed(`${name}: a wrong verifier`);

  const device = await oidc.initiateDeviceAuthorization(config, { scope: all });
  assert.equal(device.expires_in, 300);
  await ask({ allow: device.user_code });
  const onDevice = await oidc.pollDeviceAuthorizationGrant(config, device);
  assert.equal(onDevice.claims().sub, given.user);
  passed(`${name}: device`);

  const denied = await oidc.initiateDeviceAuthorization(config, { scope: all });
  await ask({ deny: denied.user_code });
  await refused(oidc.pollDeviceAuthorizationGrant(config, denied), 'access_denied');
  passed(`${name}: a device that is denied`);
  return onDevice;
}

const { client_id: id, client_secret: secret } = given.client;
const ways = [
  ['body', oidc.ClientSecretPost(secret)],
  ['Basic', oidc.ClientSecretBasic(secret)],
];
let last;
for (const [name, authentication] of ways) {
  const config = await discovered(id, undefined, authentication);
  oidc.enableNonRepudiationChecks(config);
  last = await signIn(config, name);
  const known = await oidc.tokenIntrospection(config, last.access_token);
  assert.deepEqual([known.active, known.client_id, known.sub], [true, id, given.user]);
  assert.equal((await oidc.tokenIntrospection(config, 'x'.repeat(64))).active, false);
  passed(`${name}: introspection`);
  const robot = await oidc.clientCredentialsGrant(config, { scope: 'Diadoc.PublicAPI' });
  assert.equal(robot.refresh_token, undefined);
  assert.equal(robot.id_token, undefined);
  passed(`${name}: client credentials`);
}
await signIn(await discovered(given.public, undefined, oidc.None()), 'public');

const wrong = await discovered(id, undefined, oidc.ClientSecretPost('wrong'));
await refused(oidc.clientCredentialsGrant(wrong, {}), 'invalid_client');
passed('a wrong secret');

const config = await discovered(id, secret);
const hybrid = await discovered(id, secret);
oidc.useCodeIdTokenResponseType(hybrid);
const both = await code(hybrid);
assert.match(both.back.hash, /id_token=/);
assert.equal((await both.tokens()).claims().sub, given.user);
passed('code id_token');

const silent = await code(config, { prompt: 'none' });
await silent.tokens();
passed('prompt=none');
const unknown = await code(config, { scope: 'openid everything' });
await refused(unknown.tokens(), 'invalid_scope');
passed('an unknown scope');

const { certificate } = given;
const start = await fetch(`${given.issuer}/authentication/certificate`, {
  method: 'POST',
  body: new URLSearchParams({ client_id: id, client_secret: secret, public_key: certificate.pem }),
});
const { encrypted_key: sealed } = await start.json();
const { opened } = await ask({ open: sealed });
const byCertificate = await oidc.genericGrantRequest(config, 'certificate', {
  decrypted_key: opened,
  thumbprint: certificate.thumbprint,
  scope: all,
});
assert.equal(byCertificate.claims().sub, given.user);
passed('certificate');

const end = oidc.buildEndSessionUrl(config, {
  id_token_hint: last.id_token,
  post_logout_redirect_uri: given.loggedOut,
  state: 'x y',
});
const { ended } = await ask({ browse: end.href });
assert.equal(ended, `${given.loggedOut}?state=x+y`);
const gone = await code(config, { prompt: 'none' });
await refused(gone.tokens(), 'login_required');
passed('end session');
process.stdout.write(`${JSON.stringify({ done: true })}\n`);
process.exit(0);
