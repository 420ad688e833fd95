import pytest

from heterobuild.errors import UsageError
from heterobuild.memory import available_memory, estimate_text, require_memory
from heterobuild.model import Estimate

GB = 10**9


@pytest.fixture
def system(tmp_path):
    """Return a function that writes what a kernel would say, and the two folders of it."""

    def system(files):
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        return tmp_path / "proc", tmp_path / "cgroup"

    return system


MEMINFO = {"proc/meminfo": "MemTotal: 9000000 kB\nMemAvailable:    4000000 kB\n"}


def test_the_kernel_says_what_is_free(system):
    assert available_memory(*system(MEMINFO)) == 4_000_000 * 1024


@pytest.mark.parametrize(
    ("files", "left"),
    [
        # a container: the limit is that of the root that it sees
        (
            {
                "proc/self/cgroup": "0::/\n",
                "cgroup/memory.max": "3000000000\n",
                "cgroup/memory.current": "1000000000\n",
                "cgroup/memory.stat": "anon 5\ninactive_file 200000000\n",
            },
            2_200_000_000,
        ),
        # a job of a batch system: the limit stands above the group of the process
        (
            {
                "proc/self/cgroup": "0::/slurm/job_7/step_0\n",
                "cgroup/slurm/job_7/memory.max": "2000000000",
                "cgroup/slurm/job_7/memory.current": "500000000",
                "cgroup/slurm/job_7/step_0/memory.max": "max",
                "cgroup/slurm/job_7/step_0/memory.current": "500000000",
            },
            1_500_000_000,
        ),
        # the same in version 1
        (
            {
                "proc/self/cgroup": "3:cpu,cpuacct:/x\n4:memory:/slurm/job_7\n0::/\n",
                "cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
                "cgroup/memory/memory.usage_in_bytes": "0",
                "cgroup/memory/slurm/job_7/memory.limit_in_bytes": "1000000000",
                "cgroup/memory/slurm/job_7/memory.usage_in_bytes": "400000000",
                "cgroup/memory/slurm/job_7/memory.stat": "total_inactive_file 100000000",
            },
            700_000_000,
        ),
        # no limit
        (
            {
                "proc/self/cgroup": "4:memory:/\n0::/\n",
                "cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
                "cgroup/memory/memory.usage_in_bytes": "400000000",
            },
            4_000_000 * 1024,
        ),
    ],
    ids=["container", "job", "version 1", "no limit"],
)
def test_limits_of_control_groups_count(system, files, left):
    assert available_memory(*system(MEMINFO | files)) == left


def test_a_system_that_tells_nothing_gives_the_whole_memory(system):
    import os

    installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert available_memory(*system({})) == installed


def test_this_machine_has_some_memory_left():
    import os

    installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    assert 0 < available_memory() <= installed


def test_what_does_not_fit_is_refused_with_what_would():
    big = Estimate(atoms=20_000_000, memory=12 * GB)
    with pytest.raises(UsageError) as error:
        require_memory(big, available=3 * GB)
    assert str(error.value) == (
        "the model does not fit in memory; found about 20 million atoms, 12 GB of memory; "
        "allowed 3 GB, which is free now, for about 5 million atoms. "
        "Next: make the model smaller, or use a machine with 12 GB free"
    )
    assert error.value.exit_code == 2
    require_memory(big, available=12 * GB)


def test_estimates_in_words():
    assert estimate_text(Estimate(atoms=999, memory=2_500_000)) == (
        "about 999 atoms, 2.5 MB of memory"
    )
    assert estimate_text(Estimate(atoms=12_345_678, memory=9_123_000_000)) == (
        "about 12.3 million atoms, 9.12 GB of memory"
    )
