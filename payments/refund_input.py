"""What somebody says who gives money back, to the API and on the page alike."""

from aqad.lib.api.serializers import Input, MoneyField
from aqad.lib.api.texts import CodeField, FreeTextField
from aqad.lib.money import FILS


class RefundInput(Input):
    amount = MoneyField(min_value=FILS)
    reason = FreeTextField(max_length=300)
    order = CodeField(max_length=24, required=False)
