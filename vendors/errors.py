from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError


class DocumentsPending(DomainError):
    code = "documents_pending"
    status = 409
    message = _("Accept every required document first.")
