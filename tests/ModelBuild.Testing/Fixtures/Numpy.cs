using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace ModelBuild.Testing.Fixtures;

/// <summary>Writes NumPy's files as NumPy does.</summary>
public static class Numpy
{
    public static byte[] Array<T>(long[] shape, params T[] values)
        where T : unmanaged => Array(Descr<T>(), shape, MemoryMarshal.AsBytes<T>(values).ToArray());

    public static byte[] Texts(long[] shape, params string[] values)
    {
        var width = values.Max(value => value.EnumerateRunes().Count());
        var data = values.SelectMany(value => Encoding.UTF32.GetBytes(value).Concat(new byte[4 * (width - value.EnumerateRunes().Count())])).ToArray();
        return Array($"<U{width}", shape, data);
    }

    /// <param name="descr">The element type.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="data">The elements' bytes.</param>
    /// <param name="version">1, 2 or 3 of the format.</param>
    /// <param name="fortran">Whether the header says that columns come first.</param>
    public static byte[] Array(string descr, long[] shape, byte[] data, int version = 1, bool fortran = false)
    {
        var sizes = string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture))) + (shape.Length == 1 ? "," : "");
        var header = $"{{'descr': '{descr}', 'fortran_order': {(fortran ? "True" : "False")}, 'shape': ({sizes}), }}";
        return [.. Header(header, version), .. data];
    }

    public static byte[] Header(string text, int version = 1)
    {
        var lengthSize = version == 1 ? 2 : 4;
        var padded = text.PadRight((8 + lengthSize + text.Length + 64) / 64 * 64 - 8 - lengthSize - 1) + "\n";
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, padded.Length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length[..lengthSize], .. Encoding.UTF8.GetBytes(padded)];
    }

    public static string Npz(string path, params (string Name, byte[] Array)[] arrays) => Npz(path, CompressionLevel.NoCompression, arrays);

    public static string Npz(string path, CompressionLevel level, params (string Name, byte[] Array)[] arrays)
    {
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var (name, array) in arrays)
        {
            using var entry = archive.CreateEntry($"{name}.npy", level).Open();
            entry.Write(array);
        }

        return path;
    }

    private static string Descr<T>() =>
        typeof(T) == typeof(float) ? "<f4"
        : typeof(T) == typeof(double) ? "<f8"
        : typeof(T) == typeof(Half) ? "<f2"
        : typeof(T) == typeof(sbyte) ? "|i1"
        : typeof(T) == typeof(byte) ? "|u1"
        : typeof(T) == typeof(bool) ? "|b1"
        : typeof(T) == typeof(short) ? "<i2"
        : typeof(T) == typeof(ushort) ? "<u2"
        : typeof(T) == typeof(int) ? "<i4"
        : typeof(T) == typeof(uint) ? "<u4"
        : typeof(T) == typeof(long) ? "<i8"
        : typeof(T) == typeof(ulong) ? "<u8"
        : throw new ArgumentException(typeof(T).Name);
}
