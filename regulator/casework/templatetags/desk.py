"""What the desk's templates ask for: values in words, and the panels of the home page."""

from django import template

from regulator.accounts.models import User
from regulator.casework.desk import HOME_PANELS, HomePanel
from regulator.casework.wording import as_text

register = template.Library()
register.filter("as_text", as_text)


@register.simple_tag
def home_panels(user: User) -> list[HomePanel]:
    """The panels that have something to say to ``user``, in the order in which apps contributed them."""
    panels = (panel(user) for panel in HOME_PANELS.values())
    return [panel for panel in panels if panel is not None]
