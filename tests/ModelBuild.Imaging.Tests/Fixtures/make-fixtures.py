"""Writes the pictures of this folder and, beside each, the pixels that PIL decodes from it.

Run it in this folder with Python 3 and Pillow: python3 make-fixtures.py
A file NAME.EXT has its pixels in NAME.EXT.rgb: rows of red, green and blue bytes. Transparent pictures are drawn on white, the EXIF orientation is applied,
and colour profiles are ignored.
"""
import io
import math
import os
import struct
import zlib

from PIL import Image, ImageOps

WIDTH, HEIGHT = 24, 16
ORIENTATION = 0x0112


def photo(width=WIDTH, height=HEIGHT):
    """A smooth picture with a corner that tells the eight orientations apart."""
    image = Image.new("RGB", (width, height))
    for y in range(height):
        for x in range(width):
            wave = 60 + 50 * math.sin(x / 3.1) * math.cos(y / 2.3)
            image.putpixel((x, y), (int(wave + 5 * x), int(wave + 8 * y), int(200 - 4 * x - 3 * y)))
    for y in range(4):
        for x in range(6):
            image.putpixel((x, y), (250, 20, 30))
    return image


def with_alpha(image):
    image = image.convert("RGBA")
    for y in range(image.height):
        for x in range(image.width):
            r, g, b, _ = image.getpixel((x, y))
            image.putpixel((x, y), (r, g, b, min(255, x * 11)))
    return image


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(image, depth, color, rows, chunks=b"", interlace=0):
    header = struct.pack(">IIBBBBB", image.width, image.height, depth, color, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunks + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def png_rgb16(image):
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">HHH", *[v * 257 + (7 if v < 255 else 0) for v in image.getpixel((x, y))]) for x in range(image.width))
        for y in range(image.height)
    )
    return png(image, 16, 2, rows)


def png_gray16(image):
    gray = image.convert("L")
    rows = b"".join(b"\0" + b"".join(struct.pack(">H", gray.getpixel((x, y)) * 257) for x in range(image.width)) for y in range(image.height))
    return png(image, 16, 0, rows)


def png_interlaced(image):
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    rows = b""
    for left, top, step_x, step_y in passes:
        for y in range(top, image.height, step_y):
            rows += b"\0" + b"".join(bytes(image.getpixel((x, y))) for x in range(left, image.width, step_x))
    return png(image, 8, 2, rows, interlace=1)


def png_gamma(image):
    rows = b"".join(b"\0" + b"".join(bytes(image.getpixel((x, y))) for x in range(image.width)) for y in range(image.height))
    return png(image, 8, 2, rows, chunks=chunk(b"gAMA", struct.pack(">I", 100000)))


def profile():
    """A colour profile whose red and blue are exchanged, so that a decoder that applies it cannot be missed."""

    def fixed(*values):
        return b"".join(struct.pack(">i", round(v * 65536)) for v in values)

    tags = {
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(79),
        b"cprt": b"text" + bytes(4) + b"none\0",
        b"wtpt": b"XYZ " + bytes(4) + fixed(0.9642, 1.0, 0.8249),
        b"rXYZ": b"XYZ " + bytes(4) + fixed(0.1431, 0.0606, 0.7141),
        b"gXYZ": b"XYZ " + bytes(4) + fixed(0.3851, 0.7169, 0.0971),
        b"bXYZ": b"XYZ " + bytes(4) + fixed(0.4360, 0.2225, 0.0139),
        b"rTRC": b"curv" + bytes(4) + struct.pack(">IH", 1, 0x0233),
        b"gTRC": b"curv" + bytes(4) + struct.pack(">IH", 1, 0x0233),
        b"bTRC": b"curv" + bytes(4) + struct.pack(">IH", 1, 0x0233),
    }
    offset = 128 + 4 + 12 * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        table += name + struct.pack(">II", offset + len(data), len(value))
        data += value + bytes(-len(value) % 4)
    header = struct.pack(">I4sI4s4s4s", offset + len(data), b"test", 0x02100000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp" + bytes(28)
    header += fixed(0.9642, 1.0, 0.8249)
    return header.ljust(128, b"\0") + table + data


def exif(orientation):
    tags = Image.Exif()
    tags[ORIENTATION] = orientation
    return tags.tobytes()


def pixels(path):
    image = ImageOps.exif_transpose(Image.open(path))
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        background = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(background, image)
    return image.convert("RGB").tobytes()


def main():
    rgb, gray = photo(), photo().convert("L")
    alpha = with_alpha(rgb)
    palette = rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=16)
    ink = rgb.convert("CMYK")
    frames = [rgb.rotate(180)]

    def save(name, image, **options):
        data = io.BytesIO()
        image.save(data, name.rsplit(".")[-1].replace("jpg", "jpeg"), **options)
        write(name, data.getvalue())

    def write(name, data):
        with open(name, "wb") as file:
            file.write(data)

    save("full.jpg", rgb, quality=95, subsampling=0)
    save("half.jpg", rgb, quality=90, subsampling=1)
    save("quarter.jpg", rgb, quality=90, subsampling=2)
    save("progressive.jpg", rgb, quality=90, progressive=True)
    save("gray.jpg", gray, quality=90)
    save("cmyk.jpg", ink, quality=95)
    save("profile.jpg", rgb, quality=95, subsampling=0, icc_profile=profile())
    save("odd.jpg", photo(19, 13), quality=85)
    for orientation in range(1, 9):
        save(f"orientation{orientation}.jpg", rgb, quality=95, subsampling=0, exif=exif(orientation))
    save("rgb.png", rgb)
    save("gray.png", gray)
    save("bits.png", gray.convert("1"))
    save("alpha.png", alpha)
    save("gray-alpha.png", alpha.convert("LA"))
    save("palette.png", palette)
    save("palette-alpha.png", palette, transparency=bytes(range(0, 256, 16)))
    save("profile.png", rgb, icc_profile=profile())
    save("orientation6.png", rgb, exif=exif(6))
    write("rgb16.png", png_rgb16(rgb))
    write("gray16.png", png_gray16(rgb))
    write("interlaced.png", png_interlaced(rgb))
    write("gamma.png", png_gamma(rgb))
    save("lossless.webp", rgb, lossless=True)
    save("lossy.webp", rgb, quality=90)
    save("alpha.webp", alpha, lossless=True, exact=True)
    save("animated.webp", rgb, save_all=True, append_images=frames, lossless=True)
    save("orientation6.webp", rgb, lossless=True, exif=exif(6))
    save("palette.gif", palette, interlace=0)
    save("transparent.gif", palette, transparency=3)
    save("animated.gif", palette, save_all=True, append_images=[frame.convert("P") for frame in frames])
    save("interlaced.gif", palette, interlace=1)
    save("rgb.bmp", rgb)
    save("palette.bmp", palette)
    save("gray.bmp", gray)
    save("bits.bmp", gray.convert("1"))
    save("alpha.bmp", alpha)
    save("icon.ico", photo(32, 32), sizes=[(16, 16), (32, 32)])
    save("icon-bitmap.ico", photo(32, 32), sizes=[(32, 32)], bitmap_format="bmp")

    names = [name for name in sorted(os.listdir(".")) if name.rsplit(".")[-1] in ("jpg", "png", "webp", "gif", "bmp", "ico")]
    for name in names:
        with open(name + ".rgb", "wb") as file:
            file.write(pixels(name))
    print(len(names), "pictures,", sum(os.path.getsize(name) for name in os.listdir(".")), "bytes")


main()
