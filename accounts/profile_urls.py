from django.urls import path

from accounts import own_second_factor, profile, session_pages

urlpatterns = [
    path("account/profile", profile.profile, name="profile"),
    path("account/second-factor", own_second_factor.overview, name="own-second-factor"),
    path("account/second-factor/set-up", own_second_factor.set_up, name="own-second-factor-set-up"),
    path("account/sessions", session_pages.own_sessions, name="own-sessions"),
    path("account/sessions/end-others", session_pages.end_others, name="end-other-sessions"),
    path("account/sessions/<uuid:session>/end", session_pages.end_session, name="end-session"),
]
