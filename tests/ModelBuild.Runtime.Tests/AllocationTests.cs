using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>In the steady state a call allocates nothing.</summary>
[Collection(nameof(ProcessWide))]
public sealed class AllocationTests
{
    private const int Rounds = 3;
    private const int Calls = 4_000;

    private static readonly ModelOptions OneThread = new() { Threads = 1 };

    [Fact]
    public void A_fixed_shape()
    {
        using var model = ReluModel.Load(TinyModels.Relu(), OneThread);
        float[] x = new float[16],
            y = new float[16];
        Assert.Equal(
            0,
            BytesOf(() =>
            {
                using var result = model.Run(x);
                x[0] = result.Y.Span[3] + result.Y.ArgMax() + result.Y[0, 2];
            })
        );
        Assert.Equal(0, BytesOf(() => model.Run(x, y)));
    }

    [Fact]
    public void A_dynamic_shape_that_repeats()
    {
        using var model = MlpModel.Load(TinyModels.Mlp(), OneThread);
        float[] x = new float[128],
            y = new float[20];
        Assert.Equal(
            0,
            BytesOf(() =>
            {
                using var result = model.Run(x);
            })
        );
        Assert.Equal(0, BytesOf(() => model.Run(x, y)));
    }

    [Fact]
    public void Scalars_and_asked_dimensions()
    {
        using var scalar = ScalarModel.Load(TinyModels.Scalar(), OneThread);
        using var pair = PairModel.Load(TinyModels.Pair(), OneThread);
        var x = new float[6];
        Assert.Equal(
            0,
            BytesOf(() =>
            {
                using var result = scalar.Run(x, 2);
                x[0] = result.Total.Value;
                using var sum = pair.Run(x, x, length: 3);
            })
        );
    }

    [Fact]
    public void Dynamic_shapes_in_turns()
    {
        using var model = MlpModel.Load(TinyModels.Mlp(), OneThread);
        var inputs = Enumerable.Range(1, 8).Select(batch => new float[64 * batch]).ToArray();
        var next = 0;
        Assert.Equal(
            0,
            BytesOf(() =>
            {
                using var result = model.Run(inputs[next++ % inputs.Length]);
                inputs[0][0] = result.Scores.Shape[0];
            })
        );
    }

    [Fact]
    public void An_open_rank_and_an_output_whose_shape_only_runs_tell()
    {
        using var model = FreeModel.Load(TinyModels.Free(), OneThread);
        float[] x = new float[6];
        long[][] shapes =
        [
            [6],
            [2, 3],
            [1, 2, 3],
        ];
        var next = 0;
        Assert.Equal(
            0,
            BytesOf(() =>
            {
                using var result = model.Run(x, shapes[next++ % shapes.Length]);
                x[0] = result.Y.Rank;
            })
        );
    }

    [Fact]
    public void Stages_with_dynamic_shapes_in_turns()
    {
        using var files = new TemporaryFolder();
        using var model = StagedModel.Load(StagedModels.Write(files), OneThread);
        var inputs = Enumerable.Range(1, 4).Select(batch => new float[64 * batch]).ToArray();
        var next = 0;
        Assert.Equal(
            0,
            BytesOf(() =>
            {
                using var result = model.Run(inputs[next++ % inputs.Length], 2);
                inputs[0][0] = result.Scores.Shape[0];
            })
        );
    }

    [Fact]
    public void Streams()
    {
        using var filter = FilterModel.Load(TinyModels.Filter(), OneThread);
        using var echo = EchoModel.Load(TinyModels.Echo(), OneThread);
        using var one = filter.OpenStream();
        using var two = echo.OpenStream();
        var inputs = Enumerable.Range(1, 3).Select(time => new float[time]).ToArray();
        var next = 0;
        Assert.Equal(
            0,
            BytesOf(() =>
            {
                using var first = one.Run(inputs[1]);
                using var second = two.Run(inputs[next++ % inputs.Length]);
                inputs[0][0] = second.Cn.Value;
            })
        );
    }

    [Fact]
    public void A_recording_that_ended_and_samples_that_it_does_not_keep()
    {
        using var files = new TemporaryFolder();
        using var model = MlpModel.Load(TinyModels.Mlp(), OneThread);
        var x = new float[64];
        var recording = model.Record(files.File("real.npz"), max: 1);
        Action call = () => model.Run(x).Dispose();
        // The chance that a sample replaces the only one is 1/n, so that there are rounds without one.
        for (var i = 0; i < 20_000; i++)
            call();
        Assert.Equal(0, BytesOf(call));
        recording.Dispose();
        Assert.Equal(0, BytesOf(call));
    }

    private static long BytesOf(Action call)
    {
        // The calls take long enough for the last tier of the compiler, whose allocations are not those of a call.
        for (var i = 0; i < 200; i++)
            call();
        // Allocations of a call occur in every round. The runtime's own allocations occur in some of the rounds only.
        return Enumerable.Range(0, Rounds).Min(_ => BytesOfRound(call));
    }

    private static long BytesOfRound(Action call)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
            call();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
