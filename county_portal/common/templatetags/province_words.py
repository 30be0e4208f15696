"""The province's words in templates; loaded for every template, since components are given no context."""

from django import template

from county_portal.common.province import province, words

register = template.Library()


@register.simple_tag
def word(name: str) -> str:
    """One of the province's words: `{% word "city" %}`."""
    return str(getattr(words(), name))


@register.filter
def worded(text: str) -> str:
    """A template's own text with its words put in: `"报{province_office}审批"|worded`."""
    for name, said in words().as_fields().items():
        text = text.replace(f"{{{name}}}", said)
    return text


@register.filter
def class_shade(letter: str) -> str:
    """The shade a class is drawn in; what is no class of the province keeps its own letter."""
    shade = province().shade(letter)
    return (letter or shade).lower() if shade == "none" else shade


@register.simple_tag
def class_names() -> list[tuple[str, str]]:
    """Shade and name of every class, best first."""
    return [(class_shade(name), name) for name in province().classes]


@register.inclusion_tag("components/second_name.html")
def second_name(region: str) -> dict[str, str]:
    """A region's name in another language of the place, where the province keeps one."""
    found = province().second_name(region)
    return {"language": found[0], "name": found[1]} if found else {}
