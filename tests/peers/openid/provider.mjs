// A foreign OpenID provider (npm `oidc-provider`) as a province may run one; whoever enters a name is that person.
import { Provider } from 'oidc-provider'

const { PORT, REDIRECT, LOGOUT } = process.env
const issuer = `http://127.0.0.1:${PORT}`
const provider = new Provider(issuer, {
  clients: [{
    client_id: 'us',
    client_secret: 'geheim',
    redirect_uris: [REDIRECT],
    backchannel_logout_uri: LOGOUT,
    backchannel_logout_session_required: true,
  }],
  cookies: { keys: ['for tests'] },
  features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
  conformIdTokenClaims: false,
  claims: { openid: ['sub'], profile: ['name'] },
  findAccount: (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, name: `省民${id}` }) }),
  fetch: (url, { dispatcher, ...options }) => globalThis.fetch(url, options), // its own guard forbids loopback
  pkce: { required: () => true },
})
provider.listen(Number(PORT), '127.0.0.1', () => process.stdout.write('ready\n'))
