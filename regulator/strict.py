"""The ground of every serializer that takes something in."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class Strict(serializers.Serializer[Any]):
    """Refuses a field that it does not know: a misspelt one must not be lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = {str(name): ["There is no such field."] for name in data if name not in self.fields}
            if unknown:
                raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)
