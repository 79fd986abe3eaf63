from rest_framework import serializers

from aqad.lib.api.serializers import Input


class PayInput(Input):
    checkout = serializers.CharField(max_length=24)
    method = serializers.CharField(max_length=20)
