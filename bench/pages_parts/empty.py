"""The peer: our own frame around nothing, with one indexed query. URLs of the bench alone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from banso.config.urls import urlpatterns as real
from banso.core.access import Request, requires
from banso.customers.models import Customer


@requires("customers.read")
def empty(request: Request) -> HttpResponse:
    Customer.objects.order_by("name_sort", "pk").first()
    return render(request, "base.html")


urlpatterns = [*real, path("bench/empty", empty)]
