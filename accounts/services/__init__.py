"""Every write about people, by topic."""

from accounts.services.access import end_sessions, set_access, set_person_access
from accounts.services.cleaning import forget_expired, forget_person
from accounts.services.email_change import confirm_email_change, correct_email, request_email_change
from accounts.services.link_requests import answer_link_requests, request_link
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
from accounts.services.own_sessions import end_other_sessions, end_own_session
from accounts.services.passwords import (
    change_password,
    confirm_password,
    confirm_reset,
    mail_reset,
    request_reset,
)
from accounts.services.people import (
    check_new_password,
    create_user,
    note_change,
    refuse_taken_email,
    update_person,
)
from accounts.services.second_factor import (
    begin_second_factor,
    check_code,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    reset_second_factor,
)
from accounts.services.signing_in import identify, limit_sign_ins, refresh_tokens, sign_in, sign_out
from accounts.services.staff import (
    change_rights,
    deactivate,
    invite_staff,
    reactivate,
    sign_out_everywhere,
)

__all__ = [
    "SETS_PASSWORD",
    "answer_link_requests",
    "begin_second_factor",
    "change_password",
    "change_rights",
    "check_code",
    "check_new_password",
    "confirm_email_change",
    "confirm_password",
    "confirm_reset",
    "confirm_second_factor",
    "correct_email",
    "create_user",
    "deactivate",
    "end_links",
    "end_other_sessions",
    "end_own_session",
    "end_sessions",
    "forget_expired",
    "forget_person",
    "identify",
    "invite",
    "invite_staff",
    "issue_link",
    "limit_sign_ins",
    "mail_reset",
    "note_change",
    "peek_link",
    "reactivate",
    "redeem_link",
    "refresh_tokens",
    "refuse_taken_email",
    "remove_second_factor",
    "renew_recovery_codes",
    "request_email_change",
    "request_link",
    "request_reset",
    "reset_second_factor",
    "send_verification",
    "set_access",
    "set_person_access",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "update_person",
    "verify_email",
]
