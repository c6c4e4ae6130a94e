"""What the machine decides: read once, and refused with one sentence that says how it is written."""

import pytest

from tricorn.config import environment


@pytest.mark.parametrize(
    ("url", "host", "port", "name", "ssl", "tls"),
    [
        ("smtp://localhost", "localhost", 25, "", False, False),
        ("smtp://mail.example.org:2525", "mail.example.org", 2525, "", False, False),
        ("smtps://desk:p%40ss@mail.example.org", "mail.example.org", 465, "desk", True, False),
        ("smtp+starttls://desk:p%40ss@[::1]", "::1", 587, "desk", False, True),
    ],
)
def test_one_address_names_the_mail_server(monkeypatch, url, host, port, name, ssl, tls):
    monkeypatch.setenv("TRICORN_SMTP", url)

    mail = environment.mail()

    assert (mail.host, mail.port, mail.name) == (host, port, name)
    assert (mail.use_ssl, mail.use_tls) == (ssl, tls)
    assert mail.password == ("p@ss" if name else "")
    assert mail.backend.endswith("outgoing.Backend")


def test_without_one_mail_is_printed(monkeypatch):
    monkeypatch.delenv("TRICORN_SMTP", raising=False)

    assert environment.mail().backend.endswith("console.EmailBackend")


@pytest.mark.parametrize("url", ["mail.example.org", "http://x", "smtp://", "smtp://x:port"])
def test_an_address_that_cannot_be_read_is_one_sentence(monkeypatch, url):
    monkeypatch.setenv("TRICORN_SMTP", url)

    with pytest.raises(SystemExit, match=r"TRICORN_SMTP cannot be read\. It is like smtp://"):
        environment.mail()


def test_the_secret_is_made_once_and_for_nobody_else(monkeypatch, tmp_path):
    monkeypatch.delenv("TRICORN_SECRET", raising=False)

    first = environment.secret(tmp_path)

    assert len(first) > 40
    assert environment.secret(tmp_path) == first
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_the_home_folder_is_made_for_nobody_else(monkeypatch, tmp_path):
    monkeypatch.setenv("TRICORN_HOME", str(tmp_path / "deep" / "home"))

    assert environment.home() == tmp_path / "deep" / "home"
    assert environment.home().stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("url", ["mysql://x/y", "tricorn.sqlite3"])
def test_a_database_of_another_kind_is_one_sentence(monkeypatch, tmp_path, url):
    monkeypatch.setenv("TRICORN_DATABASE", url)

    with pytest.raises(SystemExit, match="It reads postgresql://"):
        environment.database(tmp_path)


@pytest.mark.parametrize(("behind", "is_prepared"), [("", True), ("?prepare=no", False)])
def test_statements_are_prepared_unless_a_pooler_cannot(monkeypatch, tmp_path, behind, is_prepared):
    monkeypatch.setenv("TRICORN_DATABASE", f"postgresql://desk@db.example/house{behind}")
    options = environment.database(tmp_path)["OPTIONS"]
    assert bool(options.get("prepare_threshold")) is is_prepared
