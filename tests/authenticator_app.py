"""What an authenticator app shows, worked out from its secret; needs no database."""

import base64
import time

from django_otp.oath import TOTP


def code_of_secret(secret: str) -> str:
    """What the app shows now into which somebody typed the secret as the page tells it."""
    return code_shown(TOTP(base64.b32decode(secret.replace(" ", ""))))


def code_shown(app: TOTP, steps: int = 0) -> str:
    """What the app shows now, or so many of its steps (half minutes) later."""
    app.time = time.time() + steps * app.step
    return f"{app.token():06d}"
