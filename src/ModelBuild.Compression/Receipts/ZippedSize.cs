using System.IO.Compression;

namespace ModelBuild.Compression.Receipts;

/// <summary>
/// Measures the size of files after deflate as in packages. Deflate processes about 50 MB per second, which would take long for large files, so that their
/// size is extrapolated from samples at even distances. The weights of one model deflate alike.
/// </summary>
internal static class ZippedSize
{
    /// <summary>The largest total size in bytes of files that are deflated completely. Larger files are sampled.</summary>
    public const long WholeUpTo = 4 << 20;

    private const int Samples = 32;
    private const int SampleBytes = (int)(WholeUpTo / Samples);

    /// <summary>Returns the deflated size of the concatenated files in bytes.</summary>
    public static long Of(IReadOnlyList<string> files, CancellationToken cancellationToken)
    {
        var total = files.Sum(file => new FileInfo(file).Length);
        var counter = new CountingStream();
        long deflated = 0;
        using (var deflate = new DeflateStream(counter, CompressionLevel.Optimal))
        {
            var buffer = new byte[SampleBytes];
            foreach (var (file, start) in total <= WholeUpTo ? All(files) : Spread(files, total))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
                stream.Position = start;
                var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
                deflate.Write(buffer, 0, count);
                deflated += count;
            }
        }

        return deflated == total ? counter.Length : (long)((double)counter.Length / deflated * total);
    }

    private static IEnumerable<(string File, long Start)> All(IReadOnlyList<string> files)
    {
        foreach (var file in files)
            for (long start = 0; start < new FileInfo(file).Length; start += SampleBytes)
                yield return (file, start);
    }

    private static IEnumerable<(string File, long Start)> Spread(IReadOnlyList<string> files, long total)
    {
        long offset = 0;
        var next = 0;
        foreach (var file in files)
        {
            var length = new FileInfo(file).Length;
            for (; next < Samples && Start(next) < offset + length; next++)
                yield return (file, Start(next) - offset);
            offset += length;
        }

        long Start(int sample) => sample * (total - SampleBytes) / (Samples - 1);
    }
}
