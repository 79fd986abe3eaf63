from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError


class DocumentRunOut(DomainError):
    code = "document_run_out"
    status = 409
    message = _("This document has run out. Ask for a newer one.")


class ChangedMeanwhile(DomainError):
    code = "changed_meanwhile"
    status = 409
    message = _("Somebody was faster: this vendor has changed since you opened it. Nothing was done.")


class DocumentsPending(DomainError):
    code = "documents_pending"
    status = 409
    message = _("Accept every required document first.")
