using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>Models that are loaded late, anew, or not at all.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task No_call_is_lost_while_the_file_changes()
    {
        using var files = new TemporaryFolder();
        var (first, second) = (files.Write("first.onnx", Times(2)), files.Write("second.onnx", Times(3)));
        using var model = ReluModel.Load(first);
        using var end = new CancellationTokenSource();
        var callers = Enumerable
            .Range(0, 4)
            .Select(_ =>
                Task.Factory.StartNew(
                    () =>
                    {
                        var (calls, x) = (0, Enumerable.Repeat(1f, 16).ToArray());
                        do
                        {
                            using var result = model.Run(x);
                            Assert.True(result.Y.Span[0] is 2 or 3);
                            calls++;
                        } while (!end.IsCancellationRequested);

                        return calls;
                    },
                    TestContext.Current.CancellationToken,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default
                )
            )
            .ToArray();
        for (var i = 0; i < 40; i++)
            model.Reload(i % 2 == 0 ? second : first);
        await end.CancelAsync();
        Assert.All(await Task.WhenAll(callers), calls => Assert.True(calls > 0));

        model.Reload(second);
        using var last = model.Run(Enumerable.Repeat(1f, 16).ToArray());
        Assert.Equal(3, last.Y.Span[0]);
    }

    [Fact]
    public void A_file_that_cannot_be_loaded_changes_nothing()
    {
        using var files = new TemporaryFolder();
        using var model = ReluModel.Load(files.Write("relu.onnx", TinyModels.Relu()));
        Assert.Throws<FileNotFoundException>(() => model.Reload(files.File("none.onnx")));
        Assert.Throws<ModelLoadException>(() => model.Reload(files.Write("bad.onnx", [1, 2, 3])));
        Assert.Throws<ModelSignatureException>(() => model.Reload(files.Write("other.onnx", TinyModels.Mlp())));
        File.Delete(files.File("relu.onnx"));
        Assert.Throws<FileNotFoundException>(() => model.Reload());
        using var result = model.Run(Enumerable.Repeat(4f, 16).ToArray());
        Assert.Equal(4, result.Y.Span[0]);
    }

    [Fact]
    public void Lazy_loading_waits_for_the_first_use_and_tries_again_after_a_failure()
    {
        using var files = new TemporaryFolder();
        var path = files.File("late.onnx");
        using var model = ReluModel.Load(path, new ModelOptions { Lazy = true });
        Assert.Throws<FileNotFoundException>(() => model.Run(new float[16]));
        File.WriteAllBytes(path, TinyModels.Relu());
        using var result = model.Run(Enumerable.Repeat(4f, 16).ToArray());
        Assert.Equal(4, result.Y.Span[0]);
        Assert.Equal("cpu", model.Provider);

        var unused = ReluModel.Load(files.File("never.onnx"), new ModelOptions { Lazy = true });
        unused.Dispose();
        Assert.Throws<ObjectDisposedException>(() => unused.Run(new float[16]));
    }

    [Fact]
    public void Warming_up_runs_once_on_zeros()
    {
        using var mlp = MlpModel.Load(TinyModels.Mlp(), new ModelOptions { WarmUp = true });
        Assert.True(mlp.WarmUp());
        using var pair = PairModel.Load(TinyModels.Pair());
        Assert.True(pair.WarmUp(new Dictionary<string, int> { ["length"] = 5 }));
        using var types = TypesModel.Load(TinyModels.EveryType());
        Assert.True(types.WarmUp());
        using var free = FreeModel.Load(TinyModels.Free());
        Assert.False(free.WarmUp());
    }

    [Fact]
    public void Warming_up_belongs_to_loading()
    {
        using var files = new TemporaryFolder();
        var options = new ModelOptions { WarmUp = true };
        using (var lazy = ReluModel.Load(files.File("late.onnx"), options with { Lazy = true }))
        {
            Assert.Throws<FileNotFoundException>(() => lazy.Run(new float[16]));
            files.Write("late.onnx", Failing());
            Assert.Throws<ModelLoadException>(() => lazy.Provider);
            files.Write("late.onnx", Times(2));
            Assert.Equal("cpu", lazy.Provider);
        }

        Assert.Throws<ModelLoadException>(() => ReluModel.Load(Failing(), options));
        using var model = ReluModel.Load(Times(2), options);
        Assert.Throws<ModelLoadException>(() => model.Reload(files.Write("failing.onnx", Failing())));
        using var result = model.Run(Enumerable.Repeat(1f, 16).ToArray());
        Assert.Equal(2, result.Y.Span[0]);
    }

    // Loads, and fails at each run.
    private static byte[] Failing() =>
        new TinyModel()
            .Input("x: float32[1, 16]")
            .Output("y: float32[1, 16]")
            .Weight("far", [1], [100f])
            .Weight("two", [2], [1f, 2f])
            .Node("Add(x, far) -> places")
            .Node("Cast(places) -> indices", ("to", 7))
            .Node("Gather(two, indices) -> y")
            .ToBytes();

    [Fact]
    public void A_warm_up_that_zeros_are_wrong_for_says_what_to_do()
    {
        // The output has four elements, which differs from the signature.
        var picky = new TinyModel()
            .Input("x: float32[n]")
            .Output("y: float32[n]")
            .Indices("shape", 2, 2)
            .Node("Reshape(x, shape) -> square")
            .Node("Flatten(square) -> flat")
            .Node("ReduceSum(flat) -> y")
            .ToBytes();
        var exception = Assert.Throws<ModelLoadException>(() => WrongShapeModel.Load(picky, new ModelOptions { WarmUp = true }));
        Assert.Contains("WarmUp with sizes", exception.Message, StringComparison.Ordinal);
        using var model = WrongShapeModel.Load(picky);
        Assert.True(model.WarmUp(new Dictionary<string, int> { ["n"] = 4 }));

        using var image = ImageModel.Load(TinyModels.Image());
        Assert.True(image.WarmUp(new Dictionary<string, int> { ["image/2"] = 5, ["image/3"] = 7 }));
    }

    private static byte[] Times(float factor) =>
        new TinyModel().Input("x: float32[1, 16]").Output("y: float32[1, 16]").Weight("factor", [1], [factor]).Node("Mul(x, factor) -> y").ToBytes();
}
