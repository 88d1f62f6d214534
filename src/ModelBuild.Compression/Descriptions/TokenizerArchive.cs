using System.IO.Compression;

namespace ModelBuild.Compression.Descriptions;

/// <summary>Writes the files of a tokenizer into one archive, which is deployed beside the model.</summary>
internal static class TokenizerArchive
{
    // The time of all files in the archive: the first time that a ZIP archive can have. Times and rights of the original files are not stored, so that a
    // machine writes equal bytes for equal files.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Returns the bytes of a ZIP archive with the files of a tokenizer.</summary>
    /// <param name="files">The files.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static byte[] ToBytes(IReadOnlyList<TokenizerFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var file in files)
            {
                var entry = archive.CreateEntry(file.Name, CompressionLevel.Optimal);
                entry.LastWriteTime = Time;
                entry.ExternalAttributes = 0;
                using var content = entry.Open();
                content.Write(File.ReadAllBytes(file.Path));
            }

        return stream.ToArray();
    }
}
