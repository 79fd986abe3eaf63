from aqad.demo import papers
from aqad.story import telling
from aqad.story.http import Person
from aqad.story.stage import Stage, check, expect_audit, expect_mail

COMPANY = "Ahmed Foods LLC"
LICENCE, TRN, AUTHORITY = "CN-1024567", "100234567300003", "Dubai Economy and Tourism"


def play(stage: Stage) -> None:
    telling.scene(f"{stage.vendor.name} of {COMPANY} applies, with two documents.")
    _register(stage)
    telling.scene("Nobody has looked at the documents yet, so signing in is refused.")
    ahmed = stage.vendor
    who = {"email": ahmed.email, "password": ahmed.password}
    refusal = ahmed.post("/api/auth/login", who, expect=403)
    check("the reason", refusal["code"], "account_pending_approval")
    telling.scene("An admin opens the documents, accepts each, and approves the company.")
    _decide(stage, stage.admin)


def _register(stage: Stage) -> None:
    ahmed = stage.vendor
    stage.licence = papers.trade_licence(COMPANY, LICENCE, authority=AUTHORITY, expires="2029-05-31")
    certificate = papers.vat_certificate(COMPANY, TRN)
    application = ahmed.post(
        "/api/vendor/register",
        {
            "name": ahmed.name,
            "email": ahmed.email,
            "phone": "+971 4 234 5678",
            "password": ahmed.password,
            "company_name": COMPANY,
            "trade_license_number": LICENCE,
            "trade_license_authority": AUTHORITY,
            "trade_license_expiry_date": "2029-05-31",
            "trn": TRN,
            "emirate": "DXB",
            "address": "Warehouse 12, Al Quoz Industrial Area 3",
        },
        files={
            "trade_license": ("licence.pdf", stage.licence, "application/pdf"),
            "vat_certificate": ("vat.pdf", certificate, "application/pdf"),
        },
        expect=201,
        show=("id", "status", "company_name", "email"),
    )
    stage.vendor_code = application["id"]
    check("the application", application["status"], "pending_approval")
    expect_audit(
        stage, stage.vendor_code, f"Vendor {stage.vendor_code} registered Vendor {stage.vendor_code}"
    )
    if link := expect_mail(stage, ahmed, "We have received your application"):
        telling.scene("The mailed link shows how the application stands, without a sign-in.")
        ahmed.get(f"/api/vendor/application/{link.rsplit('/', 1)[-1]}", show=("status", "documents.0.status"))


def _decide(stage: Stage, admin: Person) -> None:
    code = stage.vendor_code
    admin.sign_in()
    vendor = admin.get(
        f"/api/vendors/{code}", show=("company_name", "documents.0.kind", "documents.0.status")
    )
    papers_of = {document["kind"]: document for document in vendor["documents"]}
    licence = admin.download(papers_of["trade_license"]["url"])
    check("the licence is the file that was sent", licence.content == stage.licence, expected=True)
    refusal = admin.post(f"/api/vendors/{code}/approve", expect=409)
    check("approving too early", refusal["code"], "documents_pending")
    for kind in ("trade_license", "vat_certificate"):
        admin.post(
            f"/api/vendors/{code}/documents/{kind}/accept", show=("documents.0.status", "documents.1.status")
        )
        expect_audit(stage, f"{code}/{kind}", f"Admin {admin.email} accepted Document {code}/{kind}")
    approved = admin.post(f"/api/vendors/{code}/approve", show=("id", "status"))
    check("the vendor", approved["status"], "active")
    expect_audit(stage, code, f"Admin {admin.email} approved Vendor {code}")
    expect_mail(stage, stage.vendor, f"{COMPANY} is approved")
