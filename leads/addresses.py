"""Where a customer lives, in words."""


def address(*parts: object) -> str:
    """City, community, building and room in one line."""
    return " ".join(str(part) for part in parts if part)
