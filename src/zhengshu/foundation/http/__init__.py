"""The edge: who may call a route, and how a refusal looks."""
