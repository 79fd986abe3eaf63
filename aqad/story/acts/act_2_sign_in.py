from aqad.story import telling
from aqad.story.stage import Stage, check


def play(stage: Stage) -> None:
    ahmed = stage.vendor
    telling.scene("A wrong password first: one answer, whether the e-mail is known or not.")
    refusal = ahmed.post("/api/auth/login", {"email": ahmed.email, "password": "not-this-one"}, expect=401)
    check("the reason", refusal["code"], "invalid_credentials")

    telling.scene("With the right one there are two tokens: one for the calls, one to renew it.")
    signed_in = ahmed.sign_in()
    check("signed in for", signed_in["user"]["code"], stage.vendor_code)
    me = ahmed.get("/api/auth/me", show=("email", "name", "role"))
    check("the role", me["role"], "vendor")

    telling.scene("Renewing uses up the old refresh token.")
    renewed = ahmed.post("/api/auth/refresh", {"refresh": signed_in["refresh"]}, show=("access",))
    check("the new refresh token is another", renewed["refresh"] != signed_in["refresh"], expected=True)
    ahmed.session.headers["Authorization"] = f"Bearer {renewed['access']}"
