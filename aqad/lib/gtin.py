"""Article numbers on packages: GTIN-8, -12, -13 and -14 with their check digit (GS1)."""

from stdnum import ean
from stdnum.exceptions import ValidationError


def normalise(text: str) -> str:
    """The digits alone. Raises ValueError where length or check digit is wrong."""
    try:
        return str(ean.validate(text))
    except ValidationError as error:
        raise ValueError("not a GTIN") from error
