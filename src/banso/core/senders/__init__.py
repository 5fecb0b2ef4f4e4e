"""Ways out: mail, Slack and Chatwork. Each call queues a job; only jobs touch the network."""

from banso.core.senders.chat import post_to_chatwork, post_to_slack
from banso.core.senders.outgoing import send_mail

__all__ = ["post_to_chatwork", "post_to_slack", "send_mail"]
