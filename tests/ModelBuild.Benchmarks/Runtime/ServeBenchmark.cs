using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelBuild.Runtime;
using ModelBuild.Serving.Tests.Support;
using ModelBuild.Testing.Fixtures;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>
/// Measures a remote model beside the same model in the process: requests per second and latencies over a loopback connection. Then it sends hostile requests
/// and reports their statuses and the memory of the process. Clients and server share the process and its cores.
/// </summary>
internal static class ServeBenchmark
{
    private const int Rounds = 7;
    private const int Calls = 2000;
    private const int Pixels = 28 * 28;
    private const int Senders = 8;

    public static void Run(TextWriter output, int hostile)
    {
        if (CallsBenchmark.DigitModel() is not { } path)
        {
            output.WriteLine("(The digit model, litenet-conv.onnx, is neither among the samples nor in the corpus.)");
            return;
        }

        RunAsync(output, path, hostile).GetAwaiter().GetResult();
    }

    private static async Task RunAsync(TextWriter output, string path, int hostile)
    {
        using var files = new TemporaryFolder();
        var free = files.Write("free.onnx", new TinyModel().Input("x: float32[*]").Output("y: float32[*]").Node("Relu(x) -> y").ToBytes());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddModel<DigitsModel>(settings => settings.Path = path);
        builder.Services.AddModelServing(options => options.AddFile("free", free));
        await using var app = builder.Build();
        app.MapModels();
        await app.StartAsync().ConfigureAwait(false);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

        using var local = DigitsModel.Load(path);
        using var remote = new DigitsModel(ModelOptions.Remote(address.ToString()));
        output.WriteLine("| callers | | calls per second | ratio | median, ms | 99 %, ms |");
        output.WriteLine("|---:|---|---:|---:|---:|---:|");
        foreach (var callers in (int[])[1, 16])
            await MeasureAsync(output, [("in the process", local), ("over the network", remote)], callers).ConfigureAwait(false);
        await AttackAsync(output, address.Port, hostile).ConfigureAwait(false);
        await app.StopAsync().ConfigureAwait(false);
    }

    private static async Task MeasureAsync(TextWriter output, (string Name, DigitsModel Model)[] ways, int callers)
    {
        var seconds = ways.Select(_ => new List<double>()).ToArray();
        var times = ways.Select(_ => new List<double>()).ToArray();
        // The first round is a warm-up for the just-in-time compiler.
        for (var round = 0; round <= Rounds; round++)
        for (var position = 0; position < ways.Length; position++)
        {
            var way = (round + position) % ways.Length;
            var start = Stopwatch.GetTimestamp();
            var each = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync(ways[way].Model, Calls / callers))).ConfigureAwait(false);
            if (round == 0)
                continue;
            seconds[way].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            times[way].AddRange(each.SelectMany(list => list));
        }

        foreach (var (way, (name, _)) in ways.Index())
        {
            var sorted = times[way].Order().ToArray();
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {callers} | {name} | {Calls / Median(seconds[way]):N0} | {Median([.. seconds[0].Zip(seconds[way], (own, its) => own / its)]):0.000} | "
                        + $"{sorted[sorted.Length / 2]:0.000} | {sorted[sorted.Length * 99 / 100]:0.000} |"
                )
            );
        }
    }

    private static async Task<List<double>> CallAsync(DigitsModel model, int calls)
    {
        var (times, image) = (new List<double>(calls), new float[Pixels]);
        for (var i = 0; i < calls; i++)
        {
            var start = Stopwatch.GetTimestamp();
            (await model.RunAsync(image).ConfigureAwait(false)).Dispose();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }

    private static async Task AttackAsync(TextWriter output, int port, int requests)
    {
        var (statuses, next, peak) = (new int[600], -1, 0L);
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(SendAllAsync))).ConfigureAwait(false);
        output.WriteLine();
        var counts = statuses.Select((count, status) => (count, status)).Where(pair => pair.count > 0).Select(pair => $"{pair.count} × {pair.status}");
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{requests:N0} hostile requests: {string.Join(", ", counts)}. Peak working set: {peak >> 20} MiB. "
                    + $"(The status 0 is a request without its end that has no answer.)"
            )
        );

        async Task SendAllAsync()
        {
            for (var number = Interlocked.Increment(ref next); number < requests; number = Interlocked.Increment(ref next))
            {
                Interlocked.Increment(ref statuses[await SendAsync(port, number).ConfigureAwait(false)]);
                if (number % 100 == 0)
                    peak = Math.Max(peak, Environment.WorkingSet);
            }
        }
    }

    private static async Task<int> SendAsync(int port, int number)
    {
        var (bytes, isCut) = HostileRequests.Create(number);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port).ConfigureAwait(false);
        // A socket that is shut down has no stream any more.
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(bytes).ConfigureAwait(false);
            if (isCut)
                client.Client.Shutdown(SocketShutdown.Send);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var answer = await reader.ReadToEndAsync().ConfigureAwait(false);
            return answer.Length < 12 ? 0 : int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
