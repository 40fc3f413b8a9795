"""Addresses of the register of paper files and keys, and of files."""

from django.urls import URLPattern, path

from recoup.interfaces.web.views import custody, files

urlpatterns: list[URLPattern] = [
    path("custody", custody.custody, name="custody"),
    path("custody/new", custody.register, name="custody_register"),
    path("custody/mine", custody.held, name="custody_held"),
    path("custody/<int:item_id>", custody.item, name="custody_item"),
    path("custody/<int:item_id>/borrow", custody.borrow, name="custody_borrow"),
    path("custody/<int:item_id>/prolong", custody.prolong, name="custody_prolong"),
    path("custody/<int:item_id>/return", custody.give_back, name="custody_return"),
    path("custody/<int:item_id>/move", custody.move, name="custody_move"),
    path("custody/<int:item_id>/hand-over", custody.hand_over, name="custody_hand_over"),
    path("files", files.files_state, name="files_state"),
    path("files/<int:file_id>", files.file, name="file"),
]
