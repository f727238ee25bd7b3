"""The ground of every serializer that takes something in, and of every view of what everybody may read."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar, Final

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.viewsets import ViewSetMixin

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from drf_spectacular.utils import Direction

_SHOWN: Final = 40
"""Of a name that nobody knows, how much is said again."""
_MOST: Final = 20
"""How many of them are named."""
_CLOSE: Final = 0.7


class Strict(serializers.Serializer[Any]):
    """Refuses a field that it does not know: a misspelt one must not be lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = {str(name): ["There is no such field."] for name in data if name not in self.fields}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class StrictScheme(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """How the OpenAPI document says so."""

    target_class = "regulator.strict.Strict"
    match_subclasses = True

    def map_serializer(self, auto_schema: "AutoSchema", direction: "Direction") -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(  # type: ignore[no-untyped-call]
            self.target, direction, bypass_extensions=True
        )
        return schema | {"additionalProperties": False}


class StrictQuery(ViewSetMixin):
    """Refuses a parameter of the address that it does not know (400, named, with the one that is near): a
    misspelt filter must not be answered with everything. Stands before the view that it is a part of.

    ``asks``: what each action may be asked; nothing, unless it is said.
    """

    asks: ClassVar[Mapping[str, Collection[str]]] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)  # type: ignore[misc]
        if self.action is not None:
            refuse_unknown(request.query_params, self.asks.get(self.action, ()))


def refuse_unknown(asked: Mapping[str, Any], known: Collection[str]) -> None:
    """Raises DRF's ``ValidationError``, which names each parameter of ``asked`` that is not ``known``."""
    unknown = sorted(set(asked) - set(known))[:_MOST]
    if unknown:
        raise serializers.ValidationError({name[:_SHOWN]: [_no_such(name, known)] for name in unknown})


def _no_such(name: str, known: Collection[str]) -> str:
    if not known:
        return "There is no such parameter: this address takes none."
    near = get_close_matches(name[:_SHOWN].lower(), sorted(known), n=1, cutoff=_CLOSE)
    hint = f"Did you mean {near[0]}? " if near else ""
    return f"There is no such parameter. {hint}Choose among: {', '.join(sorted(known))}."
