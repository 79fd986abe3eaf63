from celery import shared_task

from aqad.lib.web.kept_uploads import forget_old_uploads
from vendors import services


@shared_task
def pause_lapsed_vendors() -> int:
    """Sweeper: who sells with papers that ran out stops selling."""
    return services.pause_lapsed_vendors()


@shared_task
def remind_of_expiry() -> int:
    """Sweeper: vendors hear 60, 30 and 7 days before a document runs out."""
    return services.remind_of_expiry()


@shared_task
def forget_kept_uploads() -> int:
    """Sweeper: files of refused forms that never came again are deleted."""
    return forget_old_uploads()


@shared_task
def forget_applications() -> int:
    """Sweeper: applications that came to nothing and papers that were replaced are not kept for ever."""
    return services.forget_applications() + services.forget_replaced_papers()
