from aqad.lib.api.serializers import Input
from aqad.lib.api.texts import CodeField


class PayInput(Input):
    checkout = CodeField(max_length=24)
    method = CodeField(max_length=20)
