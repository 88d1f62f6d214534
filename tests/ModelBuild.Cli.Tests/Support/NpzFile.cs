using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace ModelBuild.Cli.Tests.Support;

/// <summary>The arrays of an archive that the program wrote.</summary>
internal sealed class NpzFile
{
    private readonly Dictionary<string, (string Header, byte[] Elements)> _arrays = new(StringComparer.Ordinal);

    /// <summary>Reads an archive.</summary>
    public NpzFile(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        foreach (var entry in archive.Entries)
        {
            using var memory = new MemoryStream();
            using (var stream = entry.Open())
                stream.CopyTo(memory);
            var bytes = memory.ToArray();
            var start = 10 + BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
            _arrays.Add(Path.GetFileNameWithoutExtension(entry.FullName), (Encoding.ASCII.GetString(bytes, 10, start - 10), bytes[start..]));
        }
    }

    /// <summary>The names of the arrays in their order.</summary>
    public IEnumerable<string> Names => _arrays.Keys;

    /// <summary>The shape of an array as Python writes it, such as <c>(2, 3,)</c>.</summary>
    public string Shape(string name)
    {
        var header = _arrays[name].Header;
        var start = header.IndexOf('(', StringComparison.Ordinal);
        return header[start..(header.IndexOf(')', StringComparison.Ordinal) + 1)];
    }

    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(_arrays[name].Elements).ToArray();

    public long[] Longs(string name) => MemoryMarshal.Cast<byte, long>(_arrays[name].Elements).ToArray();
}
