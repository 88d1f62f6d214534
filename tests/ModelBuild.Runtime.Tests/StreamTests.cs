using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests;

/// <summary>Calls in a row of which each takes over the state that the one before left.</summary>
[Collection(nameof(ProcessWide))]
public sealed class StreamTests
{
    private static readonly ModelOptions OneThread = new() { Threads = 1, Spinning = false };

    [Fact]
    public void Each_call_takes_over_what_the_last_one_left()
    {
        using var model = SumModel.Load(TinyModels.Sum(), OneThread);
        using var stream = model.OpenStream();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 1; i <= 5; i++)
            {
                using var result = stream.Run([1, -2, 3]);
                Assert.Equal([1L, 3L], result.TotalNext.Shape);
                Assert.Equal([i, -2f * i, 3f * i], result.TotalNext.ToArray());
                Assert.Equal([i, 0, 3f * i], result.Y.ToArray());
            }

            stream.Reset();
        }
    }

    [Fact]
    public void States_of_several_shapes_whose_sizes_are_said_or_follow()
    {
        using var model = EchoModel.Load(TinyModels.Echo(), OneThread);
        using var one = model.OpenStream();
        using var two = model.OpenStream(batch: 2);
        foreach (var time in new[] { 4, 1, 4, 2, 1 })
        {
            one.Run([.. Enumerable.Repeat(1f, time)]).Dispose();
            two.Run([.. Enumerable.Repeat(1f, time), .. Enumerable.Repeat(10f, time)]).Dispose();
        }

        using var last = one.Run([0, 5]);
        Assert.Equal([12f, 17f], last.Y.ToArray());
        Assert.Equal(17, last.Hn.Value);
        Assert.Equal(6, last.Cn.Value);
        using var both = two.Run([0, 0]);
        Assert.Equal([12f, 120f], both.Hn.ToArray());
        Assert.Equal([2L, 1L], both.Y.Shape);
        Assert.Equal([6f, 6f], both.Cn.ToArray());
    }

    [Fact]
    public void The_state_is_not_copied_and_a_result_ends_with_the_next_call()
    {
        using var model = FilterModel.Load(TinyModels.Filter(), OneThread);
        using var stream = model.OpenStream();
        var first = stream.Run([1, 1]);
        var view = first.SNext;
        var memory = view.Span;
        using var second = stream.Run([0, 0]);
        var other = second.SNext.Span;
        Assert.Throws<ObjectDisposedException>(() => first.Y);
        Assert.Throws<ObjectDisposedException>(() => view[0]);
        first.Dispose();
        Assert.Equal(0.5f, second.SNext[0]);
        using var third = stream.Run([0, 0]);
        Assert.Equal(0.25f, third.SNext[0]);
        // Two memories take turns.
        Assert.True(Unsafe.AreSame(ref MemoryMarshal.GetReference(memory), ref MemoryMarshal.GetReference(third.SNext.Span)));
        Assert.False(Unsafe.AreSame(ref MemoryMarshal.GetReference(memory), ref MemoryMarshal.GetReference(other)));
        stream.Dispose();
        Assert.Equal(0.25f, third.SNext[0]);
    }

    [Fact]
    public void Other_sizes_need_a_reset()
    {
        using var model = SumModel.Load(TinyModels.Sum(), OneThread);
        using var stream = model.OpenStream();
        stream.Run([1, 2, 3, 4, 5, 6]).Dispose();
        var exception = Assert.Throws<ArgumentException>(() => stream.Run([1, 2, 3]));
        Assert.Equal(
            "The stream's state 'total', float32[batch, 3], has batch = 2 since its first call; these inputs need 1. Call Reset first, or open another stream.",
            exception.Message
        );
        Assert.Equal(
            "Input 'x' takes float32[batch, 3]: a multiple of 3 elements. 4 were given.",
            Assert.Throws<ArgumentException>(() => stream.Run([1, 2, 3, 4])).Message
        );
        using (var kept = stream.Run([1, 1, 1, 1, 1, 1]))
            Assert.Equal([2f, 3, 4, 5, 6, 7], kept.TotalNext.ToArray());
        stream.Reset();
        using var other = stream.Run([1, 2, 3]);
        Assert.Equal([1f, 2, 3], other.TotalNext.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>("batch", () => EchoModel.Fake(_ => { }).OpenStream(batch: -1));
    }

    [Fact]
    public void What_was_said_when_the_stream_was_opened_holds_for_all_inputs()
    {
        using var model = EchoModel.Load(TinyModels.Echo(), OneThread);
        using var stream = model.OpenStream(batch: 2);
        Assert.Equal(
            "Input 'x' takes float32[batch, time] with batch = 2: a multiple of 2 elements. 3 were given.",
            Assert.Throws<ArgumentException>(() => stream.Run([1, 2, 3])).Message
        );
        using var result = stream.Run([1, 2, 3, 4]);
        Assert.Equal([3f, 7f], result.Hn.ToArray());
    }

    [Fact]
    public void A_call_that_fails_keeps_the_state()
    {
        var fails = false;
        using var model = SumModel.Fake(call =>
        {
            var (x, total) = (call.Input<float>("x").ToArray(), call.Input<float>("total").ToArray());
            var next = call.Output<float>("total_next");
            for (var i = 0; i < next.Length; i++)
                next[i] = x[i] + total[i];
            if (fails)
                throw new TimeoutException();
        });
        using var stream = model.OpenStream();
        for (var i = 1; i <= 4; i++)
        {
            fails = true;
            Assert.Throws<TimeoutException>(() => stream.Run([7, 7, 7]));
            Assert.Throws<TimeoutException>(() => stream.Run([9, 9, 9]));
            fails = false;
            using var result = stream.Run([1, 2, 3]);
            Assert.Equal([i, 2f * i, 3f * i], result.TotalNext.ToArray());
        }
    }

    [Fact]
    public async Task A_cancelled_call_keeps_the_state_and_a_second_caller_is_told()
    {
        using var runs = new StartedRuns();
        using var model = SlowStreamModel.Load(TinyModels.SlowStream(), OneThread);
        using var stream = model.OpenStream();
        var x = Enumerable.Repeat(1f, 512).ToArray();
        stream.Run(x).Dispose();
        for (var i = 0; i < 2; i++)
        {
            using var cancel = new CancellationTokenSource();
            var before = runs.Count;
            var running = stream.RunAsync(Enumerable.Repeat(1f, 512 * 4096).ToArray(), cancel.Token);
            await Eventually.IsTrueAsync(() => runs.Count > before, TestContext.Current.CancellationToken);
            Assert.False(running.IsCompleted);
            Assert.Contains("Two callers use one stream", Assert.Throws<InvalidOperationException>(() => stream.Run(x)).Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(stream.Reset);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.RunAsync(x, cancel.Token));
        }

        using var result = await stream.RunAsync(x, TestContext.Current.CancellationToken);
        Assert.Equal(2, result.SNext[511]);
    }

    [Fact]
    public async Task A_stream_that_is_disposed_while_it_runs_ends_after_the_call()
    {
        using var model = SlowStreamModel.Load(TinyModels.SlowStream(), OneThread);
        var stream = model.OpenStream();
        var running = stream.RunAsync(Enumerable.Repeat(1f, 512 * 16).ToArray(), TestContext.Current.CancellationToken);
        stream.Dispose();
        stream.Dispose();
        Assert.Throws<ObjectDisposedException>(() => stream.Run(new float[512]));
        using (var result = await running)
            Assert.Equal(16, result.SNext[0]);
        Assert.Throws<ObjectDisposedException>(stream.Reset);

        using var other = model.OpenStream();
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => other.Run(new float[512]));
        Assert.Throws<ObjectDisposedException>(() => model.OpenStream());
    }

    [Fact]
    public async Task Streams_of_many_threads_do_not_meet()
    {
        using var model = EchoModel.Load(TinyModels.Echo(), OneThread);
        await Task.WhenAll(
            Enumerable
                .Range(1, 64)
                .Select(thread =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            using var stream = model.OpenStream();
                            for (var i = 1; i <= 100; i++)
                            {
                                using var result = stream.Run([.. Enumerable.Repeat((float)thread, (i % 3) + 1)]);
                                Assert.Equal(i, result.Cn.Value);
                                Assert.Equal(thread * Enumerable.Range(1, i).Sum(call => (call % 3) + 1), result.Hn.Value);
                            }
                        },
                        TestContext.Current.CancellationToken,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
        );
    }

    [Fact]
    public void Two_threads_on_one_stream_never_corrupt_it()
    {
        using var model = FilterModel.Load(TinyModels.Filter(), OneThread);
        using var stream = model.OpenStream();
        var runs = 0;
        Parallel.For(
            0,
            4,
            _ =>
            {
                for (var i = 0; i < 2_000; i++)
                    try
                    {
                        stream.Run([1, 1]).Dispose();
                        Interlocked.Increment(ref runs);
                    }
                    catch (InvalidOperationException)
                    {
                        // Somebody else was at it.
                    }
            }
        );
        Assert.True(runs > 100);
        using var result = stream.Run([1, 1]);
        Assert.Equal(2, result.SNext[0], 1e-4f);
    }

    [Fact]
    public void An_output_of_another_shape_than_its_state_is_an_error()
    {
        using var model = GrowingModel.Load(TinyModels.Growing(), OneThread);
        using var stream = model.OpenStream(n: 2);
        for (var i = 0; i < 3; i++)
            Assert.Equal(
                "Output 'present' has the shape [3], but the next state 'past' needs [2]. The stream keeps the state from before this call.",
                Assert.Throws<InvalidOperationException>(() => stream.Run([1])).Message
            );
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_state_outlives_a_change_of_the_file(int workers)
    {
        using var files = new TemporaryFolder();
        var path = files.Write("sum.onnx", TinyModels.Sum());
        using var model = SumModel.Load(path, OneThread with { Parallel = workers });
        using var stream = model.OpenStream();
        for (var i = 1; i <= 6; i++)
        {
            using var result = stream.Run([1, 2, 3, 1, 2, 3]);
            Assert.Equal([i, 2f * i, 3f * i, i, 2f * i, 3f * i], result.TotalNext.ToArray());
            if (i % 3 == 0)
                model.Reload(path);
        }
    }

    [Fact]
    public void The_state_goes_through_stages()
    {
        using var files = new TemporaryFolder();
        string[] state = ["s: float32[n]"],
            next = ["s_next: float32[n]"];
        files.Write("sum.1.onnx", Marked(new TinyModel().Input(["x: float32[n]", .. state]).Output(next).Node("Add(x, s) -> s_next"), 1));
        files.Write("sum.2.onnx", Marked(new TinyModel().Input(next).Output("y: float32[n]").Node("Neg(s_next) -> y"), 2));
        var contract = new ModelContract(
            "Sums",
            "sum.onnx",
            "hash",
            ModelLocation.None,
            ["cpu"],
            [TensorContract.Of("x", "float32", "n"), TensorContract.Of("s", "float32", "n")],
            [TensorContract.Of("y", "float32", "n"), TensorContract.Of("s_next", "float32", "n")],
            [ShapeVariable.FromLength(0, 0, 0)],
            ["sum.1.onnx", "sum.2.onnx"],
            new StreamContract([new ModelState(1, 1)], [ShapeVariable.FromLength(0, 0, 0)])
        );
        using var host = ModelHost.OpenFile(contract, files.File("sum.onnx"), null);
        using var stream = host.OpenStream();
        for (var i = 1; i <= 6; i++)
        {
            var call = stream.Begin();
            call.Write<float>(0, [1, 2, 3]);
            using var result = call.Run();
            Assert.Equal([-i, -2f * i, -3f * i], result.Tensor<float>(0).ToArray());
        }

        static byte[] Marked(TinyModel model, int stage) =>
            model.Metadata("modelbuild.stage", $"{stage}/2").Metadata("modelbuild.stage.signature", "hash").Metadata("modelbuild.stage.whole", "x").ToBytes();
    }
}
