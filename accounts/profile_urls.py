from django.urls import path

from accounts import profile, session_pages

urlpatterns = [
    path("account/profile", profile.profile, name="profile"),
    path("account/sessions", session_pages.own_sessions, name="own-sessions"),
    path("account/sessions/end-others", session_pages.end_others, name="end-other-sessions"),
    path("account/sessions/<uuid:session>/end", session_pages.end_session, name="end-session"),
]
