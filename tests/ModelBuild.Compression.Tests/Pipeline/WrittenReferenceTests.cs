using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Receipts;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Compression.Verification;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Pipeline;

/// <summary>Tests that the model as it is written is the reference, with a warning, if ONNX Runtime's own optimizations change its outputs.</summary>
public sealed class WrittenReferenceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("optimize")]
    [InlineData("auto")]
    public void The_original_as_written_is_the_reference(string recipe)
    {
        var receipt = _folder.Compress(Sensitive(), recipe);

        var warning = Assert.Single(
            receipt.Warnings,
            warning => warning.Code == Codes.RuntimeOptimizations && warning.Text.Contains("of the original", StringComparison.Ordinal)
        );
        Assert.Matches(@"output 'y', -?\d+\.\d dB", warning.Text);
        Assert.NotEqual("original", receipt.Attempts[^1].Recipe);
        Assert.All(receipt.Fidelity, output => Assert.True(output.Passed));
    }

    [Fact]
    public void A_result_that_is_right_as_written_is_kept_and_named()
    {
        var receipt = _folder.Compress(Sensitive(), "optimize");

        var warning = Assert.Single(receipt.Warnings, warning => warning.Text.Contains("the result of 'optimize'", StringComparison.Ordinal));
        Assert.Equal(Codes.RuntimeOptimizations, warning.Code);
    }

    [Theory]
    [InlineData("optimize")]
    [InlineData("auto")]
    public void Ordinary_models_get_no_warning(string recipe) =>
        Assert.DoesNotContain(_folder.Compress(_folder.SaveProduct(), recipe).Warnings, warning => warning.Code == Codes.RuntimeOptimizations);

    [Fact]
    public void A_Transpose_that_moves_nothing_between_products_is_taken_away()
    {
        var model = new Net()
            .Input("x", 8, 8)
            .Weight("w", 8, 8)
            .Weight("b", 8)
            .Weight("g", 8, 8)
            .Weight("c", 8)
            .Weight("e", 8, 8)
            .Weight("f", 8, 1)
            .Constant("unread", [4000], new float[4000])
            .Node("Transpose", "x", "same", ("perm", new long[] { 0, 1 }))
            .Node("MatMul", "same w", "m")
            .Node("Add", "m b", "a")
            .Node("Transpose", "g", "gt", ("perm", new long[] { 0, 1 }))
            .Node("Relu", "a", "r")
            .Node("Gemm", "r gt c", "h")
            .Node("Transpose", "h", "t1", ("perm", new long[] { 1, 0 }))
            .Node("Transpose", "t1", "t2")
            .Node("Transpose", "t2", "t3")
            .Node("MatMul", "t3 t2", "p")
            .Node("Gemm", "p e f", "y", ("alpha", 0.5f), ("beta", 2f), ("transA", 1))
            .Output("y", DataType.Float, 8, 8)
            .Save(_folder.File("model.onnx"));

        var receipt = _folder.Compress(model, "optimize");

        Assert.Equal(AttemptOutcome.Kept, receipt.Attempts[^1].Outcome);
        var written = ModelVerification.Verify(
            model,
            _folder.File("out/small.onnx"),
            [],
            new FidelityBudget(MinSqnr: 80),
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.All(written.Verdicts, verdict => Assert.True(verdict.Passed));
    }

    public void Dispose() => _folder.Dispose();

    // The model computes one activation in two ways, whose difference is only their rounding. ONNX Runtime's optimizations fuse the first way.
    private string Sensitive() =>
        new Net()
            .Input("x", 4, 64)
            .Weight("w", 64, 64)
            .Constant("unread", [4000], new float[4000])
            .Constant("root", [], 1.41421356f)
            .Constant("one", [], 1f)
            .Constant("half", [], 0.5f)
            .Constant("factor", [], 1e7f)
            .Constant("inverse", [], 0.70710678f)
            .Node("MatMul", "x w", "h")
            .Node("Div", "h root", "d")
            .Node("Erf", "d", "e")
            .Node("Add", "e one", "p")
            .Node("Mul", "h p", "m")
            .Node("Mul", "m half", "a")
            .Node("Mul", "h inverse", "d2")
            .Node("Erf", "d2", "e2")
            .Node("Sub", "e2 one", "q2")
            .Node("Add", "q2 one", "r2")
            .Node("Add", "r2 one", "p2")
            .Node("Mul", "p2 half", "m2")
            .Node("Mul", "h m2", "b")
            .Node("Sub", "a b", "c")
            .Node("Mul", "c factor", "y")
            .Output("y", DataType.Float, 4, 64)
            .Save(_folder.File("model.onnx"));
}
