using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ModelBuild.Testing;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>
/// Measures requests per second and latencies of the sample web service on loopback, batched and each alone, with few and many clients. The clients share the
/// CPU with the service, and both ways alternate.
/// </summary>
internal static partial class ServiceBenchmark
{
    private const int Rounds = 9;
    private const int Requests = 4000;
    private const int Pixels = 28 * 28;

    public static void Run(TextWriter output)
    {
        var folder = Path.Combine(Corpus.Repository, "samples", "DigitService");
#if DEBUG
        const string Configuration = "Debug";
#else
        const string Configuration = "Release";
#endif
        using var service = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(folder, "bin", Configuration, "net10.0", "DigitService.dll"), "--urls", "http://127.0.0.1:0"])
            {
                WorkingDirectory = folder,
                RedirectStandardOutput = true,
            }
        )!;
        try
        {
            using var client = new HttpClient { BaseAddress = Address(service) };
            output.WriteLine("| clients | | requests per second | ratio | median, ms | 99 %, ms |");
            output.WriteLine("|---:|---|---:|---:|---:|---:|");
            foreach (var clients in (int[])[1, 16, 64])
                Measure(output, client, clients);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
        }
    }

    private static void Measure(TextWriter output, HttpClient client, int clients)
    {
        (string Name, string Path)[] ways = [("each alone", "/digit/alone"), ("batched", "/digit")];
        var seconds = ways.Select(_ => new List<double>()).ToArray();
        var times = ways.Select(_ => new List<double>()).ToArray();
        // The first round is a warm-up for the just-in-time compiler.
        for (var round = 0; round <= Rounds; round++)
        for (var position = 0; position < ways.Length; position++)
        {
            var way = (round + position) % ways.Length;
            var (elapsed, each) = SendAsync(client, ways[way].Path, clients).GetAwaiter().GetResult();
            if (round == 0)
                continue;
            seconds[way].Add(elapsed);
            times[way].AddRange(each);
        }

        foreach (var (way, (name, _)) in ways.Index())
        {
            var sorted = times[way].Order().ToArray();
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {clients} | {name} | {Requests / Median(seconds[way]):N0} | "
                        + $"{Median([.. seconds[0].Zip(seconds[way], (alone, mine) => alone / mine)]):0.00} | "
                        + $"{sorted[sorted.Length / 2]:0.00} | {sorted[sorted.Length * 99 / 100]:0.00} |"
                )
            );
        }
    }

    private static async Task<(double Seconds, double[] Milliseconds)> SendAsync(HttpClient client, string path, int clients)
    {
        var image = new byte[Pixels];
        new Random(1).NextBytes(image);
        var start = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(
            Enumerable
                .Range(0, clients)
                .Select(async _ =>
                {
                    var own = new double[Requests / clients];
                    for (var i = 0; i < own.Length; i++)
                    {
                        var sent = Stopwatch.GetTimestamp();
                        using var response = await client.PostAsync(path, new ByteArrayContent(image));
                        response.EnsureSuccessStatusCode();
                        own[i] = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
                    }

                    return own;
                })
        );
        return (Stopwatch.GetElapsedTime(start).TotalSeconds, [.. times.SelectMany(own => own)]);
    }

    private static Uri Address(Process service)
    {
        while (service.StandardOutput.ReadLine() is { } line)
            if (Listening().Match(line) is { Success: true } match)
            {
                // The remaining output is discarded so that the pipe does not fill.
                _ = service.StandardOutput.ReadToEndAsync();
                return new Uri(match.Value);
            }

        throw new InvalidOperationException("The service did not start.");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    [GeneratedRegex("http://127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Listening();
}
