from django.apps import AppConfig

from tricorn.journal import triggers


class KnowledgeConfig(AppConfig):
    name = "tricorn.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from tricorn.knowledge import index

        triggers.keep("knowledge_articleversion")
        index.register()
