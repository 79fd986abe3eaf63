"""The demo's staff: one person for each role."""

from django.contrib.auth.models import Group

from accounts import services as accounts
from accounts.models import User
from aqad.demo.sign_ins import PASSWORD, SignIn

STAFF = {
    "Reviewer": ("Maryam Al Suwaidi", "maryam@aqad.example"),
    "Operations": ("Khalid Rahman", "khalid@aqad.example"),
    "Finance": ("Anita Menon", "anita@aqad.example"),
    "Support": ("Hassan Darwish", "hassan@aqad.example"),
}


def load_staff() -> list[SignIn]:
    for role, (name, email) in STAFF.items():
        person = accounts.create_user(email=email, password=PASSWORD, name=name, role=User.Role.ADMIN)
        person.groups.add(Group.objects.get(name=role))
    return [
        {"role": role.lower(), "email": email, "password": PASSWORD} for role, (_, email) in STAFF.items()
    ]
