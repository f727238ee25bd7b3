"""What people do with guidance, with what readers say, and with the digest: one function for each."""

from notifications.guidance.services.deciding import approve, give_back
from notifications.guidance.services.listening import (
    COMMENT_DAYS,
    LONGEST_COMMENT,
    TooOften,
    forget_comments,
    give_feedback,
)
from notifications.guidance.services.loading import load_first_topics
from notifications.guidance.services.wishing import end_wish, stop_wish, wish_for_digest
from notifications.guidance.services.writing import (
    APPROVE,
    READ,
    WRITE,
    begin_topic,
    begin_version,
    change,
    discard,
    send,
    take_back,
)

__all__ = [
    "APPROVE",
    "COMMENT_DAYS",
    "LONGEST_COMMENT",
    "READ",
    "WRITE",
    "TooOften",
    "approve",
    "begin_topic",
    "begin_version",
    "change",
    "discard",
    "end_wish",
    "forget_comments",
    "give_back",
    "give_feedback",
    "load_first_topics",
    "send",
    "stop_wish",
    "take_back",
    "wish_for_digest",
]
