"""Do all processes sign tokens with the same key, and do tokens live as long as they should?"""

from datetime import timedelta

import jwt
from django.conf import settings
from django.utils.translation import gettext as _

from operations import fingerprints, pulse
from operations.doctor.findings import Finding, Table

SHORTEST_ACCESS, LONGEST_ACCESS = timedelta(minutes=1), timedelta(days=1)
SHORTEST_REFRESH = timedelta(hours=1)


def examine() -> Finding:
    processes = [each for each in pulse.processes() if each.lives]
    own = fingerprints.of_settings()[fingerprints.JWT]
    rows = [(_("this process"), own, _token_state(""))]
    rows += [
        (f"{each.kind} {each.host} {each.pid}", each.settings.get(fingerprints.JWT, "–"), _state_of(each))
        for each in processes
    ]
    tables = [
        Table(_("Signing keys"), [_("process"), _("key's fingerprint"), _("its token here")], rows),
        _lifetimes(),
    ]
    strangers = [each for each in processes if not _verifies(each.specimen)]
    name = _("Token keys and lifetimes")
    if strangers:
        values = {"kind": strangers[0].kind, "pid": strangers[0].pid, "host": strangers[0].host}
        sentence = _("A token of %(kind)s %(pid)d on %(host)s is not valid here: it signs with another key.")
        step = _("Give all processes the same AQAD_JWT_SIGNING_KEY and start them anew.")
        return Finding(name, sentence % values, wrong=True, next_step=step, tables=tables)
    if wrong := _insane_lifetime():
        step = _("Set AQAD_ACCESS_MINUTES and AQAD_REFRESH_DAYS, as docs/settings.md says.")
        return Finding(name, wrong, wrong=True, next_step=step, tables=tables)
    if not processes:
        sentence = _("No process has given a sign of life, so there is no token to compare.")
        return Finding(name, sentence, tables=tables)
    return Finding(name, _("Tokens of every process are valid here, and live as long as set."), tables=tables)


def _state_of(process: pulse.Process) -> str:
    return _token_state(process.specimen) if process.specimen else "–"


def _token_state(specimen: str) -> str:
    return _("valid") if not specimen or _verifies(specimen) else _("not valid")


def _verifies(specimen: str) -> bool:
    """A clock that is wrong is another finding: here the signature alone counts."""
    keys = settings.SIMPLE_JWT
    try:
        jwt.decode(
            specimen,
            keys.get("VERIFYING_KEY") or keys["SIGNING_KEY"],
            algorithms=[keys["ALGORITHM"]],
            issuer=keys["ISSUER"],
            options={"verify_exp": False},
        )
    except jwt.PyJWTError:
        return False
    return True


def _insane_lifetime() -> str:
    access = settings.SIMPLE_JWT["ACCESS_TOKEN_LIFETIME"]
    refresh = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    if not SHORTEST_ACCESS <= access <= LONGEST_ACCESS:
        return _("Access tokens live for %(time)s, which is not between a minute and a day.") % {
            "time": access
        }
    if refresh < max(access, SHORTEST_REFRESH):
        return _("Refresh tokens live for %(time)s, less than an hour or than access tokens.") % {
            "time": refresh
        }
    return ""


def _lifetimes() -> Table:
    told = fingerprints.lifetimes_and_algorithm()
    return Table(_("How tokens are made"), [_("setting"), _("value")], sorted(told.items()))
