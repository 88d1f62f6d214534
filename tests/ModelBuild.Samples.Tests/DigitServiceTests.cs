using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;

namespace ModelBuild.Samples.Tests;

/// <summary>The web service under load on loopback.</summary>
public sealed partial class DigitServiceTests
{
    private const int Clients = 16;
    private const int Requests = 800;
    private const int Pixels = 28 * 28;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_clients_get_the_right_digits()
    {
        using var service = Samples.Start("DigitService", "--urls", "http://127.0.0.1:0");
        try
        {
            using var client = new HttpClient { BaseAddress = await AddressAsync(service) };
            var (images, labels) = Digits();
            foreach (var path in (string[])["/digit", "/digit/alone"])
            {
                var right = await Task.WhenAll(
                    Enumerable
                        .Range(0, Clients)
                        .Select(async caller =>
                        {
                            var count = 0;
                            for (var i = caller; i < Requests; i += Clients)
                            {
                                using var response = await client.PostAsync(path, new ByteArrayContent(images, i * Pixels, Pixels), Token);
                                response.EnsureSuccessStatusCode();
                                count += await response.Content.ReadAsStringAsync(Token) == $"{labels[i]}" ? 1 : 0;
                            }

                            return count;
                        })
                );
                Assert.InRange(right.Sum(), Requests * 97 / 100, Requests);
            }

            using var wrong = await client.PostAsync("/digit", new ByteArrayContent(new byte[5]), Token);
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
            Assert.Equal("Healthy", await client.GetStringAsync("/health", Token));

            var metrics = await client.GetStringAsync("/metrics", Token);
            // Each single request is a run. Gathered requests have fewer runs than requests, but at least as many as full batches would need.
            Assert.InRange(Count(metrics, "modelbuild.run.duration"), Requests + (Requests / 64), 2 * Requests + 2);
            Assert.Contains("modelbuild.batch.size", metrics, StringComparison.Ordinal);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
        }
    }

    private static async Task<Uri> AddressAsync(Process service)
    {
        while (await service.StandardOutput.ReadLineAsync(Token) is { } line)
            if (Listening().Match(line) is { Success: true } match)
            {
                // The remaining output is discarded so that the pipe does not fill.
                _ = service.StandardOutput.ReadToEndAsync(Token);
                return new Uri(match.Value);
            }

        throw new InvalidOperationException("The service did not start.");
    }

    private static int Count(string metrics, string name) =>
        int.Parse(Regex.Match(metrics, Regex.Escape(name) + " count ([0-9]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);

    private static (byte[] Images, long[] Labels) Digits()
    {
        using var archive = ZipFile.OpenRead(Path.Combine(Samples.Folder, "DigitClassifier", "Data", "mnist-test.npz"));
        return (
            [.. Read(archive, "image.npy", bytes => BitConverter.ToSingle(bytes), 4).Select(pixel => (byte)MathF.Round(pixel * 255))],
            [.. Read(archive, "label.npy", bytes => BitConverter.ToInt64(bytes), 8)]
        );
    }

    // The file is a NumPy array of version 1: 8 bytes with magic and version, 2 bytes with the length of the header, the header, and the elements.
    private static IEnumerable<T> Read<T>(ZipArchive archive, string name, Func<byte[], T> element, int size)
    {
        using var stream = archive.GetEntry(name)!.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var bytes = memory.ToArray();
        for (var at = 10 + BitConverter.ToUInt16(bytes, 8); at < bytes.Length; at += size)
            yield return element(bytes[at..(at + size)]);
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Listening();
}
