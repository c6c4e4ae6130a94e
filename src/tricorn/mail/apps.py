from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "tricorn.mail"
    label = "mail"

    def ready(self) -> None:
        from tricorn.journal.reactors import register
        from tricorn.mail.reactor import KINDS, react

        register("mail", KINDS, react)

        from tricorn.mail import consent
        from tricorn.mail.incoming import checks as tries
        from tricorn.tickets import checks

        checks.register("imap", tries.check_imap)
        checks.register("lmtp", tries.check_lmtp)
        checks.register_consent(consent.consent_url, consent.exchange)
