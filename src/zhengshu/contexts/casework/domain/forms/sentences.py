"""What the checker says of forms; `domain.faults` shows them with the others."""

from collections.abc import Mapping
from types import MappingProxyType

SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "form-root-unfit": "The file is no form of form-js: its type must be “default”, not “%(what)s”.",
        "form-too-new": "The file is of schema version %(what)s of form-js; versions up to %(known)s are known.",
        "form-empty": "The form asks nothing.",
        "form-too-long": "The form has %(count)s fields; at most %(most)s are taken.",
        "form-component-unsupported": "The component “%(component)s” is not supported. Supported: %(known)s.",
        "form-path-unsupported": "A group with the path “%(path)s” is not supported; leave its path empty.",
        "form-list-in-list": "A repeated group cannot stand inside another one.",
        "form-values-unsupported": "Options from “%(what)s” are not supported: list them, or name a code table "
        "in the property code_table.",
        "form-template-unsupported": "“%(what)s” is a template; write plain text.",
        "form-property-unknown": "There is no property “%(name)s”. Known: %(known)s and option_en.VALUE.",
        "form-kind-unfit": "The kind “%(kind)s” does not fit the component “%(component)s”. Text fields may "
        "have: %(known)s.",
        "form-pattern-unfit": "The pattern “%(pattern)s” is not supported: no look-around, no repetition of "
        "groups, at most 200 letters, and of the escapes only digits, word characters and signs.",
        "form-key-unfit": "“%(name)s” is no key: small letters, digits and _, beginning with a letter.",
        "form-key-twice": "The key “%(name)s” is used twice, or taken by a count or sum of a repeated group.",
        "form-id-twice": "Two components have the id “%(name)s”, or one has none.",
        "form-words-missing": "The label, hint or text is missing in this language: %(language)s.",
        "form-options-missing": "Nothing can be chosen: list options, or name a code table.",
        "form-option-twice": "The option “%(name)s” is empty or given twice.",
        "form-default-unfit": "The default value is no right answer to this field: %(what)s",
        "form-ending-unfit": "Files that end in “%(name)s” are not taken. Possible: %(known)s.",
        "form-bounds-unfit": "The least is larger than the most; no answer could be right.",
        "form-name-unknown": "The expression reads “%(name)s”, which is no whole number, text, tick or choice "
        "that stands before it in the form.",
        "form-text-impossible": "“%(name)s” is never “%(text)s”. Possible: %(known)s.",
        "form-calculation-unfit": "A field of the kind “%(kind)s” cannot be computed; use a text field, a number "
        "or a tick.",
        "form-calculation-missing": "An expression component needs its expression.",
        "form-list-count-unfit": "A repeated group to which nothing can be added needs defaultRepetitions.",
        "form-source-unfit": "A field that its source fills needs the property element, is not computed, and "
        "stands in no repeated group.",
        "form-from-unfit": "The property from can only be “source”, or “certificate” where the property certificate "
        "names one.",
        "form-certificate-unfit": "The property certificate is TYPE.FIELD, of a question with one answer that is "
        "neither computed nor stands in a repeated group.",
        "form-certificate-holder-unfit": "No question “%(name)s” stands before this one to name the holder of the "
        "certificate.",
        "form-certificate-unknown": "There is no type of certificate with the field “%(certificate)s”.",
        "form-not-used": "Neither opening_form nor a task uses this form.",
        "form-unknown": "There is no form “%(name)s”. Forms in the folder: %(known)s.",
        "form-party-unfit": "“%(value)s” names no department: write own, authority, department:CODE or "
        "field:KEY with a key of the opening form that holds a credit code.",
        "form-party-missing": "Say in opening_parties which department takes the part “%(party)s” when the form "
        "opens a case.",
        "form-datum-unfit": "The field “%(name)s” fills data of the case, but holds %(kind)s where %(type)s is "
        "expected.",
        "form-datum-optional": "The field “%(name)s” may stay empty or hidden, but its datum has no default.",
        "form-datum-not-filled": "The datum has no default, and the opening form has no field “%(name)s” to fill it.",
        "form-datum-not-read": "A form fills this datum, but no condition, script, limit or decision reads it.",
        "form-asks-again": "The field asks a person for “%(element)s”, which %(source)s supplies (Decree 809, "
        "article 19). Let the source fill it (element and from: source), or record a reason in the property "
        "reason.",
        "form-source-missing": "The data element “%(element)s” has no authoritative source that could fill it.",
        "form-table-unknown": "There is no code table “%(name)s”.",
    }
)
"""Code → sentence; message ids of the translation."""
