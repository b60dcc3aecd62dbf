from django.apps import AppConfig
from django.core import checks


class AccountsConfig(AppConfig):
    name = "wuzha.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wuzha.web.accounts.setting_checks import find_dangers  # noqa: PLC0415 - settings are whole by now

        checks.register(find_dangers, checks.Tags.security)
