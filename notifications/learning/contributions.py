"""What learning contributes to the platform's registries."""

from regulator.frontend.navigation import NAVIGATION, Entry


def contribute() -> None:
    """Register everything. Called once, when the application is ready."""
    NAVIGATION.register("learning", Entry("Learning", "learning:list", order=45))
