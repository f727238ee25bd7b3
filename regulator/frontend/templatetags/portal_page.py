"""Lets the few Django templates (allauth's second-step pages) wear the same frame as every Jinja2 page."""

from typing import cast

from django import template
from django.template import Context, engines
from django.template.backends.jinja2 import Jinja2
from markupsafe import Markup, escape

register = template.Library()


@register.simple_tag(takes_context=True)
def page_part(context: Context, name: str) -> Markup:
    """A part of the page's frame, drawn (and escaped) by the Jinja2 engine."""
    environment = cast(Jinja2, engines["jinja2"]).env
    return escape(environment.get_template(name).make_module({"request": context["request"]}))
