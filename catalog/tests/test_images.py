"""Pictures of a product: added last, moved by position, removed; only by its vendor."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from catalog.models import Product, ProductImage
from tests import factories


def add(api: APIClient, product: Product, width: int, **more: Any) -> Any:
    image = SimpleUploadedFile("p.png", factories.png_bytes(width), "image/png")
    return api.post(f"/api/products/{product.code}/images", {"image": image, **more}, format="multipart")


def shown(api: APIClient, product: Product) -> list[int]:
    return [image["width"] for image in api.get(f"/api/products/{product.code}").json()["images"]]


def files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "public").rglob("*") if path.is_file()]


def test_images_keep_the_order_in_which_they_came(
    vendor_api: APIClient, anonymous_api: APIClient, product: Product
) -> None:
    answer = add(vendor_api, product, 10, alt="Front")
    assert answer.status_code == 201, answer.content
    assert (answer.json()["alt"], answer.json()["position"]) == ("Front", 1)
    assert shown(anonymous_api, product) == [10]
    add(vendor_api, product, 20)
    add(vendor_api, product, 30)
    assert shown(anonymous_api, product) == [10, 20, 30]


def test_files_lie_under_the_hash_of_their_content(
    vendor_api: APIClient, product: Product, tmp_path: Path
) -> None:
    url = add(vendor_api, product, 10).json()["url"]
    assert f"/media/products/{product.code}/" in url
    count = len(files(tmp_path))
    assert add(vendor_api, product, 10).json()["url"] == url
    assert len(files(tmp_path)) == count


@pytest.mark.parametrize(
    ("position", "order"), [(1, [30, 10, 20]), (0, [30, 10, 20]), (2, [10, 30, 20]), (99, [10, 20, 30])]
)
def test_an_image_moves_to_a_position_and_the_others_make_room(
    position: int, order: list[int], vendor_api: APIClient, anonymous_api: APIClient, product: Product
) -> None:
    last = [add(vendor_api, product, width).json()["id"] for width in (10, 20, 30)][-1]
    assert shown(anonymous_api, product) == [10, 20, 30]
    answer = vendor_api.patch(f"/api/products/{product.code}/images/{last}", {"position": position})
    assert answer.status_code == 200, answer.content
    assert answer.json()["position"] == order.index(30) + 1
    assert shown(anonymous_api, product) == order


def test_alt_text_changes_alone(vendor_api: APIClient, product: Product) -> None:
    image = add(vendor_api, product, 10, alt="Old").json()
    path = f"/api/products/{product.code}/images/{image['id']}"
    assert vendor_api.patch(path, {"alt": "New"}).json() == {**image, "alt": "New"}
    assert vendor_api.patch(path, {"alt": "x" * 201}).status_code == 400
    assert vendor_api.patch(path, {"position": -1}).status_code == 400
    assert vendor_api.patch(path, {"url": "http://x"}).status_code == 400


def test_a_removed_image_is_gone_and_the_others_close_up(
    vendor_api: APIClient, anonymous_api: APIClient, product: Product
) -> None:
    ids = [add(vendor_api, product, width).json()["id"] for width in (10, 20, 30)]
    path = f"/api/products/{product.code}/images/{ids[0]}"
    assert vendor_api.delete(path).status_code == 204
    assert vendor_api.delete(path).status_code == 404
    assert shown(anonymous_api, product) == [20, 30]
    assert list(ProductImage.objects.values_list("position", flat=True)) == [1, 2]


def test_removing_one_of_two_equal_images_keeps_the_file_of_the_other(
    vendor_api: APIClient, product: Product, tmp_path: Path
) -> None:
    first, second = (add(vendor_api, product, 10).json() for _turn in range(2))
    vendor_api.delete(f"/api/products/{product.code}/images/{first['id']}")
    key = ProductImage.objects.get(pk=second["id"]).key
    assert (tmp_path / "public" / key).is_file()


def test_nobody_else_touches_the_images(
    vendor_api: APIClient,
    rival_vendor_api: APIClient,
    retailer_api: APIClient,
    anonymous_api: APIClient,
    product: Product,
    tmp_path: Path,
) -> None:
    image = add(vendor_api, product, 10).json()
    path = f"/api/products/{product.code}/images/{image['id']}"
    before = len(files(tmp_path))
    for api, status in ((rival_vendor_api, 404), (retailer_api, 403), (anonymous_api, 401)):
        assert add(api, product, 20).status_code == status
        assert api.patch(path, {"alt": "mine"}).status_code == status
        assert api.delete(path).status_code == status
    assert ProductImage.objects.get().alt == ""
    assert len(files(tmp_path)) == before


def test_an_image_of_another_product_is_not_found(
    vendor_api: APIClient, product: Product, make_product: Any
) -> None:
    image = add(vendor_api, product, 10).json()
    other = make_product()
    assert vendor_api.delete(f"/api/products/{other.code}/images/{image['id']}").status_code == 404
    assert ProductImage.objects.exists()


def test_a_refused_image_leaves_nothing(vendor_api: APIClient, product: Product, tmp_path: Path) -> None:
    bad = SimpleUploadedFile("p.png", b"<script>", "image/png")
    path = f"/api/products/{product.code}/images"
    assert list(vendor_api.post(path, {"image": bad}, format="multipart").json()["errors"]) == ["image"]
    assert list(vendor_api.post(path, {"alt": "x"}, format="multipart").json()["errors"]) == ["image"]
    assert vendor_api.post(path, {"alt": "x"}).status_code == 415
    assert not ProductImage.objects.exists()
    assert not files(tmp_path)


def test_the_eleventh_image_is_refused_and_its_file_taken_back(
    vendor_api: APIClient, product: Product, tmp_path: Path
) -> None:
    for width in range(10, 20):
        assert add(vendor_api, product, width).status_code == 201
    before = len(files(tmp_path))
    refused = add(vendor_api, product, 99)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["image"])
    assert len(files(tmp_path)) == before
