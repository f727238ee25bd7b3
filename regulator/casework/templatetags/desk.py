"""What the desk's templates ask for: values in words, and the panels of the home page."""

from django import template
from django.utils.html import format_html

from regulator.accounts.models import User
from regulator.casework.desk import HOME_PANELS, HomePanel, Linked
from regulator.casework.wording import as_text

register = template.Library()
register.filter("as_text", as_text)


@register.filter
def as_cell(value: object) -> str:
    """A cell of a table in words; a link where it leads to a page."""
    if isinstance(value, Linked):
        return format_html('<a class="desk-link" href="{}">{}</a>', value.path, value.label)
    return as_text(value)


@register.simple_tag
def home_panels(user: User) -> list[HomePanel]:
    """The panels that have something to say to ``user``, in the order in which apps contributed them."""
    panels = (panel(user) for panel in HOME_PANELS.values())
    return [panel for panel in panels if panel is not None]
