"""Countries and their parts by the names people say."""

import pytest

from tricorn.catalogue.countries import said_country


@pytest.mark.parametrize(
    ("country", "part", "said"),
    [
        ("DE", None, "Germany"),
        ("DE", "BE", "Germany (Berlin)"),
        ("DE", "ZZ", "Germany (ZZ)"),
        ("QQ", None, "QQ"),
    ],
)
def test_a_code_is_said_by_its_name(country, part, said):
    assert said_country(country, part) == said
