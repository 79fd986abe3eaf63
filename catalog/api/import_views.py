"""Sheets of products by the API: sent, followed, confirmed, cancelled, mended; and products as a sheet."""

from typing import Any

from django.conf import settings
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from aqad.lib.api.json import Parser
from aqad.lib.api.pagination import paginate
from aqad.lib.api.serializers import Input
from aqad.lib.api.shapes import PageQuery, Shape
from aqad.lib.api.shapes import page_of as page_shape_of
from aqad.lib.api.uploads import Multipart
from aqad.lib.api.views import View
from aqad.lib.files.clean_file import CleanFile, Upload
from aqad.lib.files.fields import CleanFileField
from aqad.lib.web.bodies import with_files
from catalog import import_reads, sheet_files
from catalog.models import ImportRow, Product, ProductImport
from catalog.services import imports
from catalog.sheets.exporting import products_file
from catalog.sheets.guard import TYPES, clean_sheet
from vendors.selectors import vendor_of

FIRST_ERRORS = 100
SHEET = {(200, media_type): bytes for media_type in TYPES.values()}


class SheetField(CleanFileField):
    """A CSV or XLSX file up to settings.IMPORT_MAX_BYTES."""

    def clean(self, file: Upload) -> CleanFile:
        return clean_sheet(file)


class ImportInput(Input):
    file = SheetField(help_text="CSV or XLSX.")
    partial = serializers.BooleanField(  # type: ignore[assignment]
        default=False, help_text="Take good rows over although others are bad."
    )
    dry_run = serializers.BooleanField(default=False, help_text="Check only; confirm later.")
    correct_stock = serializers.BooleanField(
        default=False, help_text="A quantity that differs corrects the stock of a product listed already."
    )


class ConfirmInput(Input):
    partial = serializers.BooleanField(default=False)  # type: ignore[assignment]


class RowsQuery(Input):
    outcome = serializers.ChoiceField(choices=ImportRow.Outcome.choices, required=False)


class FormatQuery(Input):
    format = serializers.ChoiceField(choices=list(TYPES), required=False)


class RowErrorShape(Shape):
    row = serializers.IntegerField(help_text="As the spreadsheet counts.")
    column = serializers.CharField(help_text="The field; empty where the row as a whole is at fault.")
    message = serializers.CharField()


class RowWarningShape(Shape):
    row = serializers.IntegerField(help_text="As the spreadsheet counts.")
    message = serializers.CharField(help_text="Such as an SKU that differs from another by capitals only.")


class ImportShape(Shape):
    id = serializers.CharField()
    status = serializers.ChoiceField(choices=ProductImport.Status.choices)
    filename = serializers.CharField()
    partial = serializers.BooleanField()  # type: ignore[assignment]
    dry_run = serializers.BooleanField()
    correct_stock = serializers.BooleanField()
    problem = serializers.CharField(help_text="What is wrong with the sheet as a whole.")
    unknown_columns = serializers.ListField(child=serializers.CharField())
    hidden_sheets = serializers.ListField(
        child=serializers.CharField(), help_text="Hidden sheets of the file with products: they are not read."
    )
    total = serializers.IntegerField(allow_null=True, help_text="Rows, as far as the file says so.")
    checked = serializers.IntegerField()
    applied = serializers.IntegerField()
    new = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    refused = serializers.IntegerField()
    warned = serializers.IntegerField(help_text="Rows of any outcome with a warning.")
    errors = RowErrorShape(many=True, help_text="The first 100.")  # type: ignore[assignment]
    warnings = RowWarningShape(many=True, help_text="The first 100.")
    error_file = serializers.URLField(allow_null=True)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class ImportRowShape(Shape):
    row = serializers.IntegerField()
    outcome = serializers.ChoiceField(choices=ImportRow.Outcome.choices)
    product = serializers.CharField(allow_null=True)
    sku = serializers.CharField()
    changes = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()), help_text="Field → [old, new]."
    )
    errors = RowErrorShape(many=True)  # type: ignore[assignment]
    warnings = serializers.ListField(child=serializers.CharField())


class ImportProductsView(View):
    roles = ("vendor",)
    parser_classes = [Parser, Multipart]
    longest_body = with_files(settings.IMPORT_MAX_BYTES)

    @extend_schema(request={"multipart/form-data": ImportInput}, responses={202: ImportShape})
    def post(self, request: Request) -> Response:
        """All rows are checked; nothing is written unless all are good or `partial` is true."""
        wanted = self.input(ImportInput)
        filename = str(request.FILES["file"].name)
        made = imports.start_import(
            vendor_of(request.user), wanted.pop("file"), by=request.user, filename=filename, **wanted
        )
        return Response(import_json(import_reads.find(request.user, made.code)), status.HTTP_202_ACCEPTED)


class ExportProductsView(View):
    roles = ("vendor",)

    @extend_schema(parameters=[FormatQuery], responses=SHEET)
    def get(self, request: Request) -> HttpResponseBase:
        """The vendor's own products that are not archived, with the columns that an import takes."""
        self.query(FormatQuery)
        kind = sheet_files.kind_of(request)
        pieces = products_file(Product.objects.owned_by(request.user), kind)
        return sheet_files.download(pieces, "aqad-products", kind)


class ImportsView(View):
    roles = ("vendor",)

    @extend_schema(parameters=[PageQuery], responses=page_shape_of(ImportShape))
    def get(self, request: Request) -> Response:
        return paginate(request, ProductImport.objects.visible_to(request.user).order_by("-pk"), import_json)


class ImportView(View):
    roles = ("vendor",)

    @extend_schema(responses=ImportShape)
    def get(self, request: Request, code: str) -> Response:
        return Response(import_json(import_reads.find(request.user, code)))


class ImportRowsView(View):
    roles = ("vendor",)

    @extend_schema(parameters=[RowsQuery, PageQuery], responses=page_shape_of(ImportRowShape))
    def get(self, request: Request, code: str) -> Response:
        rows = ImportRow.objects.filter(sheet=import_reads.find(request.user, code)).order_by("number")
        outcome = self.query(RowsQuery).get("outcome")
        return paginate(request, rows.filter(outcome=outcome) if outcome else rows, row_json)


class ImportErrorsView(View):
    roles = ("vendor",)

    @extend_schema(responses=SHEET)
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """The same sheet with a column that says what is to be mended."""
        return sheet_files.errors_of(import_reads.find(request.user, code))


class ImportConfirmView(View):
    roles = ("vendor",)

    @extend_schema(request=ConfirmInput, responses=ImportShape)
    def post(self, request: Request, code: str) -> Response:
        made = import_reads.find(request.user, code)
        imports.confirm_import(made, by=request.user, **self.input(ConfirmInput))
        return Response(import_json(import_reads.find(request.user, code)))


class ImportCancelView(View):
    roles = ("vendor",)

    @extend_schema(request=None, responses=ImportShape)
    def post(self, request: Request, code: str) -> Response:
        """What was taken over before stays."""
        made = import_reads.find(request.user, code)
        imports.cancel_import(made, by=request.user)
        return Response(import_json(import_reads.find(request.user, code)))


def import_json(made: ProductImport) -> dict[str, Any]:
    plain = ("status", "filename", "partial", "dry_run", "correct_stock", "problem", "total", "checked")
    counts = ("applied", "new", "changed", "unchanged", "refused", "warned", "created_at", "ended_at")
    bad = ImportRow.objects.filter(sheet=made, outcome=ImportRow.Outcome.REFUSED).order_by("number")
    errors = [error for row in bad[:FIRST_ERRORS] for error in _errors(row)] if made.refused else []
    shown = ImportRow.objects.filter(sheet=made).exclude(warnings=[]).order_by("number")
    rows = shown[:FIRST_ERRORS] if made.warned else ()
    warnings = [{"row": row.number, "message": text} for row in rows for text in row.warnings]
    path = f"{settings.PUBLIC_URL}/api/imports/{made.code}/errors"
    return {
        "id": made.code,
        **{name: getattr(made, name) for name in (*plain, *counts)},
        "unknown_columns": made.unknown,
        "hidden_sheets": made.hidden_sheets,
        "errors": errors[:FIRST_ERRORS],
        "warnings": warnings[:FIRST_ERRORS],
        "error_file": path if made.refused and made.file else None,
    }


def row_json(row: ImportRow) -> dict[str, Any]:
    return {
        "row": row.number,
        "outcome": row.outcome,
        "product": f"{Product.CODE_PREFIX}{row.product_id}" if row.product_id else None,
        "sku": row.key,
        "changes": row.changes,
        "errors": _errors(row),
        "warnings": row.warnings,
    }


def _errors(row: ImportRow) -> list[dict[str, Any]]:
    return [{"row": row.number, "column": name, "message": text} for name, text in row.errors]
