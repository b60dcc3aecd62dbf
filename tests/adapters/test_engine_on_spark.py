"""The same text on a cluster: Spark with two workers of their own, each a process that is sent its part."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.adapters.engine_cases import make_case
from tests.adapters.test_engines_equal import hold_equal
from wuzha.adapters.columns.spark import open_spark_here

# A case of three dozen duties: most of the time goes into starting, so one large case is asked rather than many.
DENSE = 37
# Three virtual machines that live for half a minute: none of them earns back what thorough compiling costs.
QUICK_TO_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
NO_JAVA = "Spark needs Java 17: apt-get install openjdk-17-jre-headless"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        if os.environ.get("CI") == "true":
            pytest.fail(NO_JAVA)
        pytest.skip(NO_JAVA)
    folder: Path = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", QUICK_TO_START)
        with open_spark_here("local-cluster[2,1,1024]", folder) as spark:
            yield spark


@pytest.mark.filterwarnings("default")
def test_two_workers_stand_by_the_specification(cluster: Any) -> None:
    assert cluster.sparkContext.master == "local-cluster[2,1,1024]"
    hold_equal("spark", make_case(DENSE, duties=40, records=3000))
    workers = cluster.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    assert workers == 2
