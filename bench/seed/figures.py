"""Which keys the seeded rows have; known also to those who only send requests."""

FIRST_PRODUCT = FIRST_VENDOR = FIRST_RETAILER = 100_001
VENDORS = 50
ON_HAND = 1_000_000
SCARCE = 300  # of the second product


def email_of(retailer: int) -> str:
    return f"buyer.{retailer}@bench.example"
