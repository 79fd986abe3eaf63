from aqad.demo.goods import PEPSI
from aqad.demo.packshots import pack_shot
from aqad.story import telling
from aqad.story.stage import Stage, check, expect_audit, expect_stock


def play(stage: Stage) -> None:
    ahmed = stage.vendor
    telling.scene("Ahmed lists Pepsi by the carton, cheaper from fifty and from a hundred on.")
    product = ahmed.post(
        "/api/products",
        {
            "name": PEPSI.name,
            "name_ar": PEPSI.name_ar,
            "description": PEPSI.description,
            "sku": PEPSI.sku,
            "barcode": PEPSI.barcode,
            "price": PEPSI.price,
            "quantity": PEPSI.quantity,
            "category": PEPSI.category,
            "brand": PEPSI.brand,
            "pack_size": PEPSI.pack,
            "price_tiers": [{"min_quantity": quantity, "price": price} for quantity, price in PEPSI.tiers],
        },
        expect=201,
        show=("id", "name", "price", "currency", "available", "status"),
    )
    stage.product = product["id"]
    check("cartons on sale", product["available"], 500)
    expect_audit(stage, stage.product, f"Vendor {stage.vendor_code} created Product {stage.product}")
    expect_stock(stage, on_hand=500, reserved=0)
    _add_picture(stage)


def _add_picture(stage: Stage) -> None:
    telling.scene("The product gets a picture; anyone may see it, and caches may keep it for ever.")
    drawn = pack_shot(PEPSI.look, PEPSI.wording)
    image = stage.vendor.post(
        f"/api/products/{stage.product}/images",
        {"alt": "A can of Pepsi"},
        files={"image": ("pepsi.png", drawn, "image/png")},
        expect=201,
        show=("id", "alt", "width", "height"),
    )
    shown = stage.vendor.download(image["url"])
    check("the picture's type", shown.headers["Content-Type"], "image/png")
    check("it may be cached for ever", "immutable" in shown.headers.get("Cache-Control", ""), expected=True)
