from django.urls import path

from reports import views, workbench

urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("reports/", views.report_list, name="reports"),
    path("reports/filing/", views.filing_statistics, name="filing_statistics"),
    path("reports/filing/rows/", views.filing_statistics_rows, name="filing_statistics_rows"),
]
