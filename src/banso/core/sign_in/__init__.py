"""Signing in through a company's own service, and what each way of signing in opens.

`places` says which workspaces a session opens; `providers` writes what owners set up; `outside`
asks other servers; `oidc` and `saml` speak the protocols, `claims` is what both prove; `arrivals`
finds the person; `devices` words sessions.
"""
