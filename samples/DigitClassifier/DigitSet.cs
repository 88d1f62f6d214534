using System.IO.Compression;
using System.Runtime.InteropServices;

namespace DigitClassifier;

/// <summary>Loads images of 28 × 28 pixels in 0…1 and their true classes from a NumPy archive with the arrays <c>image</c> and <c>label</c>.</summary>
internal sealed class DigitSet(float[] pixels, long[] labels)
{
    private const int Pixels = 28 * 28;

    public int Count => labels.Length;

    public ReadOnlySpan<float> Image(int index) => pixels.AsSpan(index * Pixels, Pixels);

    public long Label(int index) => labels[index];

    public static DigitSet Load(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        return new DigitSet(Read<float>(archive, "image.npy"), Read<long>(archive, "label.npy"));
    }

    // A NumPy array of version 1 has 8 bytes of magic number and version, 2 bytes with the length of the header, the header, and the elements.
    private static T[] Read<T>(ZipArchive archive, string name)
        where T : unmanaged
    {
        using var stream = archive.GetEntry(name)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(10 + BitConverter.ToUInt16(bytes, 8))).ToArray();
    }
}
