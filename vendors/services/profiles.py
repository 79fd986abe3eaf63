"""What a vendor changes about itself without asking."""

from typing import Any

from django.db import transaction

from accounts.models import User
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import delete_public, stored_files
from audit import services as audit
from vendors.models import Vendor
from vendors.services.applications import store_logo


def update_profile(vendor: Vendor, *, by: User, logo: CleanFile | None = None, **changes: Any) -> Vendor:
    """Change columns that no document vouches for, and the logo."""
    if not changes and logo is None:
        return vendor
    with stored_files():
        if logo is not None:
            changes["logo"] = store_logo(logo)
        with transaction.atomic():
            vendor = Vendor.objects.select_for_update().get(pk=vendor.pk)
            old_logo = vendor.logo
            for name, value in changes.items():
                setattr(vendor, name, value)
            vendor.save(update_fields=list(changes))
            audit.record(by, "changed", vendor, data={"fields": sorted(changes)})
            if logo is not None and old_logo:
                transaction.on_commit(lambda: delete_public(old_logo), robust=True)
    return vendor
