from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from banso.core import lookups
from banso.core.per_thread import keep_per_thread


class CoreConfig(AppConfig):
    name = "banso.core"
    label = "core"

    def ready(self) -> None:
        keep_per_thread()
        lookups.register()
        autodiscover_modules("declares", "handlers", "imports")
