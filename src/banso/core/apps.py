from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from banso.core import lookups


class CoreConfig(AppConfig):
    name = "banso.core"
    label = "core"

    def ready(self) -> None:
        lookups.register()
        autodiscover_modules("declares", "handlers", "imports")
