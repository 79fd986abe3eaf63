"""Brands made up for the demo, beside those of the starting set: name and Arabic name."""

OWN_BRANDS: tuple[tuple[str, str], ...] = (
    ("Sanabel", "سنابل"), ("Falaj", "فلج"), ("Souq Spice", "بهارات السوق"), ("Bustan", "بستان"),
    ("Nakhla", "نخلة"), ("Thalj", "ثلج"), ("Barq", "برق"), ("Qutn", "قطن"), ("Yasmin", "ياسمين"),
)  # fmt: skip
