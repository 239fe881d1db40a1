"""What every start makes sure of in Temporal: retention and search attributes. Done twice, it changes nothing."""

from datetime import timedelta

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

NAMESPACE = "jiannuo"
# How long closed executions stay readable. Each continued-as-new run is a closed run, so the server's day is too short.
RETENTION = timedelta(days=90)

CASE = SearchAttributeKey.for_keyword("JiannuoCase")
STAGE = SearchAttributeKey.for_keyword("JiannuoStage")
REGION = SearchAttributeKey.for_keyword("JiannuoRegion")
DUE = SearchAttributeKey.for_datetime("JiannuoDue")

SEARCH_ATTRIBUTES = {
    CASE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    STAGE.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    REGION.name: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    DUE.name: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
}


async def prepare_namespace(client: Client) -> None:
    """Raises temporalio's RPCError while the server or the namespace is not there yet."""
    await _add_search_attributes(client)
    retention = Duration()
    retention.FromTimedelta(RETENTION)
    await client.workflow_service.update_namespace(
        UpdateNamespaceRequest(
            namespace=client.namespace, config=NamespaceConfig(workflow_execution_retention_ttl=retention)
        )
    )


async def _add_search_attributes(client: Client) -> None:
    present = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = {name: kind for name, kind in SEARCH_ATTRIBUTES.items() if name not in present.custom_attributes}
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
