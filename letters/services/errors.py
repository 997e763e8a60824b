"""What a service says when it will not."""


class Refused(Exception):
    """A change that is not made. Its text is one sentence for a person: the thing, why, what is still possible."""
