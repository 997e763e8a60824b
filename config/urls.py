"""The one table of addresses. Interface languages other than the default have a prefix, as in ``/fr/letters/``."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import path

from config import views as site
from letters import documentviews as documents
from letters import mailpages, proof
from letters import views as letters
from letters.hooks import bounce_hook
from signatories.views import circulation, copies, directory, invitations, lists, news, reaffirming, signing

urlpatterns = [
    path("admin/", admin.site.urls),
    path("theme.css", site.theme, name="theme"),
    path("robots.txt", site.robots, name="robots"),
    path("sitemap.xml", site.sitemap, name="sitemap"),
    path("favicon.ico", site.favicon),
    path(".well-known/security.txt", site.security, name="security"),
    path("healthz", site.healthz, name="healthz"),
    path("readyz", site.readyz, name="readyz"),
    path("hooks/bounces/", bounce_hook, name="bounce_hook"),
    path("mail/", mailpages.mail_list, name="mail_list"),  # while the site is tried out
    path("mail/<str:name>/", mailpages.mail_page, name="mail_page"),
    path("hooks/bounces/mime", bounce_hook, name="bounce_hook_mime"),
]

urlpatterns += i18n_patterns(
    path("", letters.letter_list, name="letters"),
    path("letters/<slug:slug>/", letters.letter_page, name="letter"),
    path("letters/<slug:slug>/in/<slug:language>/", letters.letter_in, name="letter_in"),
    path("letters/<slug:slug>/versions/<int:number>/text.txt", letters.version_text, name="version_text"),
    path("letters/<slug:slug>/versions/", letters.versions, name="versions"),
    path("letters/<slug:slug>/deliveries/<int:number>/", proof.delivery, name="delivery"),
    path("letters/<slug:slug>/deliveries/<int:number>/<str:name>", proof.delivery_file, name="delivery_file"),
    path("letters/<slug:slug>/responses/<int:pk>/<str:name>", proof.response_file, name="response_file"),
    path("letters/<slug:slug>/picture/<str:name>", letters.picture, name="picture"),
    *(
        path(
            f"letters/<slug:slug>/{place}letter.{form}", documents.letter_document, {"form": form}, name=name
        )
        for form in ("pdf", "docx", "txt")
        for place, name in (("", f"letter_{form}"), ("in/<str:language>/", f"letter_in_{form}"))
    ),
    path("letters/<slug:slug>/sign/", signing.sign, name="sign"),
    path("letters/<slug:slug>/sign/received/", signing.received, name="received"),
    path("letters/<slug:slug>/signatories/", lists.signatories, name="signatories"),
    path("letters/<slug:slug>/signatories/versions/<int:number>/", lists.earlier, name="earlier_signatories"),
    path("letters/<slug:slug>/signatories/list/", lists.list_fragment, name="list_fragment"),
    path("letters/<slug:slug>/signatories.csv", lists.as_csv, name="signatories_csv"),
    path("letters/<slug:slug>/signatories.json", lists.as_json, name="signatories_json"),
    path("letters/<slug:slug>/state.json", lists.state, name="state"),
    path("circulation/<str:key>/", circulation.circulation_page, name="circulation"),
    path("circulation/<str:key>/text.txt", letters.circulation_text, name="circulation_text"),
    path("circulation/<str:key>/versions/", letters.circulation_versions, name="circulation_versions"),
    path(
        "circulation/<str:key>/versions/<int:number>/text.txt",
        letters.circulation_text,
        name="circulation_version_text",
    ),
    path("circulation/<str:key>/picture", letters.circulation_picture, name="circulation_picture"),
    path("circulation/<str:key>/sign/", circulation.circulation_sign, name="circulation_sign"),
    path(
        "circulation/<str:key>/sign/received/", circulation.circulation_received, name="circulation_received"
    ),
    path("invitations/<str:key>/", invitations.invitation, name="invitation"),
    path("invitations/<str:key>/text.txt", invitations.invitation_text, name="invitation_text"),
    path("invitations/<str:key>/versions/", invitations.invitation_versions, name="invitation_versions"),
    path(
        "invitations/<str:key>/versions/<int:number>/text.txt",
        invitations.invitation_text,
        name="invitation_version_text",
    ),
    path("invitations/<str:key>/picture", invitations.invitation_picture, name="invitation_picture"),
    path("invitations/<str:key>/sign/", invitations.invitation_sign, name="invitation_sign"),
    path("invitations/<str:key>/sign/received/", invitations.invitation_received, name="invitation_received"),
    path("invitations/<str:key>/decline/", invitations.invitation_decline, name="invitation_decline"),
    path("invitations/<str:key>/stop/", invitations.invitation_stop, name="invitation_stop"),
    path("signatures/<str:key>/confirm/", signing.confirm, name="confirm"),
    path("signatures/<str:key>/reaffirm/", reaffirming.reaffirm, name="reaffirm"),
    path("signatures/<str:key>/stop/", news.stop, name="stop_news"),
    path("signatures/<str:key>/data.json", copies.signature_data, name="signature_data"),
    path("signatures/<str:key>/", signing.signature, name="signature"),
    path("digests/<str:key>/stop/", news.stop_digests, name="digest_stop"),
    path("verify/", proof.verify_form, name="verify_form"),
    path("verify/<str:code>/", proof.verify, name="verify"),
    path("organisations/", directory.organisation_list, name="organisations"),
    path("organisations/suggest/", directory.suggestions, name="suggest"),
    path("organisations/<slug:slug>/", directory.organisation_page, name="organisation"),
    path("organisations/<slug:slug>/logo/<str:name>", directory.organisation_logo, name="organisation_logo"),
    path("privacy/", site.privacy, name="privacy"),
    prefix_default_language=False,
)

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.broken"
