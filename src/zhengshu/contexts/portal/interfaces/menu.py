"""Where the menu leads, and for whom."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengshu.kernel.actors import ADMINISTRATORS, APPLICANTS, Actor, Role

Text = str | Promise

DATA_ROLES = frozenset(
    {Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER, Role.APPROVER, Role.OPERATOR, Role.LEADER}
)
"""Those whose daily work is data; the three administrators see none of it."""

OPENING_ROLES = DATA_ROLES | {Role.WINDOW_CLERK}
"""Those who open cases for their department."""

CASE_ROLES = OPENING_ROLES | {Role.SECURITY_ADMIN}
"""Those for whom to-dos come up; the security administrator's are alarms and findings."""

DESIGN_ROLES = frozenset(
    {Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.REVIEWER, Role.WINDOW_CLERK, Role.APPROVER, Role.LEADER}
)
"""Those who design case types, and those who look at them."""

MENDERS = frozenset(
    {
        Role.DATA_OFFICER,
        Role.DEPARTMENT_HEAD,
        Role.APPROVER,
        Role.WINDOW_CLERK,
        Role.REVIEWER,
    }
)
"""Those who mend what was rated badly, call back, or watch it."""

ALL_OTHERS = frozenset(Role) - ADMINISTRATORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A link of the menu.

    Attributes:
        label: what is read.
        view: the name of its route.
        icon: a symbol of `foundation.ui.icons`.
        roles: for whom it is daily work; empty for everybody whom the route itself admits.
        note: a line that says what is found there, for tiles.
    """

    label: Text
    view: str
    icon: str
    roles: frozenset[Role] = field(default_factory=frozenset)
    note: Text = ""

    def admits(self, actor: Actor) -> bool:
        """Whether it belongs to the actor's work; whether it opens is asked of the route's own rule."""
        return not self.roles or actor.has(*self.roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A titled group of links."""

    label: Text
    targets: tuple[Target, ...]


SECTIONS = (
    Group(
        label="",
        targets=(
            Target(label=_("Service items"), view="services:item-list", icon="list-check"),
            Target(label=_("Apply"), view="apply:list", icon="pencil", roles=ALL_OTHERS),
            Target(label=_("My matters"), view="apply:mine", icon="file-check", roles=APPLICANTS),
            Target(label=_("My ratings"), view="services:my-ratings", icon="star", roles=APPLICANTS),
            Target(label=_("One thing"), view="services:thing-list", icon="stack-2", roles=APPLICANTS),
            Target(label=_("My benefits"), view="services:my-benefits", icon="certificate", roles=APPLICANTS),
            Target(
                label=_("My certificates"), view="certificates:mine", icon="certificate", roles=APPLICANTS
            ),
            Target(label=_("Who read my record"), view="exchange:my-reads", icon="eye", roles=APPLICANTS),
            Target(
                label=_("Acting for enterprises"),
                view="trust:power-list",
                icon="building-community",
                roles=frozenset({Role.ENTERPRISE_DELEGATE}),
            ),
            Target(label=_("To-dos"), view="casework:inbox", icon="inbox", roles=CASE_ROLES),
            Target(
                label=_("Started by us"),
                view="casework:started",
                icon="send",
                roles=OPENING_ROLES,
            ),
            Target(
                label=_("Benefits without application"),
                view="services:benefit-list",
                icon="users",
                roles=frozenset({Role.DATA_OFFICER, Role.DEPARTMENT_HEAD, Role.APPROVER}),
            ),
            Target(
                label=_("Supervision"),
                view="casework:supervision",
                icon="eye",
                roles=frozenset({Role.REVIEWER, Role.LEADER}),
            ),
        ),
    ),
    Group(
        label=_("Services"),
        targets=(
            Target(
                label=_("Call numbers"),
                view="hall:sit",
                icon="speakerphone",
                roles=frozenset({Role.WINDOW_CLERK}),
            ),
            Target(
                label=_("Let a visit be rated"),
                view="services:visits",
                icon="star",
                roles=frozenset({Role.WINDOW_CLERK}),
            ),
            Target(
                label=_("Groups of windows"),
                view="hall:groups",
                icon="users",
                roles=frozenset({Role.WINDOW_CLERK, Role.DEPARTMENT_HEAD}),
            ),
            Target(
                label=_("Kiosks"),
                view="kiosk:register",
                icon="device-desktop",
                roles=frozenset({Role.WINDOW_CLERK, Role.DEPARTMENT_HEAD}),
            ),
            Target(
                label=_("Figures of services"),
                view="services:numbers",
                icon="chart-bar",
                roles=frozenset({Role.LEADER, Role.REVIEWER, Role.DEPARTMENT_HEAD}),
            ),
            Target(label=_("Bad ratings"), view="services:bad-ratings", icon="alert-triangle", roles=MENDERS),
            Target(
                label=_("Unusual ratings"),
                view="services:unusual-ratings",
                icon="eye",
                roles=frozenset({Role.REVIEWER}),
            ),
        ),
    ),
    Group(
        label=_("Data"),
        targets=(
            Target(label=_("Catalogue"), view="catalog:resource-list", icon="books", roles=ALL_OTHERS),
            Target(label=_("Deliveries"), view="lake:batch-list", icon="file-import", roles=DATA_ROLES),
            Target(label=_("Data quality"), view="quality:overview", icon="activity", roles=DATA_ROLES),
        ),
    ),
    Group(
        label=_("Sharing"),
        targets=(
            Target(
                label=_("Share requests"), view="exchange:request-list", icon="file-text", roles=DATA_ROLES
            ),
            Target(label=_("Grants"), view="exchange:grant-list", icon="key", roles=DATA_ROLES),
            Target(label=_("Calls"), view="exchange:call-list", icon="chart-bar", roles=DATA_ROLES),
            Target(
                label=_("Corrections and disputes"),
                view="exchange:corrections-list",
                icon="scale",
                roles=OPENING_ROLES,
            ),
            Target(
                label=_("Supply and demand"),
                view="exchange:demands-list",
                icon="transfer-in",
                roles=DATA_ROLES,
            ),
            Target(label=_("Consuming systems"), view="trust:system-list", icon="server", roles=DATA_ROLES),
        ),
    ),
    Group(
        label=_("Organisation"),
        targets=(
            Target(label=_("Departments"), view="trust:department-list", icon="building-community"),
            Target(
                label=_("Seals"), view="trust:seal-list", icon="certificate", roles=ALL_OTHERS - APPLICANTS
            ),
            Target(
                label=_("Certificates issued"),
                view="certificates:issued",
                icon="file-check",
                roles=OPENING_ROLES,
            ),
            Target(
                label=_("Announcements"),
                view="portal:announcement-desk",
                icon="speakerphone",
                roles=frozenset({Role.REVIEWER}),
            ),
            Target(label=_("Case types"), view="casework:studio", icon="stack-2", roles=DESIGN_ROLES),
            Target(
                label=_("Not delivered"),
                view="messages:troubled",
                icon="alert-triangle",
                roles=frozenset({Role.OPERATOR}),
            ),
            Target(
                label=_("Administration"), view="portal:administration", icon="settings", roles=ADMINISTRATORS
            ),
        ),
    ),
)

OWN = (
    Target(
        label=_("My matters"),
        view="apply:mine",
        icon="file-check",
        roles=APPLICANTS,
        note=_("What you asked for and how it stands."),
    ),
    Target(
        label=_("My certificates"),
        view="certificates:mine",
        icon="certificate",
        roles=APPLICANTS,
        note=_("Permits and proofs of yours: show one by a code, or take its file."),
    ),
    Target(
        label=_("My ratings"),
        view="services:my-ratings",
        icon="star",
        roles=APPLICANTS,
        note=_("Services that you may rate, and what became of it."),
    ),
    Target(
        label=_("Who read my record"),
        view="exchange:my-reads",
        icon="eye",
        roles=APPLICANTS,
        note=_("Which department read which of your data, when and what for."),
    ),
    Target(
        label=_("Messages"),
        view="messages:list",
        icon="bell",
        roles=APPLICANTS,
        note=_("What you were told."),
    ),
    Target(
        label=_("Acting for enterprises"),
        view="trust:power-list",
        icon="building-community",
        roles=frozenset({Role.ENTERPRISE_DELEGATE}),
        note=_("For whom you act, and in what."),
    ),
)
"""What a person finds in his own space."""

PERSONAL = (
    Target(label=_("My account"), view="trust:me", icon="user"),
    Target(label=_("Messages"), view="messages:list", icon="bell"),
    Target(label=_("Channels of messages"), view="messages:channels", icon="send"),
    Target(label=_("Password"), view="account_change_password", icon="lock"),
    Target(label=_("Sign-in security"), view="mfa_index", icon="shield-lock"),
)

FOOTER = (
    Target(label=_("Public site"), view="portal:site", icon="home"),
    Target(label=_("Announcements"), view="portal:announcements", icon="speakerphone"),
    Target(label=_("How services were rated"), view="services:ratings", icon="star"),
    Target(label=_("Decisions on licences"), view="services:decisions", icon="file-check"),
    Target(label=_("Proof log"), view="trust:log", icon="list-check"),
    Target(label=_("Check a certificate"), view="certificates:verify", icon="file-check"),
    Target(label=_("Check a sealed file"), view="trust:seal-check", icon="file-check"),
    Target(label=_("Help"), view="portal:help", icon="help-circle"),
    Target(label=_("About"), view="portal:about", icon="info-circle"),
    Target(label=_("Accessibility"), view="portal:accessibility", icon="accessible"),
    Target(label=_("Messages and errors"), view="portal:errors", icon="list-check"),
)

SYSTEM = frozenset({Role.SYSTEM_ADMIN})
SECURITY = frozenset({Role.SECURITY_ADMIN})
AUDIT = frozenset({Role.AUDIT_ADMIN})

ADMINISTRATION = (
    Target(
        label=_("Departments"),
        view="trust:department-list",
        icon="building-community",
        roles=ADMINISTRATORS,
        note=_("Add, change and close departments; name the data authority of a region."),
    ),
    Target(
        label=_("Accounts"),
        view="trust:account-list",
        icon="users",
        roles=SYSTEM | SECURITY,
        note=_("Open and close accounts, give first passwords, assign roles, unlock."),
    ),
    Target(
        label=_("Consuming systems"),
        view="trust:system-list",
        icon="server",
        roles=SYSTEM | SECURITY,
        note=_("Systems that may call, and the keys they sign with."),
    ),
    Target(
        label=_("Messages that were not delivered"),
        view="messages:troubled",
        icon="alert-triangle",
        roles=SYSTEM,
        note=_("E-mails and SMS that failed; send them again."),
    ),
    Target(
        label=_("Security policy"),
        view="trust:policy",
        icon="shield-lock",
        roles=SECURITY,
        note=_("Lock-out, idle time, password age, who needs a second factor."),
    ),
    Target(
        label=_("Relying parties"),
        view="sign_on:party-list",
        icon="login",
        roles=SECURITY,
        note=_("Sites, programs and kiosks that people use with their account of this platform."),
    ),
    Target(
        label=_("Encryption keys"),
        view="trust:keys",
        icon="key",
        roles=SECURITY,
        note=_("What encrypts personal data, rotation, encrypting anew."),
    ),
    Target(
        label=_("Sources of accounts"),
        view="trust:source-list",
        icon="users",
        roles=SECURITY,
        note=_("Personnel systems that open and close officials' accounts here."),
    ),
    Target(
        label=_("Providers"),
        view="providers:list",
        icon="shield-check",
        roles=SECURITY,
        note=_("Other sign-ins, such as the province's, whose word on who somebody is we take."),
    ),
    Target(
        label=_("Watching"),
        view="exchange:watching",
        icon="eye",
        roles=SECURITY,
        note=_("Rules over all calls: what they found, how often they were wrong, their numbers."),
    ),
    Target(
        label=_("Seals"),
        view="trust:seal-list",
        icon="certificate",
        roles=SECURITY | AUDIT,
        note=_("Who has which seal, for what it was used; revoke one that was lost or misused."),
    ),
    Target(
        label=_("Working days"),
        view="casework:calendar",
        icon="calendar",
        roles=SYSTEM,
        note=_("Days that are otherwise here than in the published calendar, each with its notice."),
    ),
    Target(
        label=_("Audit"),
        view="trust:audit-list",
        icon="history",
        roles=AUDIT,
        note=_("Who changed what and when; search and export, never edit."),
    ),
)


def administration_of(actor: Actor) -> tuple[Target, ...]:
    """Return the administration pages that the actor's office opens."""
    return tuple(target for target in ADMINISTRATION if target.admits(actor))
