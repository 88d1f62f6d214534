using System.Globalization;

namespace ModelBuild.Tasks.State;

/// <summary>
/// What tells one content of a file from another without reading all of it: length, time of writing, and a hash of samples spread over
/// the file. The samples catch a retrained model that an archive or a deployment gave its old time; its length is the same more often than not.
/// </summary>
internal static class FileStamp
{
    private const int Samples = 16;
    private const int SampleBytes = 4096;

    /// <summary>The stamp, or <c>absent</c>.</summary>
    public static string Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists
            ? string.Format(CultureInfo.InvariantCulture, "{0}-{1:x}-{2:x16}", file.Length, file.LastWriteTimeUtc.Ticks, Sample(file))
            : "absent";
    }

    private static ulong Sample(FileInfo file)
    {
        // FNV-1a, over the whole of a small file.
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
            // Locked or gone: length and time must do; whoever needs the content will say what is wrong with it.
        }
        catch (UnauthorizedAccessException) { }

        return hash;
    }
}
