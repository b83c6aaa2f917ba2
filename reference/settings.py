"""Settings: environment (`ZHENGJI_…`), then `zhengji.toml`, then the defaults here.

Every command-line option has a setting of the same name; `docs/settings.md` lists them all.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

DATA = Path(__file__).parent / "data"


class Limits(BaseModel):
    """What an archive or a file may cost before it is refused.

    `archive-unsafe`, `file-unreadable` or, for what its reader may spend, `file-over-limits`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    archive_depth: int = Field(3, description="archives inside archives, at most")
    archive_members: int = Field(1000, description="members of one archive, at most")
    archive_bytes: int = Field(512 * 1024**2, description="bytes one message may unpack to, at most")
    archive_ratio: int = Field(200, description="expansion of a member, at most, once it exceeds 1 MiB")
    table_rows: int = Field(20_000, description="rows of one table that are read, at most")
    upload_bytes: int = Field(64 * 1024**2, description="bytes of one correction's files together, at most")
    pages: int = Field(300, description="pages of one PDF that are read, at most")
    seconds: int = Field(
        20, ge=1, description="processor seconds that reading one file may take, before what its pages earn"
    )
    page_seconds: int = Field(
        15, ge=0, description="further processor seconds for each scanned page in which a table was read"
    )
    earning_pages: int = Field(
        60, ge=0, description="scanned pages of one file that earn further seconds, at most"
    )
    message_seconds: int = Field(
        120,
        ge=1,
        description="processor seconds that the files of one message which hold no form may take together",
    )
    patience: int = Field(
        6, ge=1, description="wall-clock seconds for each processor second: other work slows a reader"
    )
    memory_bytes: int = Field(1_400_000_000, description="memory that a reader may take, at most")
    inflated_bytes: int = Field(
        256 * 1024**2, description="bytes that the streams of one file may unpack to, pictures apart"
    )
    pixels: int = Field(450_000_000, description="pixels of one stored picture that is drawn, at most")
    file_pixels: int = Field(
        4_000_000_000, description="pixels of one file's stored pictures together, at most"
    )


class Settings(BaseSettings):
    """The product's settings. Immutable; a command-line option makes a copy with its value."""

    model_config = SettingsConfigDict(
        env_prefix="ZHENGJI_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

    db: Path = Field(Path("zhengji.duckdb"), description="the database")
    out: Path = Field(Path("out"), description="folder of the reports")
    reference: Path = Field(DATA, description="folder of the reference tables")
    lang: Literal["zh", "en"] = Field("zh", description="language of what staff read; en adds English")
    workers: int = Field(os.cpu_count() or 1, ge=1, description="processes that read forms")
    batch: int = Field(25, ge=1, description="messages a task carries")
    wait_seconds: float = Field(30, ge=0, description="how long a writer waits for the database")
    libreoffice: str = Field("soffice", description="LibreOffice's command, for legacy .doc files")
    host: str = Field("127.0.0.1", description="address on which the staff's page listens")
    port: int = Field(8321, ge=1, le=65535, description="port of the staff's page")
    people: dict[str, str] = Field(
        {}, description="who may log in, by name: `zhengji password` makes the entry"
    )
    proxy_header: str = Field("", description="header in which a trusted proxy names the person at the desk")
    proxy_addresses: tuple[str, ...] = Field(
        ("127.0.0.1", "::1"), description="addresses of the proxies whose headers are believed"
    )
    public_url: str = Field(
        "", description="address at which people reach the page through a proxy, such as https://desk.example"
    )
    retention_months: int = Field(
        36, ge=1, description="months after receipt that `zhengji erase` leaves personal data in place"
    )
    limits: Limits = Limits()

    @field_validator("db")
    @classmethod
    def _itself(cls, db: Path) -> Path:
        """The database itself where a link was named: originals, readings and locks stand beside that one,
        and what puts a new file in its place would else take the link's."""
        return db.resolve() if db.is_symlink() else db

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: given values, environment, `zhengji.toml` of the working folder."""
        toml = TomlConfigSettingsSource(settings_cls, toml_file=Path("zhengji.toml"))
        return init_settings, env_settings, toml
