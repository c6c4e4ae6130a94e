"""A real mail server of the run's own: Dovecot, with IMAP and LMTP on high ports, for any name.

Whoever signs in with PASSWORD has a mailbox. Everything lives in one temporary folder.
"""

import getpass
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.beside import free_port, wait_until

PASSWORD = "quincunx"
PROGRAMS = ("dovecot", "/usr/sbin/dovecot")
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login{mechanisms}
auth_failure_delay = 0
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {group}
mail_location = maildir:{folder}/mail/%n
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
first_valid_gid = 1
{by_token}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={folder}/mail/%n allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
}}
"""

BY_TOKEN = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""


@dataclass
class Dovecot:
    """A running server. `imaps` carries a certificate that nobody vouches for."""

    folder: Path
    program: str
    imap: int
    imaps: int
    lmtp: int

    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        (self.folder / "run" / "master.pid").unlink(missing_ok=True)
        command = [self.program, "-F", "-c", str(self.folder / "dovecot.conf")]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        wait_until(lambda: is_open(self.imap) and is_open(self.lmtp))

    def stop(self) -> None:
        """End it at once, with every line that is open."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def dovecot(asks: str = "", mechanisms: str = "xoauth2 oauthbearer") -> Iterator[Dovecot]:
    """A server of one's own, gone with its folder in the end.

    With `asks`, an address that knows access tokens, it lets in by these mechanisms as well.
    """
    program = next((found for each in PROGRAMS if (found := shutil.which(each))), None)
    assert program, "Dovecot is missing: scripts/needs installs it."
    folder = Path(tempfile.mkdtemp(prefix="tricorn-dovecot-"))
    folder.chmod(0o755)
    is_root = os.geteuid() == 0
    me = getpass.getuser()
    user = pwd.getpwnam("dovecot" if is_root else me)
    server = Dovecot(folder, program, free_port(), free_port(), free_port())
    for name in ("run", "state", "mail"):
        (folder / name).mkdir()
        if is_root:
            os.chown(folder / name, user.pw_uid, user.pw_gid)
    certify(folder)
    (folder / "oauth2.conf").write_text(
        f"introspection_mode = post\nintrospection_url = {asks}\nusername_attribute = name\n"
        "active_attribute = active\nactive_value = true\n"
    )
    words = CONFIGURATION.format(
        folder=folder,
        mechanisms=f" {mechanisms}" if asks else "",
        by_token=BY_TOKEN.format(folder=folder) if asks else "",
        login_user="dovenull" if is_root else me,
        internal_user="dovecot" if is_root else me,
        group="dovecot" if is_root else user.pw_gid,
        mail_user=user.pw_uid,
        mail_group=user.pw_gid,
        password=PASSWORD,
        imap=server.imap,
        imaps=server.imaps,
        lmtp=server.lmtp,
    )
    (folder / "dovecot.conf").write_text(words)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def certify(folder: Path) -> None:
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 "
        "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
        "-keyout key.pem -out cert.pem"
    )
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
