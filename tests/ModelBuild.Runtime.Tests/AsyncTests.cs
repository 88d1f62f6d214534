using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests;

/// <summary>Calls on the pool, and how they are stopped.</summary>
[Collection(nameof(ProcessWide))]
public sealed class AsyncTests
{
    [Fact]
    public async Task Gives_the_same_answer()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        var features = CallTests.Features(2);
        var expected = model.Run(features).Scores.ToArray();
        var running = model.RunAsync(features, TestContext.Current.CancellationToken);
        // The call has copied its inputs, so the caller may change the buffer.
        features.AsSpan().Clear();
        using var result = await running;
        Assert.Equal(expected, result.Scores.ToArray());
    }

    [Fact]
    public async Task A_cancelled_token_ends_the_run_in_the_middle()
    {
        using var runs = new StartedRuns();
        using var model = SlowModel.Load(TinyModels.Slow(), new ModelOptions { Threads = 1, Spinning = false });
        for (var round = 0; round < 3; round++)
        {
            using var cancel = new CancellationTokenSource();
            var before = runs.Count;
            var running = model.RunAsync(new float[512 * 512], cancel.Token);
            await Eventually.IsTrueAsync(() => runs.Count > before, TestContext.Current.CancellationToken);
            Assert.False(running.IsCompleted);
            await cancel.CancelAsync();
            var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            Assert.Equal(cancel.Token, exception.CancellationToken);
            Assert.True(running.IsCanceled);
        }
    }

    [Fact]
    public async Task Whatever_gives_up_for_the_token_says_so_with_it()
    {
        using var cancel = new CancellationTokenSource();
        // The fake model waits, as a stage does while another call uses it.
        using var model = MlpModel.Fake(_ =>
        {
            cancel.Cancel();
            throw new OperationCanceledException();
        });
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.RunAsync(new float[64], cancel.Token));
        Assert.Equal(cancel.Token, exception.CancellationToken);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        using var cancel = new CancellationTokenSource();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.RunAsync(new float[64], cancel.Token));
        using var result = model.Run(new float[64]);
        Assert.Equal(10, result.Scores.Length);
    }

    [Fact]
    public async Task Calls_after_a_cancelled_one_are_not_cancelled()
    {
        using var model = MlpModel.Load(TinyModels.Mlp(), new ModelOptions { Threads = 1, Spinning = false });
        var features = CallTests.Features(2);
        var expected = model.Run(features).Scores.ToArray();
        for (var i = 0; i < 2000; i++)
        {
            using var cancel = new CancellationTokenSource();
            var running = model.RunAsync(features, cancel.Token);
            if (i % 2 == 0)
                await cancel.CancelAsync();
            try
            {
                using var result = await running;
                Assert.Equal(expected, result.Scores.ToArray());
            }
            catch (OperationCanceledException)
            {
                Assert.True(cancel.IsCancellationRequested);
            }
        }
    }

    [Fact]
    public async Task A_wrong_length_throws_at_once()
    {
        using var model = ReluModel.Load(TinyModels.Relu());
        await Assert.ThrowsAsync<ArgumentException>(() => model.RunAsync(new float[15], TestContext.Current.CancellationToken));
    }
}
