"""encrypted_content: really encrypted, and refused when tampered with or sealed by another service."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import OrderedDict
from collections.abc import Sequence

from . import errors

_MOST_ADOPTED = 10_000


class Sealer:
    """Seals reasoning and compaction with a key of this service's own (Fernet: AES-128-CBC and HMAC-SHA256)."""

    def __init__(self, secret: str) -> None:
        self._key = hashlib.sha256(f"responses-lab {secret}".encode()).digest()
        self._adopted: OrderedDict[str, tuple[str, list[str]]] = OrderedDict()

    def seal(self, item_id: str, texts: Sequence[str]) -> str:
        """Return the sealed form of `texts`; the same item id and texts give the same form."""
        from cryptography.fernet import Fernet  # only where something is sealed

        data = json.dumps([item_id, list(texts)], ensure_ascii=False).encode()
        nonce = hashlib.blake2b(data, key=self._key, digest_size=16).digest()
        # Fernet's public method takes a random nonce, which would make every re-recording differ.
        token: bytes = Fernet(base64.urlsafe_b64encode(self._key))._encrypt_from_parts(data, 0, nonce)
        return token.decode()

    def adopt(self, item_id: str, sealed: str, texts: Sequence[str]) -> None:
        """Take a recorded form for one of ours that holds `texts`: another service sealed it, with a key of its own."""
        self._adopted[sealed] = (item_id, list(texts))
        while len(self._adopted) > _MOST_ADOPTED:
            self._adopted.popitem(last=False)

    def open(self, sealed: str, item_id: str, param: str) -> list[str]:
        """Return the texts; raises ApiError 400 invalid_encrypted_content where this service did not seal them."""
        from cryptography.fernet import Fernet, InvalidToken

        # Without an id the content itself is named: gAAA...Vw== (openai/codex 25290, 2026).
        named = f"for item {item_id}" if item_id else f"{sealed[:4]}...{sealed[-4:]}"
        try:
            if sealed in self._adopted:
                sealed_id, texts = self._adopted[sealed]
            else:
                fernet = Fernet(base64.urlsafe_b64encode(self._key))
                sealed_id, texts = json.loads(fernet.decrypt(sealed.encode()))
        except (InvalidToken, ValueError, UnicodeEncodeError):
            raise errors.invalid(
                f"The encrypted content {named} could not be verified. Reason: Encrypted content could not be "
                "decrypted or parsed.",
                param,
                "invalid_encrypted_content",
            ) from None
        if item_id and sealed_id != item_id:
            raise errors.invalid(
                f"The encrypted content {named} could not be verified. Reason: Encrypted content item_id did not match "
                "the target item id.",
                param,
                "invalid_encrypted_content",
            )
        return [str(text) for text in texts]
