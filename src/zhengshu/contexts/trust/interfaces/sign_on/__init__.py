"""The OpenID provider: what relying parties, browsers and kiosks meet."""
