using System.Diagnostics;
using System.Globalization;
using ModelBuild.Runtime;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>Measures the memory after a hundred thousand calls with changing shapes and many cancellations.</summary>
internal static class SoakBenchmark
{
    private const int Calls = 100_000;
    private const int Callers = 8;
    private const int Samples = 10;

    public static void Run(TextWriter output)
    {
        if (CallsBenchmark.DigitModel() is not { } path)
        {
            output.WriteLine("(The digit model, litenet-conv.onnx, is neither among the samples nor in the corpus.)");
            return;
        }

        using var model = DigitsModel.Load(path, new ModelOptions { Parallel = 2, Threads = 2 });
        output.WriteLine("| calls | completed | cancelled | managed, MB | process, MB |");
        output.WriteLine("|---:|---:|---:|---:|---:|");
        var (answered, cancelled) = (0, 0);
        for (var sample = 0; sample <= Samples; sample++)
        {
            Report(output, answered + cancelled, answered, cancelled);
            if (sample < Samples)
                CallAll(model, sample, ref answered, ref cancelled);
        }
    }

    private static void CallAll(DigitsModel model, int seed, ref int answered, ref int cancelled)
    {
        var (done, gone) = (0, 0);
        Task.WhenAll(
                Enumerable
                    .Range(0, Callers)
                    .Select(caller =>
                        Task.Run(async () =>
                        {
                            await using var batcher = model.OpenBatcher();
                            var random = new Random((seed * Callers) + caller);
                            for (var i = 0; i < Calls / Samples / Callers; i++)
                            {
                                var images = new float[784 * (1 + random.Next(8))];
                                using var cancellation = new CancellationTokenSource();
                                try
                                {
                                    var call = random.Next(2) == 0 ? model.RunAsync(images, cancellation.Token) : batcher.RunAsync(images, cancellation.Token);
                                    if (random.Next(3) == 0)
                                        await cancellation.CancelAsync();
                                    (await call).Dispose();
                                    Interlocked.Increment(ref done);
                                }
                                catch (OperationCanceledException)
                                {
                                    Interlocked.Increment(ref gone);
                                }
                            }
                        })
                    )
            )
            .GetAwaiter()
            .GetResult();
        answered += done;
        cancelled += gone;
    }

    private static void Report(TextWriter output, int calls, int answered, int cancelled)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        using var process = Process.GetCurrentProcess();
        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {calls:N0} | {answered:N0} | {cancelled:N0} | {GC.GetTotalMemory(forceFullCollection: true) / 1e6:F1} | {process.WorkingSet64 / 1e6:F0} |"
            )
        );
    }
}
