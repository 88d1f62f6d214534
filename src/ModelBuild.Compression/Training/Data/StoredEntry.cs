using System.IO.Compression;
using ModelBuild.Compression.Calibration;

namespace ModelBuild.Compression.Training.Data;

/// <summary>Finds the elements of an array in an <c>.npz</c> that are stored uncompressed.</summary>
internal static class StoredEntry
{
    /// <summary>Returns the position of the first element in the file; null if the entry is compressed.</summary>
    /// <param name="file">The file of the archive. The header of the array was the last that was read from it.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="header">The header of the array.</param>
    public static long? Offset(FileStream file, ZipArchiveEntry entry, NpyHeader header)
    {
        // An entry of the zip without compression is read from the file without a buffer, so the position of the file after the header is that of the first
        // element. The magic text before the header confirms this.
        var offset = file.Position;
        if (entry.CompressedLength != entry.Length || offset < header.Length)
            return null;
        Span<byte> start = stackalloc byte[6];
        var count = RandomAccess.Read(file.SafeFileHandle, start, offset - header.Length);
        return count == start.Length && NpyHeader.IsMagic(start) ? offset : null;
    }
}
