using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelBuild.Runtime.Tests.Support;

/// <summary>The arrays of an .npz file.</summary>
internal sealed partial class NpzFile
{
    private readonly Dictionary<string, (string Type, long[] Shape, byte[] Elements)> _arrays = [];

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
            var header = Header().Match(Encoding.ASCII.GetString(bytes, 10, start - 10));
            long[] shape = [.. header.Groups[2].Value.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)];
            _arrays.Add(Path.ChangeExtension(entry.FullName, null), (header.Groups[1].Value, shape, bytes[start..]));
        }
    }

    public IEnumerable<string> Names => _arrays.Keys;

    public long[] Shape(string name) => _arrays[name].Shape;

    public string Type(string name) => _arrays[name].Type;

    public byte[] Bytes(string name) => _arrays[name].Elements;

    public T[] Elements<T>(string name)
        where T : struct => MemoryMarshal.Cast<byte, T>(_arrays[name].Elements).ToArray();

    [GeneratedRegex(@"'descr': '([^']*)', 'fortran_order': False, 'shape': \(([^)]*)\)")]
    private static partial Regex Header();
}
