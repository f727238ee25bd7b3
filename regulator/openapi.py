"""What is done to the OpenAPI document before it is given out."""

import json
from collections import Counter
from typing import Any


def share_refusals(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """The refusals that most operations share are written once (``components/responses``) and referred to;
    the answers of each operation stand in the order of their statuses."""
    operations = [operation for methods in result["paths"].values() for operation in methods.values()]
    told = Counter(
        (status, json.dumps(answer))
        for operation in operations
        for status, answer in operation["responses"].items()
    )
    shared: dict[str, str] = {}
    for (status, answer), times in told.most_common():
        if status >= "400" and times > 1:
            shared.setdefault(status, answer)
    for operation in operations:
        operation["responses"] = {
            status: {"$ref": f"#/components/responses/Refusal{status}"}
            if shared.get(status) == json.dumps(answer)
            else answer
            for status, answer in sorted(operation["responses"].items())
        }
    written = {f"Refusal{status}": json.loads(shared[status]) for status in sorted(shared)}
    result.setdefault("components", {})["responses"] = written
    return result
