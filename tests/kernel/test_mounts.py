"""Which file system a path lies on, by what different systems say of their mounts."""

import sys
from pathlib import Path

import pytest

from crmcli.kernel import mounts

LINUX = """\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 27 0:30 / /srv/team rw,relatime shared:5 - nfs4 nas:/team rw,vers=4.2
31 27 0:31 / /srv/team/local rw - xfs /dev/vdb rw
32 27 0:32 / /srv/two\\040words rw - cifs //nas/two\\040words rw
33 27 0:33 / /home/ada/remote rw - fuse.sshfs ada@nas:/ rw
34 27 0:34 / /mnt/c rw - 9p C:\\134 rw,aname=drvfs
35 27 0:35 / /mnt/ntfs rw - fuseblk /dev/sdb1 rw
36 27 0:36 / /mnt/twice rw - ext4 /dev/sdc rw
37 36 0:37 / /mnt/twice rw - cifs //nas/twice rw
"""
MAC = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//ada@nas/crm (old) on /Volumes/crm (old) (smbfs, nodev, nosuid, mounted by ada)
nas:/team on /Volumes/team (nfs, automounted)
/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)
"""


@pytest.mark.parametrize(
    ("table", "path", "kind"),
    [
        (LINUX, "/home/ada/crm.db", ""),
        (LINUX, "/srv/team/crm.db", "nfs4"),
        (LINUX, "/srv/team", "nfs4"),
        (LINUX, "/srv/teams/crm.db", ""),
        (LINUX, "/srv/team/local/crm.db", ""),
        (LINUX, "/srv/two words/crm.db", "cifs"),
        (LINUX, "/home/ada/remote/x/crm.db", "fuse.sshfs"),
        (LINUX, "/mnt/c/Users/ada/crm.db", "9p"),
        (LINUX, "/mnt/ntfs/crm.db", ""),
        (LINUX, "/mnt/twice/crm.db", "cifs"),
        (MAC, "/Users/ada/crm.db", ""),
        (MAC, "/Volumes/crm (old)/crm.db", "smbfs"),
        (MAC, "/Volumes/team/crm.db", "nfs"),
        ("", "/srv/team/crm.db", ""),
        ("nonsense\n - \n1 2 3 - x\n", "/srv/team/crm.db", ""),
    ],
)
def test_where_a_path_lies(monkeypatch: pytest.MonkeyPatch, table: str, path: str, kind: str) -> None:
    monkeypatch.setattr(mounts, "table", lambda: table)
    assert mounts.shared(path) == kind


@pytest.mark.parametrize("kind", ["NFS", "smb3", "afs", "drvfs", "fuse.rclone", "virtiofs", "vboxsf", "ceph"])
def test_what_is_shared(kind: str) -> None:
    assert mounts.is_shared(kind)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "apfs", "tmpfs", "overlay", "fuseblk", "ntfs3", ""])
def test_what_is_this_machines(kind: str) -> None:
    assert not mounts.is_shared(kind)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the table of Linux")
def test_a_link_counts_for_what_it_leads_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    monkeypatch.setattr(mounts, "table", lambda: f"{LINUX}38 27 0:38 / {tmp_path}/far rw - nfs nas:/far rw\n")
    assert mounts.shared(str(tmp_path / "near" / "crm.db")) == "nfs"
    assert mounts.shared(str(tmp_path / "crm.db")) == ""


def test_windows_names_servers_in_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert mounts.shared(r"\\nas\team\crm.db") == "smb"
    assert mounts.shared(r"C:\Users\ada\crm.db") == ""
    assert mounts.shared(r"\\?\C:\Users\ada\crm.db") == ""


def test_this_machine_says_what_is_mounted() -> None:
    if sys.platform.startswith("linux"):
        assert mounts.kind_of("/proc/self", mounts.table()) == "proc"


def test_what_a_program_prints(tmp_path: Path) -> None:
    program = tmp_path / "mount"
    program.write_text("#!/bin/sh\necho '/dev/disk1 on / (apfs, local)'\n")
    program.chmod(0o755)
    assert mounts.kind_of("/x", mounts._printed(str(program)).decode()) == "apfs"
