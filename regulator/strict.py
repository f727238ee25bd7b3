"""The ground of every serializer that takes something in."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

if TYPE_CHECKING:
    from drf_spectacular.openapi import AutoSchema
    from drf_spectacular.utils import Direction


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
