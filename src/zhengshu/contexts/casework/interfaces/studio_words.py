"""The words of the editors in the reader's language, and what their panels offer to choose from."""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_noop, pgettext

from zhengshu.contexts.casework.application.naming import reader_language
from zhengshu.contexts.casework.domain.definitions import Recipient
from zhengshu.contexts.casework.domain.forms.schema import Kind
from zhengshu.contexts.casework.interfaces import words
from zhengshu.contexts.casework.interfaces.form_words import FORM_WORDS
from zhengshu.contexts.casework.interfaces.studio_telling import telling_choices
from zhengshu.contexts.casework.interfaces.table_words import TABLE_WORDS
from zhengshu.kernel.actors import Role
from zhengshu.kernel.limits import LimitUnit

WORDS = (
    gettext_noop("(choose)"),
    gettext_noop("1 to 8 capital letters or digits"),
    gettext_noop("A case may be taken back"),
    gettext_noop("Add"),
    gettext_noop("Add a form"),
    gettext_noop("Add a party"),
    gettext_noop("Add a pause"),
    gettext_noop("Add a table"),
    gettext_noop("Add a time limit"),
    gettext_noop("Add an outcome"),
    gettext_noop("Add lane above"),
    gettext_noop("Add lane below"),
    gettext_noop("Add text annotation"),
    gettext_noop("All is saved"),
    gettext_noop(
        "All ways that leave it begin at once; where ways meet in one, the case waits for all of them."
    ),
    gettext_noop("Another limit for some cases"),
    gettext_noop("Append a decision by a table"),
    gettext_noop("Append a parallel gateway"),
    gettext_noop("Append a task"),
    gettext_noop("Append end event"),
    gettext_noop("Append gateway"),
    gettext_noop("Arrow"),
    gettext_noop("Article that demands it"),
    gettext_noop("As an expression"),
    gettext_noop("Avoidance: not whoever opened the case"),
    gettext_noop("By people of these lanes"),
    gettext_noop("By so many"),
    gettext_noop("By when"),
    gettext_noop("Code of the datum"),
    gettext_noop("Code of the form"),
    gettext_noop("Code of the table"),
    gettext_noop("Connect to other element"),
    gettext_noop("Counted anew"),
    gettext_noop("Data on which decisions rest"),
    gettext_noop("Decision"),
    gettext_noop("Datum that keeps the result"),
    gettext_noop("Decision by a table"),
    gettext_noop("Decision table"),
    gettext_noop("Decision: one way is taken"),
    gettext_noop("Delete"),
    gettext_noop("Divide into three lanes"),
    gettext_noop("Divide into two lanes"),
    gettext_noop("Download my state"),
    gettext_noop("Draw an arrow"),
    gettext_noop("Draw one first, under “Decision tables”."),
    gettext_noop("Draw two or more arrows from here, then say when each is taken."),
    gettext_noop("End"),
    gettext_noop("Expression"),
    gettext_noop("Extension"),
    gettext_noop("Form"),
    gettext_noop("Four eyes: not whoever did"),
    gettext_noop("Form of the application"),
    gettext_noop("Form to be filled in"),
    gettext_noop("How it may end"),
    gettext_noop("In which roles"),
    gettext_noop("It is always taken. Conditions are for arrows that leave a decision."),
    gettext_noop("It may be extended"),
    gettext_noop("Kind"),
    gettext_noop("Lane: who works here"),
    gettext_noop("Legal bases, one a line"),
    gettext_noop("Legal basis"),
    gettext_noop("Legal basis of this"),
    gettext_noop("Limit"),
    gettext_noop("Load the page again"),
    gettext_noop("Make room"),
    gettext_noop("Move the sheet"),
    gettext_noop("Name in Chinese"),
    gettext_noop("Name in English"),
    gettext_noop("Needs a legal basis"),
    gettext_noop("Whoever chooses it shows again who he is"),
    gettext_noop("as he signs in"),
    gettext_noop("by a passkey or security key"),
    gettext_noop("by a second factor"),
    gettext_noop("not asked for"),
    gettext_noop("Needs a reason"),
    gettext_noop(
        "Nobody has to do anything here: the table reads the data of the case and sets others, which the flow can "
        "then ask."
    ),
    gettext_noop("Not saved"),
    gettext_noop("Not saved yet"),
    gettext_noop("Not saved: the server cannot be reached. It is tried again."),
    gettext_noop("Nothing: the case type can be submitted."),
    gettext_noop("Numbers of cases"),
    gettext_noop("Only if (expression)"),
    gettext_noop("Only once in a case"),
    gettext_noop("Parallel"),
    gettext_noop("Parallel: all ways at once, or waiting for all"),
    gettext_noop("Parties"),
    gettext_noop("Pauses"),
    gettext_noop("People of these lanes"),
    gettext_noop("People of which party"),
    gettext_noop("Possible values, separated by commas"),
    gettext_noop("Prefix"),
    gettext_noop("Question (optional)"),
    gettext_noop("Remove"),
    gettext_noop("Remove this form"),
    gettext_noop("Remove this table"),
    gettext_noop("Remove this time limit"),
    gettext_noop("Saved at {time}"),
    gettext_noop("Saving …"),
    gettext_noop("Say for each way when it is taken; one of them is taken when nothing else fits."),
    gettext_noop("Search in diagram"),
    gettext_noop("Select several"),
    gettext_noop(
        "Select something in the drawing to set who does it and by when. What is set here is for all of it."
    ),
    gettext_noop("Several outputs are kept by their own names."),
    gettext_noop("Start"),
    gettext_noop("Table {code}"),
    gettext_noop("The timeline calls the table by this name."),
    gettext_noop("What is still missing"),
    gettext_noop("Which decision"),
    gettext_noop("the one called as the table’s output"),
    gettext_noop("Stops when these tasks are done"),
    gettext_noop('Such as amount > 1000 and kind == "a"'),
    gettext_noop("Summary in Chinese"),
    gettext_noop("Summary in English"),
    gettext_noop("Taken when"),
    gettext_noop("Task"),
    gettext_noop("Task of a person"),
    gettext_noop("Tasks that are due with it"),
    gettext_noop("The case type"),
    gettext_noop("The departments that take part; a lane says whose people work in it."),
    gettext_noop("The form cannot be opened: {what}"),
    gettext_noop("The law and its article, such as 行政许可法第四十二条"),
    gettext_noop("The table cannot be opened: {what}"),
    gettext_noop("There is no decision table yet. Give one a code, such as fee, and add it."),
    gettext_noop("There is no form yet. Give one a code, such as application, and add it."),
    gettext_noop("They may open a case"),
    gettext_noop("To {target}"),
    gettext_noop("Unit"),
    gettext_noop("Unless said otherwise"),
    gettext_noop("Weight"),
    gettext_noop("What is to be checked, in Chinese"),
    gettext_noop("What is to be checked, in English"),
    gettext_noop("While this task is open"),
    gettext_noop("Who may not do it"),
    gettext_noop("Who opens a case"),
    gettext_noop("Whoever holds one of them may do the tasks of this lane."),
    gettext_noop("With the consent of"),
    gettext_noop("Withdrawal"),
    gettext_noop("Words on the arrow"),
    gettext_noop("Yellow when so many are left"),
    gettext_noop("Yes, unless said otherwise"),
    gettext_noop("begun and ended by hand"),
    gettext_noop("every day"),
    gettext_noop("every year"),
    gettext_noop("main way"),
    gettext_noop("negative"),
    gettext_noop("none"),
    gettext_noop("nothing else fits"),
    gettext_noop("number"),
    gettext_noop("other way"),
    gettext_noop("text"),
    gettext_noop("Add a step of escalation"),
    gettext_noop(
        "Codes of the platform's list, such as public_service. Fields of a form that are bound to a data "
        "element are fetched under them."
    ),
    gettext_noop("Data from other departments"),
    gettext_noop("Escalation"),
    gettext_noop("Key of the field"),
    gettext_noop("May apply"),
    gettext_noop("Only a law can give silence a meaning, such as 行政许可法第三十二条"),
    gettext_noop("Promise"),
    gettext_noop("Promised, in the unit of the limit"),
    gettext_noop("Purposes of use, separated by commas"),
    gettext_noop("Silence"),
    gettext_noop("The case waits here for this time."),
    gettext_noop("The law says what it means when nobody answers in time"),
    gettext_noop("The notice or the implementation list of the office"),
    gettext_noop("The office promises less than the law allows"),
    gettext_noop("Then this task"),
    gettext_noop(
        "Tick who may apply for it from outside. They get a lane of their own, and their cases stand in “My matters”."
    ),
    gettext_noop("Timer"),
    gettext_noop("Timer: drop it on a task's edge to leave the task when the time is over"),
    gettext_noop("To whom it is told, once for each time limit, that a case nears its end or has passed it."),
    gettext_noop("Told to"),
    gettext_noop("Unified social credit code of the department"),
    gettext_noop("When"),
    gettext_noop("When the task is still open after this time, the case takes the way that leaves here."),
    gettext_noop("Where it is promised"),
    gettext_noop("Who asks"),
    gettext_noop("Who is “{party}” in a case that is opened by the form"),
    gettext_noop(
        "Without a form only the platform opens such cases. Draw one on the tab “Forms”, then choose it here."
    ),
    gettext_noop("another department"),
    gettext_noop("ends with"),
    gettext_noop("some time after the limit"),
    gettext_noop("the data authority above it"),
    gettext_noop("the department of whoever opens it"),
    gettext_noop("the department that a field of the form names"),
    gettext_noop("the light turns yellow"),
    gettext_noop("the limit has passed"),
    gettext_noop("(not checked as anything)"),
    gettext_noop("Checked as"),
    gettext_noop("Data element"),
    gettext_noop("Hint in English"),
    gettext_noop("Label in English"),
    gettext_noop("Text in English"),
    gettext_noop("The code of the standard that the answer follows, such as citizen-id"),
    gettext_noop("filled by its source"),
    gettext_noop("yes or no"),
    gettext_noop("Add a message"),
    gettext_noop("Add a notice in writing"),
    gettext_noop("Add the usual messages"),
    gettext_noop("At most so many in a case"),
    gettext_noop("At most so many megabytes each"),
    gettext_noop("Besides the site also by"),
    gettext_noop("Chosen in each case by"),
    gettext_noop("Datum {code}"),
    gettext_noop("Documents"),
    gettext_noop("Insert a fact of the case"),
    gettext_noop("Issued when this task ends"),
    gettext_noop("It comes where you last wrote. A line whose facts are all empty is left out."),
    gettext_noop("Kinds of files"),
    gettext_noop(
        "Letters of the office, such as a notice of refusal: written when a task ends, kept as they were issued, "
        "to be printed."
    ),
    gettext_noop("May deliver it, besides the platform"),
    gettext_noop("Message"),
    gettext_noop("Message: the case waits for it; drop it on a task's edge to leave the task when it comes"),
    gettext_noop("Messages to people"),
    gettext_noop("Name on the drawing"),
    gettext_noop("Named only on the way, by an outcome of a task"),
    gettext_noop("Names the department for"),
    gettext_noop("Nothing ticked: however it ended."),
    gettext_noop("Notices in writing"),
    gettext_noop("Of which task"),
    gettext_noop("Only if it ended like this"),
    gettext_noop("Only if the case ended like this"),
    gettext_noop("Other systems call it"),
    gettext_noop("Remove this message"),
    gettext_noop("Remove this notice"),
    gettext_noop("So many times"),
    gettext_noop("Tell somebody when it ends"),
    gettext_noop(
        "The case waits here until the message comes, from another system or from people of these lanes."
    ),
    gettext_noop("The limit above is then the most that may be chosen."),
    gettext_noop("Title in Chinese"),
    gettext_noop("Title in English"),
    gettext_noop("Told to these people"),
    gettext_noop("Told when"),
    gettext_noop("What people are told"),
    gettext_noop("What people may add to a case besides the files of its forms."),
    gettext_noop("When the message comes while the task is open, the case takes the way that leaves here."),
    gettext_noop(
        "Who is told of what. Everybody reads it on the site; e-mail and SMS reach those who chose them, "
        "and name no person."
    ),
    gettext_noop("Whoever applied"),
    gettext_noop("Whoever has to act"),
    gettext_noop("Whoever opened the case"),
    gettext_noop("Whoever pauses says how long it will take"),
    gettext_noop("Ends the task without its form"),
    gettext_noop("With one of these outcomes"),
    gettext_noop("Words in Chinese"),
    gettext_noop("Words in English"),
    gettext_noop("every task"),
    gettext_noop("nobody"),
    gettext_noop("nobody: it is always this"),
    gettext_noop("{task} stops it with"),
    gettext_noop("What follows counts from"),
    gettext_noop("the end of this limit"),
    gettext_noop("the day on which it began"),
    gettext_noop("Some laws date it back, such as to the day of receipt."),
    gettext_noop("What it brings"),
    gettext_noop("Whoever enters that it arrived fills these in."),
    gettext_noop("What it brings is kept in data; add them under the case type first."),
    gettext_noop("“{value}” in Chinese"),
    gettext_noop("“{value}” in English"),
    gettext_noop(
        "A task may be done by each of them. A form or a message says which they are; without it there are none."
    ),
    gettext_noop("all at once"),
    gettext_noop("as soon as one ends with “{outcome}”"),
    gettext_noop("by each of several departments"),
    gettext_noop("Decisions may ask how many ended how"),
    gettext_noop("departments"),
    gettext_noop("Departments of the datum"),
    gettext_noop("Done"),
    gettext_noop("each of several departments"),
    gettext_noop("Expressions call the numbers:"),
    gettext_noop("How often"),
    gettext_noop("How often it is done"),
    gettext_noop("In which order"),
    gettext_noop("It is over"),
    gettext_noop("Over as soon as"),
    gettext_noop("once"),
    gettext_noop("one after the other"),
    gettext_noop(
        "Put the task into a lane whose people are those of each of the departments; otherwise all of it is to do in "
        "one department."
    ),
    gettext_noop("so many times"),
    gettext_noop("So many times (number, datum or expression)"),
    gettext_noop("Such as {example}"),
    gettext_noop("when all are done"),
    gettext_noop(
        "Which departments they are, says a form: a checklist with this key whose values are unified social credit "
        "codes. A message may bring them too."
    ),
    gettext_noop("{task}: at least one “{outcome}”"),
    gettext_noop("{task}: no “{outcome}”"),
)
"""Every sentence that a script of the studio shows; a test compares them with the scripts."""

ROLES: Mapping[Role, str] = {
    Role.WINDOW_CLERK: gettext_noop("Window clerk"),
    Role.DATA_OFFICER: gettext_noop("Data officer"),
    Role.APPROVER: gettext_noop("Approver"),
    Role.DEPARTMENT_HEAD: gettext_noop("Department head"),
    Role.REVIEWER: gettext_noop("Data-authority reviewer"),
    Role.LEADER: gettext_noop("Leader"),
    Role.CITIZEN: gettext_noop("Citizen"),
    Role.ENTERPRISE_DELEGATE: gettext_noop("Enterprise delegate"),
}
"""The roles that may work in a lane."""


RECIPIENTS: Mapping[Recipient, str] = {
    Recipient.HANDLER_HEAD: gettext_noop("Heads of the departments that have something to do"),
    Recipient.LEADER: gettext_noop("Leaders of those departments"),
    Recipient.DATA_AUTHORITY: gettext_noop("Reviewers of the data authority"),
}
"""Whom an escalation reaches."""


KINDS: Mapping[Kind, str] = {
    Kind.CITIZEN_ID: gettext_noop("Citizen ID number"),
    Kind.CREDIT_CODE: gettext_noop("Unified social credit code"),
    Kind.PHONE: gettext_noop("Telephone"),
}
"""As what the answer of a text field may be checked."""


def editor_words() -> dict[str, str]:
    """Return the sentences of the editors in the reader's language."""
    known = {word: gettext(word) for word in (*WORDS, *TABLE_WORDS)}
    return {
        **known,
        "When": pgettext("decision table", "When"),
        "After": pgettext("decision table", "After"),
    }


def editor_choices(*, department: tuple[str, str]) -> dict[str, object]:
    """Return what the panels offer, and the names that new parts begin with in both languages.

    `department` is the code and the name of the department that owns the case type.
    """
    return {
        **telling_choices(),
        "form_words": {word: str(said) for word, said in FORM_WORDS.items()},
        "department": department,
        "kinds": [(kind.value, gettext(name)) for kind, name in KINDS.items()],
        "recipients": [(one.value, gettext(name)) for one, name in RECIPIENTS.items()],
        "applicant": {"zh-hans": "申请人", "en": "Applicant"},
        "each": {"zh-hans": "被征求意见的部门", "en": "Departments consulted"},
        "language": reader_language(),
        "roles": [(role.value, gettext(name)) for role, name in ROLES.items()],
        "units": [(unit.value, words.unit(unit.value)) for unit in LimitUnit],
        "done": {"zh-hans": {"done": "完成"}, "en": {"done": "Done"}},
        "outcome": {"zh-hans": "", "en": ""},
        "party": {"zh-hans": "", "en": ""},
        "withdrawn": {"zh-hans": "已撤回", "en": "Withdrawn"},
        "limit": {"zh-hans": "时限", "en": ": time limit"},
        "pause": {"zh-hans": "", "en": ""},
    }
