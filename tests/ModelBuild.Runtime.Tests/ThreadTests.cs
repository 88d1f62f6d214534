using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests;

/// <summary>One instance, many threads.</summary>
public sealed class ThreadTests
{
    private const int Threads = 16;

    [Fact]
    public async Task Sixteen_threads_get_their_own_answers()
    {
        using var model = MlpModel.Load(TinyModels.Mlp(), new ModelOptions { Threads = 1, Spinning = false });
        var inputs = Enumerable.Range(0, 32).Select(seed => CallTests.Features((seed % 3) + 1, seed)).ToArray();
        var expected = inputs.Select(input => model.Run(input).Scores.ToArray()).ToArray();

        await OnThreads(thread =>
        {
            var buffer = new float[30];
            for (var i = 0; i < 500; i++)
            {
                var which = (i * 7 + thread) % inputs.Length;
                using var result = model.Run(inputs[which]);
                if (i % 5 == 0)
                    model.Run(inputs[which], buffer);
                if (
                    !result.Scores.Span.SequenceEqual(expected[which])
                    || !buffer.AsSpan(0, i % 5 == 0 ? expected[which].Length : 0).SequenceEqual(i % 5 == 0 ? expected[which] : [])
                )
                    throw new InvalidOperationException($"Thread {thread} got another thread's answer.");
            }
        });
    }

    [Fact]
    public async Task Dispose_while_calls_run()
    {
        for (var round = 0; round < 10; round++)
        {
            var model = MlpModel.Load(TinyModels.Mlp(), new ModelOptions { Threads = 1, Spinning = false });
            using var started = new CountdownEvent(Threads);
            var answered = 0;
            var calls = OnThreads(_ =>
            {
                var features = CallTests.Features(2);
                model.Run(features).Dispose();
                started.Signal();
                try
                {
                    while (true)
                    {
                        model.Run(features).Dispose();
                        Interlocked.Increment(ref answered);
                    }
                }
                catch (ObjectDisposedException)
                {
                    // The way out.
                }
            });
            await Eventually.IsTrueAsync(() => started.IsSet && Volatile.Read(ref answered) >= Threads, TestContext.Current.CancellationToken);
            model.Dispose();
            await calls;
            Assert.Throws<ObjectDisposedException>(() => model.Run(CallTests.Features(2)));
        }
    }

    private static Task OnThreads(Action<int> action) =>
        Task.WhenAll(
            Enumerable
                .Range(0, Threads)
                .Select(thread =>
                    Task.Factory.StartNew(() => action(thread), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                )
        );
}
