import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now, Upper
from django.utils.crypto import salted_hmac

from aqad.lib.text.cleaning import clean_email, email_key


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.with_email(username or "").get()

    def with_email(self, email: str) -> "models.QuerySet[User]":
        """Nobody or the one person with this address, however it is written; by the unique index."""
        return self.alias(lower_email=Lower("email")).filter(lower_email=email_key(email))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=clean_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        fields |= {"role": User.Role.ADMIN, "is_staff": True, "is_superuser": True}
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail.

    `access` and `code` are written by the app that owns the person's company (vendors, retailers, delivery),
    so that signing in needs no knowledge of companies. Raising `token_version` ends every session and token.
    """

    class Role(models.TextChoices):
        VENDOR = "vendor"
        RETAILER = "retailer"
        DRIVER = "driver"
        ADMIN = "admin"

    class Access(models.TextChoices):
        ACTIVE = "active"
        PENDING_APPROVAL = "pending_approval"
        REJECTED = "rejected"
        SUSPENDED = "suspended"
        DEACTIVATED = "deactivated"

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=20, blank=True)
    role = models.CharField(max_length=10, choices=Role)
    access = models.CharField(max_length=20, choices=Access, default=Access.ACTIVE)
    code = models.CharField(max_length=20, blank=True, help_text="Public code of the company worked for.")
    language = models.CharField(max_length=2, choices=[("en", "English"), ("ar", "العربية")], default="en")
    language_chosen = models.BooleanField(
        default=False, help_text="Whether the person said so, and no browser or default did."
    )
    is_staff = models.BooleanField(default=False)
    token_version = models.PositiveIntegerField(default=0)
    email_verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=Q(role="admin", is_staff=True) | (~Q(role="admin") & Q(is_staff=False)),
                name="user_staff_is_admin",
            ),
        ]
        indexes = [
            models.Index(fields=["code"], name="user_code", condition=~Q(code="")),
            models.Index(fields=["created_at"], name="user_age"),
            models.Index(fields=["phone"], name="user_phone", condition=~Q(phone="")),
            GinIndex(OpClass(Upper("email"), "gin_trgm_ops"), name="user_email_letters"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="user_name_letters"),
        ]
        permissions = [
            ("deactivate_user", "Can deactivate user"),
            ("reactivate_user", "Can open the account of a deactivated user again"),
            ("end_sessions", "Can end all sessions of a user"),
            ("reset_second_factor", "Can reset the second factor of staff"),
        ]

    @property
    def is_active(self) -> bool:  # type: ignore[override] # Django itself only reads it
        return self.access == self.Access.ACTIVE

    @property
    def has_own_language(self) -> bool:
        """Whether pages turn to the account's language, and not stay in the browser's."""
        return self.language_chosen or self.language != settings.LANGUAGE_CODE

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this at every request of a session: a raised `token_version` ends it.

        So does a second factor that staff did not need when they signed in and need now.
        """
        own = f"{self.password}:{self.token_version}"
        if self.is_staff and settings.STAFF_OTP == "required":
            own += ":second factor"
        return salted_hmac("accounts.User.session", own, secret=secret, algorithm="sha256").hexdigest()

    def __str__(self) -> str:
        return self.email


class TokenFamily(models.Model):
    """One sign-in of an app: the refresh token that is good now. Using an older one ends the family.

    What a repeated refresh needs is kept as ids and times: the pair of tokens is made of them anew, so no
    token stands in the database (docs/decisions/strict-refresh.md).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="token_families")
    current_jti = models.CharField(max_length=32)
    refreshed_at = models.DateTimeField(null=True, help_text="When the current pair was made.")
    replaced_jti = models.CharField(max_length=32, blank=True, default="")
    replaced_key = models.CharField(
        max_length=64, blank=True, default="", help_text="Hash of the Idempotency-Key of that refresh."
    )
    repeatable_until = models.DateTimeField(null=True)
    token_version = models.PositiveIntegerField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, blank=True)
    device = models.CharField(max_length=200, blank=True, default="")
    address = models.CharField(max_length=50, blank=True, default="")
    last_used_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "token families"
        indexes = [
            models.Index(fields=["user"], name="family_user", condition=Q(ended_at=None)),
            models.Index(fields=["expires_at"], name="family_end"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d %H:%M}"


class PageSession(models.Model):
    """One browser's session on the pages, of a person or of a visitor who has something to keep.

    Written by `accounts.session_store`. What expired or was ended is deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_hash = models.CharField(max_length=64, unique=True)
    data = models.TextField()
    user = models.ForeignKey(
        User, null=True, on_delete=models.CASCADE, related_name="page_sessions", db_index=False
    )
    token_version = models.PositiveIntegerField(default=0)
    for_staff = models.BooleanField(default=False)
    device = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=50, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["user"], name="page_session_user", condition=Q(user__isnull=False)),
            models.Index(fields=["expires_at"], name="page_session_end"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d %H:%M}"


class OneTimeLink(models.Model):
    """A secret link mailed to a person. The token itself is nowhere kept: see aqad.lib.tokens."""

    class Purpose(models.TextChoices):
        PASSWORD_RESET = "password_reset"  # noqa: S105
        INVITATION = "invitation"
        EMAIL_VERIFICATION = "email_verification"
        VENDOR_APPLICATION = "vendor_application"
        EMAIL_CHANGE = "email_change"

    purpose = models.CharField(max_length=20, choices=Purpose)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(
        max_length=254, blank=True, default="", help_text="The address to be taken over."
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=Q(used_at=None), name="link_one_valid_per_purpose"
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="link_end")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"


class LinkRequest(models.Model):
    """Somebody asked for a link to be mailed to this address, which may be nobody's.

    Whether it is known shows only in the worker: a request costs the same whoever the address belongs to.
    The row is deleted when it is answered.
    """

    MOST_ATTEMPTS = 10  # then it is dead, for staff to see, until it is forgotten

    purpose = models.CharField(max_length=20, choices=OneTimeLink.Purpose)
    email = models.CharField(max_length=254)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="link_request_due")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"


class IdempotencyKey(models.Model):
    """A request that was carried out under a client's key, with its answer."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    endpoint = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True, default="", help_text="JSON, repeated byte for byte.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "endpoint", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"
