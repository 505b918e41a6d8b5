"""No secret, no resource of anybody's, no registry's host and no path of a machine is in any file.

A line that needs something that looks like one (a made-up key that a test scrubs) ends in `pragma: allowlist secret`.
"""

import re
from pathlib import Path

import pytest
from detect_secrets.core.scan import scan_line
from detect_secrets.settings import transient_settings

from tests.repo.tracked import ROOT, text_of, tracked

ALLOWED = "pragma: allowlist secret"
# Of detect-secrets all but the two that judge by entropy: ids, hashes and encrypted items are random by nature.
PLUGINS = [
    f"{name}Detector"
    for name in (
        "Artifactory AWSKey AzureStorageKey DiscordBotToken GitHubToken GitLabToken JwtToken Mailchimp Npm OpenAI "
        "PrivateKey PypiToken SendGrid Slack Stripe TelegramBotToken TwilioKey"
    ).split(" ")
]
OURS = {
    "a resource's host": r"(?i)(?<![\w-])(?!(?:YOUR-RESOURCE-NAME|my-resource|somebody-else|lab)\.)[a-z0-9][a-z0-9-]+"
    r"\.(?:openai|services\.ai|cognitiveservices)\.azure\.com",
    "a storage account's host": r"(?i)(?<![\w-])(?!YOUR-STORAGE-NAME\.)[a-z0-9-]+"
    r"\.(?:blob|file|queue|table)\.core\.windows\.net",
    "a tenant, subscription or client id": r"(?i)\b(?!0{8}-|123e4567-)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    "a bearer token": r"(?i)\bBearer\s+(?!\*)[\w.~+/-]{16,}",
    "an api key": r"""(?i)\b(?:api[-_]?key|subscription-key)["']?\s*[:=]\s*["']?(?:[0-9a-f]{32}|[0-9A-Za-z]{84})\b""",
    "a key of OpenAI's, Hugging Face's or GitHub's": r"\b(?:sk-|hf_|gh[pousr]_)[A-Za-z0-9][\w-]{19,}",
    "a JSON web token": r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*",
    "a shared access signature": r"(?i)[?&]sig=(?!\*)[\w%+/-]{16,}",
    "an account key": r"(?i)AccountKey=(?!\*)[\w+/=]{16,}",
    "a client secret": r"""(?i)client[-_]?secret["']?\s*[:=]\s*["']?[\w.~-]{30,}""",
    "a password in an address": r"://(?!name:)[\w.-]+:(?!\*)[\w.!$-]{3,}@[\w.-]+",
    "a package registry's host": r"(?i)\b(?:[\w-]+\.)*(?:pypi|pythonhosted|npmjs|crates|rubygems|anaconda)"
    r"\.(?:org|com|io)\b|\b(?:deb|security|ftp)\.debian\.org\b",
    "a path of somebody's machine": r"(?<![\w.~-])(?:/home/(?!you\b)[a-z][\w-]*/|/Users/(?!you\b)\w+/|/(?:root|work)/"
    r"|[A-Z]:\\{1,2}Users\\{1,2}(?!you\b)\w+)",
}


def findings(text: str) -> list[str]:
    """What is in this text that should not be, in words, with its line."""
    found = []
    before = ""
    for number, line in enumerate(text.splitlines(), 1):
        # Of a request, not of a tenant: on the line of its header's name, or on the next one.
        request_id = bool(re.search("request[- ]id", line)) or before.rstrip().endswith("request-id:")
        before = line
        if ALLOWED in line:
            continue
        kinds = {what: p for what, p in OURS.items() if not (request_id and what.startswith("a tenant"))}
        found += [f"line {number}: {what}: {m[0][:60]}" for what, p in kinds.items() for m in re.finditer(p, line)]
        if len(line) < 5_000:  # longer ones are pictures
            found += [f"line {number}: {secret.type}" for secret in scan_line(line)]
    return found


@pytest.fixture(autouse=True)
def detectors():
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS]}):
        yield


def test_no_file_has_any() -> None:
    locks = {ROOT / "requirements.txt", ROOT / "requirements-test.txt"}
    files = [file for file in tracked() if file not in locks]
    found = [f"{file.relative_to(ROOT)}, {finding}" for file in files for finding in findings(text_of(file))]
    assert not found, "\n".join(found)


SAMPLES = [
    "https://contoso-eastus.openai.azure.com/openai/v1/",  # pragma: allowlist secret
    "https://contoso.services.ai.azure.com/api/projects/x",  # pragma: allowlist secret
    "https://contosodata.blob.core.windows.net/riders",  # pragma: allowlist secret
    "tenant 72f988bf-86f1-41af-91ab-2d7cd011db47",  # pragma: allowlist secret
    "Authorization: Bearer abcdefghijklmnop1234",  # pragma: allowlist secret
    "api-key: 0123456789abcdef0123456789abcdef",  # pragma: allowlist secret
    'api_key="' + "Ab1" * 28 + '"',
    "https://ana:hunter2@example.org",  # pragma: allowlist secret
    "sk-proj-abcdefghijklmnopqrstuvwx",  # pragma: allowlist secret
    "hf_abcdefghijklmnopqrstuvwxyz",  # pragma: allowlist secret
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl",  # pragma: allowlist secret
    "https://x/y.png?sv=2024&sig=abcdefghijklmnop%2Bqr",  # pragma: allowlist secret
    "AccountKey=abcdefghijklmnop0123456789==",  # pragma: allowlist secret
    "client_secret = 'abcdefghijklmnopqrstuvwxyz0123456789'",  # pragma: allowlist secret
    "AKIAIOSFODNN7EXAMPLF",  # pragma: allowlist secret
    "-----BEGIN RSA PRIVATE KEY-----",  # pragma: allowlist secret
    "https://files.python" + "hosted.org/packages/x.whl",
    "File /home/ana/lab/notebooks/x.py",  # pragma: allowlist secret
    r"C:\Users\ana\lab",  # pragma: allowlist secret
]


@pytest.mark.parametrize("line", SAMPLES)
def test_each_kind_would_be_found(line: str) -> None:
    assert findings(line) != []
    assert findings(f"{line}  # {ALLOWED}") == []


@pytest.mark.parametrize(
    "line",
    [
        "https://YOUR-RESOURCE-NAME.openai.azure.com/openai/v1/",
        "Authorization: Bearer ****",
        "https://ai.azure.com/.default",
        "00000000-0000-0000-0000-000000000000",
        "/home/you/lab",
        "resp_0123456789abcdef0123456789abcdef0123456789abcdef",
        "x-request-id: 97cc4c6c-3804-4af4-aed6-f42729556cb9",
        "      apim-request-id:\n      - 97cc4c6c-3804-4af4-aed6-f42729556cb9",
    ],
)
def test_stand_ins_are_let_be(line: str) -> None:
    assert findings(line) == []


def test_an_id_two_lines_below_a_request_s_is_somebody_s() -> None:
    assert (
        len(findings("x-request-id:\n- 97cc4c6c-3804-4af4-aed6-f42729556cb9\n- 72f988bf-86f1-41af-91ab-2d7cd011db47"))
        == 1
    )


def test_a_file_with_one_would_be_found(tmp_path: Path) -> None:
    file = tmp_path / "cell.py"
    file.write_text("fine\nkey = 'AccountKey=" + "a" * 20 + "'\n")
    assert findings(text_of(file)) == ["line 2: an account key: AccountKey=" + "a" * 20]
