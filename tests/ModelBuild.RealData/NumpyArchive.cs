using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace ModelBuild.RealData;

/// <summary>Writes named arrays into an <c>.npz</c> file.</summary>
public sealed class NumpyArchive : IDisposable
{
    private readonly ZipArchive _archive;

    /// <param name="path">The file, which is replaced if it exists.</param>
    public NumpyArchive(string path) => _archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);

    /// <summary>Writes one array.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">Its shape; the first size is the number of rows.</param>
    /// <param name="rows">The rows, which are enumerated once.</param>
    public void Add<T>(string name, long[] shape, IEnumerable<T[]> rows)
        where T : unmanaged
    {
        using var entry = _archive.CreateEntry($"{name}.npy", CompressionLevel.NoCompression).Open();
        entry.Write(Header(Description<T>(), shape));
        foreach (var row in rows)
            entry.Write(MemoryMarshal.AsBytes<T>(row));
    }

    public void Dispose() => _archive.Dispose();

    // Version 1 of the format: the header ends at a multiple of 64 bytes.
    private static byte[] Header(string description, long[] shape)
    {
        var sizes = string.Join(", ", shape) + (shape.Length == 1 ? "," : "");
        var text = $"{{'descr': '{description}', 'fortran_order': False, 'shape': ({sizes}), }}";
        var padded = text.PadRight((10 + text.Length + 64) / 64 * 64 - 11) + "\n";
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)padded.Length);
        return [0x93, .. "NUMPY"u8, 1, 0, .. length, .. Encoding.ASCII.GetBytes(padded)];
    }

    private static string Description<T>() =>
        typeof(T) == typeof(float) ? "<f4"
        : typeof(T) == typeof(int) ? "<i4"
        : typeof(T) == typeof(long) ? "<i8"
        : throw new NotSupportedException($"Arrays of {typeof(T).Name} are not written.");
}
