using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests;

/// <summary>Calls of many callers in one run.</summary>
public sealed class BatcherTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_caller_gets_its_own_rows()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        await using var batcher = model.OpenBatcher(new BatcherOptions { MaxRows = 8 });
        await Task.WhenAll(
            Enumerable
                .Range(0, 16)
                .Select(caller =>
                    Task.Run(
                        async () =>
                        {
                            for (var i = 0; i < 40; i++)
                            {
                                // The calls have one to three rows, and sometimes more than a run may have.
                                var rows = i % 13 == 0 ? 11 : 1 + ((caller + i) % 3);
                                var features = CallTests.Features(rows, (caller * 1000) + i);
                                using var result = await batcher.RunAsync(features, Token);
                                using var alone = model.Run(features);
                                Assert.Equal([rows, 10], result.Scores.Shape.ToArray());
                                Assert.All(alone.Scores.ToArray().Zip(result.Scores.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
                            }
                        },
                        Token
                    )
                )
        );
    }

    [Fact]
    public async Task Calls_that_come_while_one_runs_are_gathered()
    {
        var runs = new List<int>();
        using var busy = new ManualResetEventSlim();
        using var model = Recording(runs, busy);
        await using var batcher = model.OpenBatcher(new BatcherOptions { MaxRows = 4 });
        var first = batcher.RunAsync(new float[64], Token);
        await Eventually.IsTrueAsync(() => runs.Count == 1, Token);
        var others = Enumerable.Range(0, 6).Select(_ => batcher.RunAsync(new float[64], Token)).ToArray();
        busy.Set();
        await Task.WhenAll([first, .. others]);
        Assert.Equal([1, 4, 2], runs);
    }

    [Fact]
    public async Task A_delay_gathers_what_comes_within_it()
    {
        var runs = new List<int>();
        using var model = Recording(runs, new ManualResetEventSlim(true));
        // The delay is longer than any test may take, so only a full batch ends the wait.
        await using var batcher = model.OpenBatcher(new BatcherOptions { MaxRows = 3, MaxDelay = TimeSpan.FromMinutes(5) });
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => batcher.RunAsync(new float[64], Token)));
        Assert.Equal([3, 3], runs);
    }

    [Fact]
    public async Task Other_shapes_wait_for_a_run_of_their_own()
    {
        using var model = PairModel.Load(TinyModels.Pair());
        await using var batcher = model.OpenBatcher();
        var results = await Task.WhenAll(
            Enumerable
                .Range(1, 20)
                .Select(i => batcher.RunAsync(Enumerable.Repeat((float)i, 1 + (i % 3)).ToArray(), new float[1 + (i % 3)], length: 1 + (i % 3), Token))
        );
        for (var i = 1; i <= 20; i++)
        {
            Assert.Equal([1, 1 + (i % 3)], results[i - 1].Sum.Shape.ToArray());
            Assert.All(results[i - 1].Sum.ToArray(), value => Assert.Equal(i, value));
            results[i - 1].Dispose();
        }
    }

    [Fact]
    public async Task An_error_reaches_the_caller_that_made_it()
    {
        using var model = MlpModel.Fake(call =>
        {
            var features = call.Input<float>(MlpModel.InputNames.Features);
            if (features.Contains(13))
                throw new TimeoutException("thirteen");
            for (var row = 0; row < features.Length / 64; row++)
                call.Output<float>(MlpModel.OutputNames.Scores)[row * 10] = features[row * 64];
        });
        await using var batcher = model.OpenBatcher();
        var calls = Enumerable.Range(10, 8).Select(value => batcher.RunAsync(Enumerable.Repeat((float)value, 64).ToArray(), Token)).ToArray();
        for (var i = 0; i < calls.Length; i++)
            if (i == 3)
                await Assert.ThrowsAsync<TimeoutException>(() => calls[3]);
            else
                Assert.Equal(10 + i, (await calls[i]).Scores.Span[0]);
        await Assert.ThrowsAsync<ArgumentException>(() => batcher.RunAsync(new float[65], Token));
    }

    [Fact]
    public async Task A_caller_that_leaves_is_left_out()
    {
        var runs = new List<int>();
        using var busy = new ManualResetEventSlim();
        using var model = Recording(runs, busy);
        await using var batcher = model.OpenBatcher();
        var first = batcher.RunAsync(new float[64], Token);
        await Eventually.IsTrueAsync(() => runs.Count == 1, Token);
        using var leaving = new CancellationTokenSource();
        var second = batcher.RunAsync(new float[64], Token);
        var third = batcher.RunAsync(new float[64], leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        busy.Set();
        await Task.WhenAll(first, second);
        Assert.Equal([1, 1], runs);
    }

    [Fact]
    public async Task A_full_queue_makes_callers_wait()
    {
        var runs = new List<int>();
        using var busy = new ManualResetEventSlim();
        using var model = Recording(runs, busy);
        await using var batcher = model.OpenBatcher(new BatcherOptions { Capacity = 2, MaxRows = 1 });
        var first = batcher.RunAsync(new float[64], Token);
        await Eventually.IsTrueAsync(() => runs.Count == 1, Token);
        var others = Enumerable.Range(0, 5).Select(_ => batcher.RunAsync(new float[64], Token)).ToArray();
        using var impatient = new CancellationTokenSource();
        var last = batcher.RunAsync(new float[64], impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
        busy.Set();
        await Task.WhenAll([first, .. others]);
        Assert.Equal(6, runs.Count);
    }

    [Fact]
    public async Task A_batcher_that_is_disposed_answers_what_waits_and_takes_no_more()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        var batcher = model.OpenBatcher();
        var calls = Enumerable.Range(0, 50).Select(_ => batcher.RunAsync(new float[64], Token)).ToArray();
        await batcher.DisposeAsync();
        Assert.All(await Task.WhenAll(calls), result => Assert.Equal(10, result.Scores.Length));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => batcher.RunAsync(new float[64], Token));
        await batcher.DisposeAsync();

        await using var orphan = model.OpenBatcher();
        model.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await orphan.RunAsync(new float[64], Token));
    }

    [Fact]
    public async Task A_batcher_may_be_disposed_by_two_at_once()
    {
        var runs = new List<int>();
        using var busy = new ManualResetEventSlim();
        using var model = Recording(runs, busy);
        var batcher = model.OpenBatcher(new BatcherOptions { MaxRows = 1, Runs = 2 });
        var calls = Enumerable.Range(0, 2).Select(_ => batcher.RunAsync(new float[64], Token)).ToArray();
        await Eventually.IsTrueAsync(() => runs.Count == 2, Token);
        var ends = Enumerable.Range(0, 2).Select(_ => batcher.DisposeAsync().AsTask()).ToArray();
        busy.Set();
        await Task.WhenAll(calls);
        await Task.WhenAll(ends).WaitAsync(TimeSpan.FromSeconds(30), Token);
    }

    [Fact]
    public async Task Runs_belong_to_nobody_and_not_to_who_opened_the_batcher()
    {
        var local = new AsyncLocal<string?> { Value = "the first request" };
        string? seen = "";
        using var model = MlpModel.Fake(_ => seen = local.Value);
        await using var batcher = model.OpenBatcher();
        (await batcher.RunAsync(new float[64], Token)).Dispose();
        Assert.Null(seen);
        Assert.Equal("the first request", local.Value);
    }

    [Fact]
    public async Task Rows_that_the_model_does_not_vouch_for_are_batched_on_request_only()
    {
        // The first dimension of the output has another name than that of the input.
        var contract = new ModelContract(
            "Finder",
            "finder.onnx",
            "",
            ModelLocation.None,
            ["cpu"],
            [TensorContract.Of("x", "float32", "batch", 2)],
            [TensorContract.Of("found", "float32", "count", 2)],
            [ShapeVariable.FromLength(0, 0, 0)]
        );
        using var host = ModelHost.Fake(contract, call => call.SetOutput<float>("found", call.Input<float>("x"), call.InputShape("x")[0], 2));
        Assert.Contains("'found'", Assert.Throws<NotSupportedException>(() => host.OpenBatcher(null)).Message, StringComparison.Ordinal);

        using var batcher = host.OpenBatcher(new BatcherOptions { AssumeRows = true });
        var call = host.Rent();
        call.Write<float>(0, [3, 4]);
        var answer = await batcher.RunAsync(call, result => result.Tensor<float>(0).ToArray(), Token);
        Assert.Equal([3, 4], answer);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        Assert.Throws<ArgumentOutOfRangeException>(() => model.OpenBatcher(new BatcherOptions { MaxRows = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.OpenBatcher(new BatcherOptions { Capacity = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.OpenBatcher(new BatcherOptions { Runs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.OpenBatcher(new BatcherOptions { MaxDelay = TimeSpan.FromSeconds(-1) }));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.OpenBatcher(new BatcherOptions { MaxDelay = TimeSpan.MaxValue }));
    }

    /// <summary>A model that notes the rows of each run, and whose first run waits.</summary>
    private static MlpModel Recording(List<int> runs, ManualResetEventSlim go) =>
        MlpModel.Fake(call =>
        {
            lock (runs)
                runs.Add((int)call.InputShape(MlpModel.InputNames.Features)[0]);
            go.Wait(Token);
        });
}
