/* SPDX-License-Identifier: MIT */
#include "media/image_format.h"

#include <string.h>

#define LONGEST 24

#define SIGNATURE(text) (text), sizeof(text) - 1

#define QEMU_IMG "qemu-img convert -O raw makes an image of it"

/* clang-format off */
static const struct image_format formats[] = {
    {"compressed with gzip", "gunzip unpacks it", 0, SIGNATURE("\x1F\x8B\x08")},
    {"compressed with xz", "unxz unpacks it", 0, SIGNATURE("\xFD" "7zXZ\0")},
    {"compressed with zstd", "unzstd unpacks it", 0, SIGNATURE("\x28\xB5\x2F\xFD")},
    {"compressed with bzip2", "bunzip2 unpacks it", 0, SIGNATURE("BZh")},
    {"compressed with lz4", "unlz4 unpacks it", 0, SIGNATURE("\x04\x22\x4D\x18")},
    {"compressed with lzip", "lzip -d unpacks it", 0, SIGNATURE("LZIP\1")},
    {"compressed with compress", "uncompress unpacks it", 0, SIGNATURE("\x1F\x9D\x90")},
    {"a zip archive", "unzip unpacks it", 0, SIGNATURE("PK\3\4")},
    {"a 7z archive", "7z x unpacks it", 0, SIGNATURE("7z\xBC\xAF\x27\x1C")},
    {"a rar archive", "unrar x unpacks it", 0, SIGNATURE("Rar!\x1A\x07")},
    {"a tar archive", "tar -x unpacks it", 257, SIGNATURE("ustar")},
    {"a qcow image", QEMU_IMG, 0, SIGNATURE("QFI\xFB")},
    {"a VMDK image", QEMU_IMG, 0, SIGNATURE("KDMV")},
    {"a VMDK image's description", QEMU_IMG, 0, SIGNATURE("# Disk DescriptorFile")},
    {"a VDI image", QEMU_IMG, 64, SIGNATURE("\x7F\x10\xDA\xBE")},
    {"a VHD image", QEMU_IMG, 0, SIGNATURE("conectix")},
    {"a VHDX image", QEMU_IMG, 0, SIGNATURE("vhdxfile")},
    {"a Parallels image", QEMU_IMG, 0, SIGNATURE("WithoutFreeSpace")},
    {"a DMG image", "dmg2img makes an image of it", -512, SIGNATURE("koly")},
    {"a CHD image", "chdman extractdvd makes an image of it", 0, SIGNATURE("MComprHD")},
    {"a CSO image", "maxcso --decompress makes an image of it", 0, SIGNATURE("CISO")},
    {"a ZSO image", "maxcso --decompress makes an image of it", 0, SIGNATURE("ZISO")},
    {"a DAA image", "poweriso makes an image of it", 0, SIGNATURE("DAA\0\0\0\0\0")},
    {"a gBurner image", "poweriso makes an image of it", 0, SIGNATURE("GBI\0")},
    {"an ISZ image", "7z x or UltraISO makes an image of it", 0, SIGNATURE("IsZ!")},
    {"a UIF image", "uif2iso makes an image of it", -64, SIGNATURE("bbis")},
    {"a Nero image", "nrg2iso makes an image of it", -12, SIGNATURE("NER5")},
    {"a Nero image", "nrg2iso makes an image of it", -8, SIGNATURE("NERO")},
    {"an EnCase image", "ewfexport makes an image of it", 0, SIGNATURE("EVF\x09\x0D\x0A\xFF\0")},
    {"an image of raw CD sectors", "a DVD has sectors of 2048 bytes: iat or mdf2iso makes them", 0,
     SIGNATURE("\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0")},
    {"the description of an Alcohol image", "the image is the .mdf beside it", 0,
     SIGNATURE("MEDIA DESCRIPTOR")},
    {"the description of a CloneCD image", "the image is the .img beside it", 0,
     SIGNATURE("[CloneCD]")},
    {"a VOB", "genisoimage -dvd-video makes an image of the folder above VIDEO_TS", 0,
     SIGNATURE("\0\0\1\xBA")},
    {"an IFO", "genisoimage -dvd-video makes an image of the folder above VIDEO_TS", 0,
     SIGNATURE("DVDVIDEO-V")},
};
/* clang-format on */

const struct image_format *image_format_find(const struct image *image)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const struct image_format *format = &formats[i];
        uint8_t bytes[LONGEST];
        off_t at = format->at < 0 ? image->bytes + format->at : format->at;
        if (at >= 0 && image_read_bytes(image, at, bytes, format->length) &&
            memcmp(bytes, format->signature, format->length) == 0)
            return format;
    }
    return NULL;
}
