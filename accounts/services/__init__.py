"""Every write about people, by topic."""

from accounts.services.access import deactivate, end_sessions, set_access, set_person_access
from accounts.services.cleaning import forget_expired
from accounts.services.links import (
    SETS_PASSWORD,
    end_links,
    invite,
    issue_link,
    peek_link,
    redeem_link,
    send_verification,
    verify_email,
)
from accounts.services.passwords import change_password, confirm_reset, request_reset
from accounts.services.people import (
    check_new_password,
    create_user,
    note_change,
    refuse_taken_email,
    update_person,
)
from accounts.services.signing_in import identify, limit_sign_ins, refresh_tokens, sign_in, sign_out

__all__ = [
    "SETS_PASSWORD",
    "change_password",
    "check_new_password",
    "confirm_reset",
    "create_user",
    "deactivate",
    "end_links",
    "end_sessions",
    "forget_expired",
    "identify",
    "invite",
    "issue_link",
    "limit_sign_ins",
    "note_change",
    "peek_link",
    "redeem_link",
    "refresh_tokens",
    "refuse_taken_email",
    "request_reset",
    "send_verification",
    "set_access",
    "set_person_access",
    "sign_in",
    "sign_out",
    "update_person",
    "verify_email",
]
