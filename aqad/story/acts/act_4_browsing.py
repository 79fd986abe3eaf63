from aqad.story import telling
from aqad.story.stage import Stage, check, expect_audit, expect_mail


def play(stage: Stage) -> None:
    fatima = stage.retailer
    telling.scene(f"{fatima.name} registers Fresh Mart Supermarket; retailers may start at once.")
    _register(stage)
    signed_in = fatima.sign_in()
    check("signed in for", signed_in["user"]["code"], stage.retailer_code)

    telling.scene("She searches with a typing error, then in Arabic.")
    for words in ("pespi 330", "بيبسي"):
        found = fatima.get(
            f"/api/products?search={words}&vendor={stage.vendor_code}",
            show=("count", "results.0.id", "results.0.name", "results.0.price"),
        )
        check("found", found["results"][0]["id"], stage.product)

    telling.scene("She reads the product page.")
    product = fatima.get(
        f"/api/products/{stage.product}",
        show=("name", "pack_size", "price", "price_tiers", "vendor.company_name", "available"),
    )
    check("the vendor", product["vendor"]["id"], stage.vendor_code)
    check("pictures", len(product["images"]), 1)

    telling.scene("Listing a product is not for retailers.")
    refusal = fatima.post("/api/products", {"name": "My own cola"}, expect=403)
    check("the reason", refusal["code"], "forbidden")


def _register(stage: Stage) -> None:
    fatima = stage.retailer
    retailer = fatima.post(
        "/api/retailer/register",
        {
            "name": fatima.name,
            "email": fatima.email,
            "phone": "+971 50 765 4321",
            "password": fatima.password,
            "company_name": "Fresh Mart Supermarket",
            "trn": "100123450500003",
            "address": {
                "label": "Store",
                "line1": "Shop 3, Al Wasl Road",
                "area": "Jumeirah 1",
                "city": "Dubai",
                "emirate": "DXB",
            },
        },
        expect=201,
        show=("id", "status", "company_name"),
    )
    stage.retailer_code = code = retailer["id"]
    check("the retailer", retailer["status"], "active")
    expect_audit(stage, code, f"Retailer {code} registered Retailer {code}")
    expect_mail(stage, fatima, "Please confirm your e-mail address")
