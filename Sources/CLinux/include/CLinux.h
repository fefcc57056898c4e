// System calls that the C library of Debian 12 declares variadic, not at all, or in a way that Swift can't import.
#pragma once
