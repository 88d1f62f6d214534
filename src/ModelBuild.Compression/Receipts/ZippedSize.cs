using System.IO.Compression;

namespace ModelBuild.Compression.Receipts;

/// <summary>
/// How large files are after deflate as packages do it. Deflate does 50 MB a second, far less than compressing a model does, so large files are judged by samples
/// at even distances: weights of one model deflate alike.
/// </summary>
internal static class ZippedSize
{
    /// <summary>Up to this size all bytes are deflated.</summary>
    public const long WholeUpTo = 4 << 20;

    private const int Samples = 32;
    private const int SampleBytes = (int)(WholeUpTo / Samples);

    /// <summary>The deflated size of the files' bytes one after the other.</summary>
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
