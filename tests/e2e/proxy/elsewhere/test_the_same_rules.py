"""What holds for an agent on the gateway's machine holds for one on another: the same tests, a longer way."""

from __future__ import annotations

from tests.e2e.proxy.test_clients import (
    test_curl_gets_the_answer_and_the_provider_the_credential,
    test_httpx_keeps_one_connection_for_many_requests,
    test_requests_passes_with_its_http_1_0_connect,
    test_the_agents_own_placeholder_key_never_leaves,
)
from tests.e2e.proxy.test_standing import (
    test_a_replaced_key_is_used_from_the_next_request_on,
    test_a_revoked_grant_stops_the_next_request_on_the_same_connection,
)
from tests.e2e.proxy.test_streams import (
    test_a_request_streams_up_while_it_is_being_made,
    test_an_event_arrives_before_the_stream_ends,
    test_large_bodies_arrive_whole_in_both_directions,
)

__all__ = [
    "test_a_replaced_key_is_used_from_the_next_request_on",
    "test_a_request_streams_up_while_it_is_being_made",
    "test_a_revoked_grant_stops_the_next_request_on_the_same_connection",
    "test_an_event_arrives_before_the_stream_ends",
    "test_curl_gets_the_answer_and_the_provider_the_credential",
    "test_httpx_keeps_one_connection_for_many_requests",
    "test_large_bodies_arrive_whole_in_both_directions",
    "test_requests_passes_with_its_http_1_0_connect",
    "test_the_agents_own_placeholder_key_never_leaves",
]
