"""Are the inventory counts wrong?"""

from functools import partial

from django.utils.translation import gettext as _

from aqad.lib import codes
from aqad.lib.errors import NotFound
from catalog.models import Product
from operations.doctor import parts
from operations.doctor.findings import Report, examine
from operations.doctor.slow import queues
from operations.doctor.stock import jobs, overview, product


def ask(code: str = "") -> Report:
    """Of one product where a code is given, else of all. Raises NotFound for a code that nobody has."""
    if code:
        return _of_one(find(code))
    return examine(
        _("Are inventory counts wrong?"),
        [
            (_("Counters, ledger and orders"), overview.examine),
            (_("Queues"), queues.examine),
            (_("Parts"), parts.examine),
        ],
    )


def find(code: str) -> Product:
    found = Product.objects.filter(pk=codes.parse(code.strip(), Product.CODE_PREFIX) or 0).first()
    if found is None:
        raise NotFound(_("There is no product %(code)s.") % {"code": code})
    return found


def _of_one(found: Product) -> Report:
    return examine(
        _("Is the inventory of %(code)s wrong?") % {"code": found.code},
        [
            (_("Counters, ledger and orders"), partial(product.examine_counters, found)),
            (_("What the public sees"), partial(product.examine_shown, found)),
            (_("Work that waits"), partial(jobs.examine, found.pk)),
        ],
    )
