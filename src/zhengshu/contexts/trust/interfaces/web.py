"""Pages of `trust`."""

from django.urls import URLPattern, URLResolver, path, re_path

from zhengshu.contexts.trust.interfaces import (
    web_accounts,
    web_audit,
    web_delegations,
    web_departments,
    web_import,
    web_keys,
    web_log,
    web_log_keys,
    web_me,
    web_security,
    web_sources,
    web_system_rules,
    web_systems,
    web_witnesses,
)
from zhengshu.contexts.trust.interfaces.seals import web_authority, web_check, web_seals

app_name = "trust"

urlpatterns: list[URLPattern | URLResolver] = [
    path("departments/", web_departments.department_list, name="department-list"),
    path("departments/tree/", web_departments.department_tree_page, name="department-tree"),
    path("departments/add/", web_departments.department_add, name="department-add"),
    path("departments/<uuid:department_id>/", web_departments.department_detail, name="department-detail"),
    path(
        "departments/<uuid:department_id>/change/",
        web_departments.department_change,
        name="department-change",
    ),
    path(
        "departments/<uuid:department_id>/close/", web_departments.department_close, name="department-close"
    ),
    path("accounts/", web_accounts.account_list, name="account-list"),
    path("accounts/import/", web_import.account_import, name="account-import"),
    path("accounts/add/", web_accounts.account_add, name="account-add"),
    path("accounts/<uuid:account_id>/", web_accounts.account_detail, name="account-detail"),
    path("accounts/<uuid:account_id>/move/", web_accounts.account_move, name="account-move"),
    path(
        "accounts/<uuid:account_id>/deactivate/", web_accounts.account_deactivate, name="account-deactivate"
    ),
    path(
        "accounts/<uuid:account_id>/reactivate/", web_accounts.account_reactivate, name="account-reactivate"
    ),
    path(
        "accounts/<uuid:account_id>/password/",
        web_accounts.account_reset_password,
        name="account-reset-password",
    ),
    path("accounts/<uuid:account_id>/unlock/", web_security.account_unlock, name="account-unlock"),
    path(
        "accounts/<uuid:account_id>/factors/",
        web_security.account_remove_factors,
        name="account-remove-factors",
    ),
    path(
        "accounts/<uuid:account_id>/sessions/end/",
        web_security.account_end_sessions,
        name="account-end-sessions",
    ),
    path("accounts/<uuid:account_id>/roles/", web_security.role_assign, name="role-assign"),
    path("accounts/<uuid:account_id>/roles/<slug:role>/", web_security.role_end, name="role-end"),
    path("policy/", web_security.policy_page, name="policy"),
    path("keys/", web_keys.keys_page, name="keys"),
    path("keys/rotate/", web_keys.keys_rotate, name="keys-rotate"),
    path("systems/", web_systems.system_list, name="system-list"),
    path("systems/add/", web_systems.system_add, name="system-add"),
    path("systems/<uuid:system_id>/", web_systems.system_detail, name="system-detail"),
    path("systems/<uuid:system_id>/officials/", web_system_rules.system_officials, name="system-officials"),
    path("systems/<uuid:system_id>/reports/", web_system_rules.system_reports, name="system-reports"),
    path("systems/<uuid:system_id>/deactivate/", web_systems.system_deactivate, name="system-deactivate"),
    path("systems/<uuid:system_id>/reactivate/", web_systems.system_reactivate, name="system-reactivate"),
    path("systems/<uuid:system_id>/keys/", web_systems.key_issue, name="key-issue"),
    path("systems/<uuid:system_id>/keys/<slug:key_id>/revoke/", web_systems.key_revoke, name="key-revoke"),
    path("audit/", web_audit.audit_list, name="audit-list"),
    path("audit/<int:event_id>/", web_audit.audit_detail, name="audit-detail"),
    re_path(r"^audit/export\.(?P<form>csv|xlsx)$", web_audit.audit_export, name="audit-export"),
    path("log/", web_log.log_page, name="log"),
    path("log/verify/", web_log.verify_page, name="log-verify"),
    path("log/checkpoint.witnessed", web_witnesses.witnessed_checkpoint, name="log-witnessed"),
    path("log/witnesses/", web_witnesses.witnesses, name="log-witnesses"),
    path("log/witnesses/add/", web_witnesses.witness_add, name="witness-add"),
    path("log/witnesses/<uuid:witness_id>/retire/", web_witnesses.witness_retire, name="witness-retire"),
    path("log/alarms/<uuid:alarm_id>/", web_witnesses.alarm_page, name="log-alarm"),
    path("log/checkpoint", web_log.checkpoint, name="log-checkpoint"),
    path("log/handover/<int:version>", web_log.handover, name="log-handover"),
    path("log/keys/", web_log_keys.log_keys_page, name="log-keys"),
    path("log/keys/announce/", web_log_keys.announce, name="log-keys-announce"),
    path("log/keys/retire/", web_log_keys.retire, name="log-keys-retire"),
    re_path(r"^log/(?P<path>tile/.+)$", web_log.tile, name="log-tile"),
    path("seals/", web_seals.seal_list, name="seal-list"),
    path("seals/check/", web_check.check_page, name="seal-check"),
    path("seals/timestamp/", web_authority.timestamp, name="seal-timestamp"),
    path("seals/authority/<slug:scheme>.pem", web_authority.root, name="seal-root"),
    path("seals/authority/<slug:scheme>.crl", web_authority.revoked, name="seal-revoked"),
    path("seals/<uuid:seal_id>/", web_seals.seal_detail, name="seal-detail"),
    path("seals/<uuid:seal_id>/picture.png", web_seals.picture, name="seal-picture"),
    path("seals/<uuid:seal_id>/revoke/", web_seals.revoke, name="seal-revoke"),
    path("seals/<uuid:seal_id>/users/add/", web_seals.user_add, name="seal-user-add"),
    path("seals/<uuid:seal_id>/users/remove/", web_seals.user_remove, name="seal-user-remove"),
    path("sources/", web_sources.source_list, name="source-list"),
    path("sources/add/", web_sources.source_add, name="source-add"),
    path("sources/<uuid:source_id>/close/", web_sources.source_close, name="source-close"),
    path("powers/", web_delegations.power_list, name="power-list"),
    path("powers/<uuid:enterprise_id>/give/", web_delegations.power_grant, name="power-grant"),
    path("powers/<uuid:power_id>/end/", web_delegations.power_revoke, name="power-revoke"),
    path("me/", web_me.me, name="me"),
    path("me/sessions/end/", web_me.sessions_end, name="sessions-end"),
    path("me/sessions/<uuid:session_id>/end/", web_me.session_end, name="session-end"),
]
