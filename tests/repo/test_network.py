"""No test reaches the network. `.ci/run` runs this whole suite where there is none, and says so with LAB_NO_NETWORK."""

import os
import socket

import pytest


@pytest.mark.skipif("LAB_NO_NETWORK" not in os.environ, reason="only .ci/run takes the network away")
def test_there_is_no_network_to_reach() -> None:
    assert [name for _, name in socket.if_nameindex() if name != "lo"] == []
    with pytest.raises(OSError, match="unreachable"):
        socket.create_connection(("192.0.2.1", 443), timeout=1)  # an address that documentation may use (RFC 5737)
