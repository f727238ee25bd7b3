"""What stands at the root of the site for search engines."""

from django.urls import path

from enforcement.register.sitemap import robots, sitemap_index, sitemap_part

urlpatterns = [
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", sitemap_index, name="sitemap"),
    path("sitemap-<slug:name>.xml", sitemap_part, name="sitemap_part"),
]
