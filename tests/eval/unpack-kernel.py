#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""unpack-kernel.py ROOT OUT: the image, the configuration and all modules below ROOT (an unpacked kernel package), one after the other
in OUT. Their strings are all that is wanted; what unpacks a vmlinuz is the first compressed stream in it that gives
an ELF file, as the kernel's scripts/extract-vmlinux has it."""
import pathlib
import subprocess
import sys

UNPACKERS = (
    (b"\xfd7zXZ\0", ["xz", "-dc", "--single-stream"]),
    (b"\x28\xb5\x2f\xfd", ["zstd", "-dcq"]),
    (b"\x1f\x8b\x08", ["gzip", "-dcq"]),
    (b"\x02\x21\x4c\x18", ["lz4", "-dc"]),
)
ARM64_IMAGE = b"ARMd"  # Documentation/arch/arm64/booting.rst: such an image is not compressed
BY_SUFFIX = {".xz": UNPACKERS[0][1][:2], ".zst": UNPACKERS[1][1], ".gz": UNPACKERS[2][1]}


def unpack(command, data):
    """What there is of it: behind the stream stands more, which the tools complain about."""
    return subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


def image(path):
    data = path.read_bytes()
    if data.startswith(b"\x7fELF") or data[0x38:0x3C] == ARM64_IMAGE:
        return data
    for magic, command in UNPACKERS:
        at = data.find(magic)
        while at >= 0:
            plain = unpack(command, data[at:])
            if plain.startswith(b"\x7fELF"):
                return plain
            at = data.find(magic, at + 1)
    sys.exit(f"{path}: no kernel is found in it")


def find(root, *patterns):
    """Debian has image and configuration in boot/ up to 13, beside the modules from 14 on."""
    return sorted(path for pattern in patterns for path in root.glob(pattern) if path.is_file())


def main():
    root, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    images = find(root, "boot/vmlinu[xz]-*", "**/lib/modules/*/vmlinu[xz]")
    if not images:
        sys.exit(f"{root}: no boot/vmlinuz-* or lib/modules/*/vmlinuz")
    with out.open("wb") as f:
        f.write(image(images[-1]))
        for path in find(root, "boot/config-*", "**/lib/modules/*/config"):
            f.write(b"\n" + path.read_bytes())
        for path in sorted(root.glob("**/lib/modules/*/**/*.ko*")):
            data = path.read_bytes()
            f.write(unpack(BY_SUFFIX[path.suffix], data) if path.suffix in BY_SUFFIX else data)


main()
