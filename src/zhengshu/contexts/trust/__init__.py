"""Who is who, what each may do, which systems may call the gateway, and the audit of it all.

We own departments, accounts, roles, sessions, the security policy, consuming systems, keys and audit events.
Our law: GB/T 22239-2019 level 3 (identity, access, audit, three separated administrators), Decree 809 article 8
(a data authority for each level), GB/T 45396-2025 (multi-factor, logs by user).
We never keep data of departments, and no personal data enters the audit. See docs/contexts/trust.md.
"""
