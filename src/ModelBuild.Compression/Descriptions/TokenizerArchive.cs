using System.IO.Compression;

namespace ModelBuild.Compression.Descriptions;

/// <summary>Writes the files of a tokenizer into one archive, which is deployed beside the model.</summary>
internal static class TokenizerArchive
{
    // Archives have no times and rights of files, so that a machine writes equal bytes for equal files. This is the first time that an archive can have.
    private static readonly DateTimeOffset Time = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Returns the bytes of a ZIP archive.</summary>
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
