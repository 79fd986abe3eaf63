from django.urls import path

from accounts import profile

urlpatterns = [path("account/profile", profile.profile, name="profile")]
