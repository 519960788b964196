// A relying party built on npm `openid-client`: prints where the browser has to go, reads where it came back to,
// exchanges the code and prints what it was told. With DEVICE=1 it is a kiosk instead.
import readline from 'node:readline'
import * as client from 'openid-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT, DEVICE, ACR } = process.env
const say = (what) => process.stdout.write(JSON.stringify(what) + '\n')
const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()

const auth = CLIENT_SECRET ? client.ClientSecretBasic(CLIENT_SECRET) : client.None()
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, undefined, auth, {
  execute: [client.allowInsecureRequests],
})

if (DEVICE) {
  const started = await client.initiateDeviceAuthorization(config, { scope: 'openid profile' })
  say({ user_code: started.user_code, complete: started.verification_uri_complete })
  const tokens = await client.pollDeviceAuthorizationGrant(config, started)
  say({ claims: tokens.claims(), user: await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub) })
  process.exit(0)
}

const verifier = client.randomPKCECodeVerifier()
const nonce = client.randomNonce()
const state = client.randomState()
const address = client.buildAuthorizationUrl(config, {
  redirect_uri: REDIRECT,
  scope: 'openid profile department',
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  nonce,
  state,
  ...(ACR ? { acr_values: ACR } : {}),
})
say({ address: address.href })
const back = new URL((await lines.next()).value)
try {
  const tokens = await client.authorizationCodeGrant(config, back, {
    pkceCodeVerifier: verifier,
    expectedNonce: nonce,
    expectedState: state,
    idTokenExpected: true,
  })
  say({ claims: tokens.claims(), user: await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub) })
} catch (fault) {
  say({ fault: fault.code ?? fault.name, cause: String(fault.cause?.message ?? fault.message) })
}
process.exit(0)
