"""Which roles the pages of the exchange are for; what each person sees there is decided in the query."""

from zhengshu.kernel.actors import Role

READERS = (
    Role.DATA_OFFICER,
    Role.DEPARTMENT_HEAD,
    Role.REVIEWER,
    Role.APPROVER,
    Role.OPERATOR,
    Role.LEADER,
)
REQUESTERS = (Role.DATA_OFFICER,)
DECIDERS = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD)
HEADS = (Role.DEPARTMENT_HEAD,)
REVIEWERS = (Role.REVIEWER,)
DEVELOPERS = (Role.DATA_OFFICER, Role.OPERATOR)
MEASURERS = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER)
CORRECTION_REQUESTERS = (Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.APPROVER, Role.WINDOW_CLERK)
MATTER_READERS = (*READERS, Role.WINDOW_CLERK)
CALL_READERS = (*READERS, Role.AUDIT_ADMIN)
