using System.Globalization;

namespace ModelBuild.Tasks.State;

/// <summary>
/// Identifies the content of a file without reading all of it, by its length, its time of writing and a hash of samples spread over it. The samples detect a
/// retrained model whose time an archive or a deployment has reset; such a model often has the same length.
/// </summary>
internal static class FileStamp
{
    private const int Samples = 16;
    private const int SampleBytes = 4096;

    /// <summary>Returns the stamp of a file, or <c>absent</c> if it does not exist.</summary>
    public static string Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? string.Format(CultureInfo.InvariantCulture, "{0}-{1:x}-{2:x16}", file.Length, file.LastWriteTimeUtc.Ticks, Sample(file))
            : "absent";
    }

    private static ulong Sample(FileInfo file)
    {
        // The hash is FNV-1a; a small file is hashed completely.
        var hash = 14695981039346656037UL;
        var buffer = new byte[SampleBytes];
        try
        {
            using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
            var step = Math.Max(SampleBytes, (stream.Length - SampleBytes) / (Samples - 1));
            for (long offset = 0; offset < stream.Length; offset += step)
            {
                stream.Position = Math.Min(offset, Math.Max(0, stream.Length - SampleBytes));
                var read = stream.Read(buffer, 0, buffer.Length);
                for (var i = 0; i < read; i++)
                    hash = unchecked((hash ^ buffer[i]) * 1099511628211UL);
            }
        }
        catch (IOException)
        {
            // The file is locked or deleted, so the stamp consists of length and time. The code that reads the content reports the error.
        }
        catch (UnauthorizedAccessException) { }

        return hash;
    }
}
