"""Takes what happened to other machines: from the outbox, when there is a way. Never touches a live call."""
