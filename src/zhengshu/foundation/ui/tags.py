"""Template tags and filters that every template has without loading them."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlencode

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.boundfield import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, Input, RadioSelect, Select
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from zhengshu.foundation.http.rules import opens
from zhengshu.foundation.lists import ListQuery
from zhengshu.foundation.ui import icons, slots
from zhengshu.foundation.ui.facets import Facet, Folding, folding
from zhengshu.kernel.actors import Actor

register = template.Library()

_JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon: ``{% icon "bell" %}``."""
    return icons.icon(name, css=css)


@register.simple_tag
def sort_link(query: ListQuery, field: str, label: str) -> SafeString:
    """Head a column with a link that sorts by it, and turns round on the second click."""
    is_descending = query.sort == f"-{field}"
    is_ascending = query.sort == field
    target = query.link(sort=f"-{field}" if is_ascending else field)
    if is_ascending:
        mark, state = "arrow-up", gettext("sorted ascending")
    elif is_descending:
        mark, state = "arrow-down", gettext("sorted descending")
    else:
        mark, state = "arrows-sort", ""
    said = format_html('<span class="visually-hidden">{}</span>', state) if state else ""
    css = "ui-sort is-active" if state else "ui-sort"
    return format_html('<a class="{}" href="{}">{}{}{}</a>', css, target, label, icons.icon(mark), said)


@register.simple_tag(takes_context=True)
def filled(context: template.Context, name: str) -> SafeString:
    """Show what contexts further up put into a slot of a page that hands over only its request."""
    request = context["request"]
    return SafeString("".join(slots.fragments(name, request, request)))


@register.simple_tag
def query_link(query: ListQuery, **changes: str | int) -> str:
    """Return the list's query string with changes: ``{% query_link query page=2 %}``."""
    return query.link(**changes)


@register.simple_tag
def without(query: ListQuery, name: str, value: str) -> str:
    """Return the list's query string with one chosen value of one filter taken away."""
    filters = {
        key: tuple(one for one in values if (key, one) != (name, value))
        for key, values in query.filters.items()
    }
    rest = ListQuery(text=query.text, filters=filters, sort=query.sort, size=query.size)
    return rest.link()


@register.simple_tag(name="folding")
def folding_tag(query: ListQuery, facets: Iterable[Facet] | str) -> Folding:
    """Say whether the facets are folded on a phone, and how many values are chosen; a page without facets has none."""
    return folding(query, () if isinstance(facets, str) else facets)


@register.simple_tag
def is_chosen(query: ListQuery, name: str, value: str) -> bool:
    """Whether a value of a filter is chosen."""
    return value in query.filters.get(name, ())


@register.simple_tag
def chosen_of(query: ListQuery, name: str) -> tuple[str, ...]:
    """Return the chosen values of a filter."""
    return query.filters.get(name, ())


@register.filter
def chart_json(option: object) -> SafeString:
    """Write data as JSON that may stand inside a data block of the page."""
    return mark_safe(json.dumps(option, cls=DjangoJSONEncoder, ensure_ascii=False).translate(_JSON_ESCAPES))  # noqa: S308 - escaped above


@register.filter
def opens_to(path: str, actor: Actor) -> bool:
    """Whether a link leads anywhere for somebody: ``{% if path|opens_to:request.actor %}``."""
    return opens(path, actor)


def moment(value: datetime | None) -> str:
    """Write an instant as the reader's clock shows it, to the minute."""
    if value is None:
        return "—"
    return f"{_local(value):%Y-%m-%d %H:%M}"


def day(value: date | datetime | None) -> str:
    """Write a date, or the date of an instant."""
    if value is None:
        return "—"
    return f"{_local(value) if isinstance(value, datetime) else value:%Y-%m-%d}"


@register.filter("moment")
def moment_element(value: datetime | None) -> str:
    """Write an instant as an element that stays on one line."""
    return _in_one_piece(value, moment(value))


@register.filter("day")
def day_element(value: date | datetime | None) -> str:
    """Write a date as an element that stays on one line."""
    return _in_one_piece(value, day(value))


def _in_one_piece(value: date | datetime | None, text: str) -> str:
    return text if value is None else format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


@register.filter
def grouped(value: float | None) -> str:
    """Write a number with groups of three digits."""
    return "—" if value is None else f"{value:,}"


@register.filter
def percent(value: float | None) -> str:
    """Write a share between 0 and 1 as a percentage."""
    return "—" if value is None else f"{value:.1%}"


@register.filter
def dash(value: object) -> object:
    """Show a dash where there is nothing."""
    return "—" if value is None or value == "" else value


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """Draw the control of a form field in our look.

    What is missing is told by our sentence and not by a browser's bubble, which speaks the browser's language and goes
    away by itself.
    """
    css = [str(field.field.widget.attrs.get("class", "")), _css_of(field)]
    if field.errors:
        css.append("is-invalid")
    attrs: dict[str, str | bool] = {"class": " ".join(name for name in css if name)}
    if is_wanted(field) and not is_group(field):
        attrs["aria-required"] = "true"
    field.form.use_required_attribute = False
    return field.as_widget(attrs=attrs)


@register.filter
def is_wanted(field: BoundField) -> bool:
    """Whether a field must be answered: by the form itself, or by what judges its answers afterwards."""
    return field.field.required or getattr(field.field, "must_be_answered", False)


@register.filter
def is_group(field: BoundField) -> bool:
    """Whether a field is several controls under one legend."""
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple)


@register.filter
def is_tick(field: BoundField) -> bool:
    """Whether a field is one checkbox."""
    return isinstance(field.field.widget, CheckboxInput)


def _css_of(field: BoundField) -> str:
    kind = field.field.widget
    if isinstance(kind, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        return "form-check-input"
    if isinstance(kind, Select):
        return "form-select"
    if isinstance(kind, Input) and kind.input_type in {"hidden", "range", "color"}:
        return ""
    return "form-control"


@register.simple_tag
def url_with(path: str, **parameters: str) -> str:
    """Return a path with parameters, properly quoted."""
    return f"{path}?{urlencode(parameters)}"


class _CaptureNode(template.Node):
    """Render its content into a variable, so that one block can stand in two places."""

    def __init__(self, name: str, nodes: template.NodeList) -> None:
        self.name = name
        self.nodelist = nodes

    def render(self, context: template.Context) -> SafeString:
        """Set the variable and write nothing."""
        context[self.name] = mark_safe(self.nodelist.render(context).strip())  # noqa: S308 - rendered, thus escaped
        return SafeString("")


@register.tag
def capture(parser: template.base.Parser, token: template.base.Token) -> template.Node:
    """Keep what is rendered: ``{% capture page_title %}{% block title %}{% endblock %}{% endcapture %}``."""
    parts = token.split_contents()
    if len(parts) != 2:  # noqa: PLR2004 - the tag and its variable
        message = f"{parts[0]} takes the name of a variable"
        raise template.TemplateSyntaxError(message)
    nodes = parser.parse(("endcapture",))
    parser.delete_first_token()
    return _CaptureNode(parts[1], nodes)
