add_compile_options(-Wall -Wextra -Wconversion -Wno-sign-conversion -Werror)
# g++ 12 reports false positives of these two in optimised code of the standard library.
add_compile_options(-Wno-restrict -Wno-maybe-uninitialized)
add_link_options(-fuse-ld=mold)
# Lets ccache keep precompiled headers.
add_compile_options(-fpch-preprocess)
