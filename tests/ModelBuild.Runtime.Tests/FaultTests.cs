using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>A fault in a run causes an exception, and the model can still be used.</summary>
public sealed class FaultTests
{
    private const int Threads = 64;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Memory_that_is_not_there()
    {
        // The model multiplies each row by each other row. For a million rows this takes 4 TB.
        var outer = new TinyModel()
            .Input("x: float32[n]")
            .Output("y: float32[n]")
            .Indices("column", -1, 1)
            .Indices("row", 1, -1)
            .Indices("axes", 1)
            .Node("Reshape(x, column) -> a")
            .Node("Reshape(x, row) -> b")
            .Node("Mul(a, b) -> products")
            .Node("ReduceSum(products, axes) -> y", ("keepdims", 0))
            .ToBytes();
        using var model = WrongShapeModel.Load(outer);
        for (var i = 0; i < 3; i++)
        {
            var exception = Assert.Throws<OnnxRuntimeException>(() => model.Run(new float[1_000_000]));
            Assert.Contains("alloc", exception.Message, StringComparison.OrdinalIgnoreCase);
            using var result = model.Run([1, 2, 3]);
            Assert.Equal([6, 12, 18], result.Y.ToArray());
        }
    }

    [Fact]
    public void A_batch_that_no_buffer_holds()
    {
        using var model = PairModel.Load(TinyModels.Pair());
        Assert.Throws<ArgumentException>(() => model.Run(new float[2], new float[2], length: int.MaxValue));
        Assert.Throws<ArgumentException>(() => model.WarmUp(new Dictionary<string, int> { ["batch"] = int.MaxValue, ["length"] = int.MaxValue }));
        using var result = model.Run([1, 2], [3, 4], length: 2);
        Assert.Equal([4, 6], result.Sum.ToArray());
    }

    [Fact]
    public void An_operator_that_fails()
    {
        var picky = new TinyModel()
            .Input("x: float32[n]")
            .Output("y: float32[n]")
            .Indices("shape", 2, 2)
            .Node("Reshape(x, shape) -> square")
            .Node("ReduceSum(square) -> y")
            .ToBytes();
        using var model = WrongShapeModel.Load(picky);
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("Reshape", Assert.Throws<OnnxRuntimeException>(() => model.Run(new float[5])).Message, StringComparison.Ordinal);
            using var result = model.Run([1, 2, 3, 4]);
            Assert.Equal([10], result.Y.ToArray());
        }
    }

    [Fact]
    public async Task Sixty_four_threads_while_the_model_is_disposed()
    {
        for (var round = 0; round < 3; round++)
        {
            var model = MlpModel.Load(TinyModels.Mlp(), new ModelOptions { Parallel = 2, Threads = 2 });
            await using var batcher = model.OpenBatcher();
            using var started = new CountdownEvent(Threads);
            var callers = Enumerable
                .Range(0, Threads)
                .Select(caller =>
                    Task.Factory.StartNew(
                        () =>
                        {
                            var features = CallTests.Features(1 + (caller % 3), caller);
                            started.Signal();
                            try
                            {
                                while (true)
                                    (caller % 2 == 0 ? model.Run(features) : batcher.RunAsync(features, Token).GetAwaiter().GetResult()).Dispose();
                            }
                            catch (ObjectDisposedException)
                            {
                                // The run can only end by an exception.
                            }
                        },
                        Token,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                )
                .ToArray();
            started.Wait(Token);
            model.Dispose();
            await Task.WhenAll(callers);
        }
    }
}
