"""What somebody says who gives money back, to the API and on the page alike."""

from rest_framework import serializers

from aqad.lib.api.serializers import Input, MoneyField
from aqad.lib.money import FILS


class RefundInput(Input):
    amount = MoneyField(min_value=FILS)
    reason = serializers.CharField(max_length=300)
    order = serializers.CharField(max_length=24, required=False)
