using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace ModelBuild.Protocol;

/// <summary>
/// Writes arrays into an <c>.npz</c> file (numpy.lib.format, version 1) one after another, without keeping them in memory. Equal arrays give equal bytes.
/// </summary>
internal sealed class NpzWriter : IDisposable
{
    private const int Alignment = 64;

    // The time of all entries of the archive, which is the earliest one that the ZIP format can store.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _archive;

    /// <summary>Creates the <c>.npz</c> file at a path.</summary>
    public NpzWriter(string path) => _archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);

    /// <summary>
    /// Starts an array. The elements are written to the stream in row-major order and as little-endian numbers, before the next array starts.
    /// </summary>
    /// <param name="name">The name of the array.</param>
    /// <param name="type">The element type of NumPy, such as <c>&lt;f4</c>.</param>
    /// <param name="shape">The sizes of the array's dimensions.</param>
    public Stream Start(string name, string type, params ReadOnlySpan<long> shape)
    {
        var entry = _archive.CreateEntry(name + ".npy", CompressionLevel.Fastest);
        entry.LastWriteTime = Time;
        var stream = entry.Open();
        var sizes = string.Concat(shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture) + ", ")).TrimEnd();
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({sizes}), }}";
        var length = (((Prefix + header.Length + 1 + Alignment - 1) / Alignment) * Alignment) - Prefix;
        Span<byte> prefix = [0x93, .. "NUMPY"u8, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(prefix[^2..], (ushort)length);
        stream.Write(prefix);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        return stream;
    }

    /// <summary>Writes a whole array of 64-bit integers.</summary>
    public void Write(string name, ReadOnlySpan<long> elements, params ReadOnlySpan<long> shape)
    {
        using var stream = Start(name, "<i8", shape);
        stream.Write(MemoryMarshal.AsBytes(elements));
    }

    /// <summary>Completes and closes the <c>.npz</c> file.</summary>
    public void Dispose() => _archive.Dispose();

    private static int Prefix => 10;
}
