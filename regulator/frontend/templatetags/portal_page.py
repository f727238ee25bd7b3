"""Lets the few Django templates (allauth's second-step pages) wear the same frame as every Jinja2 page."""

from django import template
from django.template import Context
from django.template.loader import render_to_string
from markupsafe import Markup

register = template.Library()


@register.simple_tag(takes_context=True)
def page_part(context: Context, name: str) -> Markup:
    """A part of the page's frame, drawn by the Jinja2 engine; escaped there already."""
    return Markup(render_to_string(name, {"request": context["request"]}, using="jinja2"))
