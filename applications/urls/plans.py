"""Basics and the implementation plan."""

from django.urls import path

from applications.views import basics, materials, plans, tasks

_A = "applications/<uuid:public_id>"

urlpatterns = [
    path(f"{_A}/basics/", basics.basics, name="basics"),
    path(f"{_A}/basics/save/", basics.save, name="basics_save"),
    path(f"{_A}/basics/adopt/", basics.adopt, name="basics_adopt"),
    path(f"{_A}/basics/take-over/", basics.take_over_ratios, name="basics_take_over"),
    path(f"{_A}/materials/", materials.materials, name="materials"),
    path(f"{_A}/materials/make/", materials.make, name="materials_make"),
    path(f"{_A}/materials/progress/", materials.progress, name="materials_progress"),
    path(f"{_A}/materials/<str:kind>/", materials.file, name="materials_file"),
    path(f"{_A}/plan/", plans.plan, name="plan"),
    path(f"{_A}/plan/file/", plans.file, name="plan_file"),
    path(f"{_A}/plan/file/upload/", plans.upload, name="plan_upload"),
    path(f"{_A}/plan/file/remove/", plans.remove_file, name="plan_file_remove"),
    path(f"{_A}/plan/tasks/<str:kind>/", tasks.task, name="plan_task"),
    path(f"{_A}/plan/tasks/<str:kind>/remove/", tasks.remove, name="plan_task_remove"),
    path(f"{_A}/plan/<str:section>/", plans.section, name="plan_section"),
    path(f"{_A}/plan/<str:section>/save/", plans.save, name="plan_section_save"),
]
